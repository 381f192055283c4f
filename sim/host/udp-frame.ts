import { addBytes, foldChecksum } from '../../netx/wire/checksum.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERTYPE_IPV4,
  parseEthernet,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { emitIpv4Header, IPV4_HEADER, parseIpv4Header, PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import { emitUdpHeader, parseUdpHeader, pseudoHeaderSum, UDP_HEADER } from '../../netx/wire/udp.ts';
import { writeUint16 } from '../../netx/wire/bytes.ts';

/** A UDP datagram with its addresses, as the gateway handles it. */
export interface UdpDatagram {
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

const HEADERS = ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER;

/** A datagram as an Ethernet frame. */
export function buildUdpFrame(
  datagram: UdpDatagram,
  from: HardwareAddress,
  to: HardwareAddress,
  identification: number,
): Uint8Array {
  const { source, destination, payload } = datagram;
  const frame = new Uint8Array(HEADERS + payload.length);
  const udpAt = ETHERNET_HEADER + IPV4_HEADER;
  const length = UDP_HEADER + payload.length;
  emitEthernet({ destination: to, source: from, etherType: ETHERTYPE_IPV4 }, frame, 0);
  const header = {
    tos: 0,
    totalLength: IPV4_HEADER + length,
    identification,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: PROTOCOL_UDP,
    source,
    destination,
  };
  emitIpv4Header(header, frame, ETHERNET_HEADER);
  const { sourcePort, destinationPort } = datagram;
  emitUdpHeader({ sourcePort, destinationPort, length, checksum: 0 }, frame, udpAt);
  frame.set(payload, HEADERS);
  const sum = addBytes(pseudoHeaderSum(source, destination, length), frame, udpAt, frame.length);
  writeUint16(frame, udpAt + 6, foldChecksum(sum) || 0xffff);
  return frame;
}

/** The datagram in a frame, with the sender's hardware address; null for any other frame. */
export function parseUdpFrame(frame: Uint8Array): (UdpDatagram & { readonly hardware: HardwareAddress }) | null {
  const ethernet = parseEthernet(frame);
  if (ethernet?.etherType !== ETHERTYPE_IPV4) return null;
  const ip = parseIpv4Header(frame, ETHERNET_HEADER, frame.length);
  if (ip?.protocol !== PROTOCOL_UDP || ip.moreFragments || ip.fragmentOffset > 0) return null;
  const at = ETHERNET_HEADER + ip.headerLength;
  const udp = parseUdpHeader(frame, at, ETHERNET_HEADER + ip.totalLength);
  if (udp === null) return null;
  return {
    source: ip.source,
    sourcePort: udp.sourcePort,
    destination: ip.destination,
    destinationPort: udp.destinationPort,
    payload: frame.subarray(at + UDP_HEADER, at + udp.length),
    hardware: ethernet.source,
  };
}
