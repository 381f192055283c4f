import { solicitedNode, groupHardware, isMulticast } from '../../netx/ipv6/address.ts';
import { emitEthernet, ETHERNET_HEADER, ETHERTYPE_IPV6, type HardwareAddress } from '../../netx/wire/ethernet.ts';
import { putIcmpv6Checksum } from '../../netx/wire/icmpv6.ts';
import {
  emitIpv6Header,
  IPV6_HEADER,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  type Ipv6Address,
} from '../../netx/wire/ipv6.ts';
import { buildNd, ND_HOP_LIMIT, type NdMessage } from '../../netx/wire/nd.ts';

/** Between whom a frame goes. */
export interface FrameEnds {
  readonly hardware: HardwareAddress;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  /** Hardware address of the receiver; that of the group where the destination is one. */
  readonly to?: HardwareAddress;
}

/** An Ethernet frame with an ICMPv6 message, which is complete but for its checksum. */
export function icmpv6Frame(message: Uint8Array, ends: FrameEnds, hopLimit: number = ND_HOP_LIMIT): Uint8Array {
  const { source, destination, hardware } = ends;
  const group = isMulticast(destination) ? destination : solicitedNode(destination);
  const frame = new Uint8Array(ETHERNET_HEADER + IPV6_HEADER + message.length);
  emitEthernet({ destination: ends.to ?? groupHardware(group), source: hardware, etherType: ETHERTYPE_IPV6 }, frame, 0);
  const header = {
    trafficClass: 0,
    flowLabel: 0,
    payloadLength: message.length,
    nextHeader: PROTOCOL_ICMPV6,
    hopLimit,
    source,
    destination,
  };
  emitIpv6Header(header, frame, ETHERNET_HEADER);
  const body = frame.subarray(ETHERNET_HEADER + IPV6_HEADER);
  body.set(message);
  putIcmpv6Checksum(body, pseudoHeaderSum6(source, destination, PROTOCOL_ICMPV6, body.length));
  return frame;
}

/** An Ethernet frame with a neighbor discovery message. */
export const ndFrame = (nd: NdMessage, ends: FrameEnds): Uint8Array => icmpv6Frame(buildNd(nd), ends);
