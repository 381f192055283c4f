import { ETHERNET_HEADER, ETHERTYPE_IPV4, parseEthernet, type HardwareAddress } from '../../netx/wire/ethernet.ts';
import { parseIpv4Header, PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import { parseUdpHeader, UDP_HEADER } from '../../netx/wire/udp.ts';

/** A UDP datagram over IPv4 that came in one frame, with the sender's hardware address. */
export interface Ipv4Datagram {
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
  readonly hardware: HardwareAddress;
}

/** The datagram in a frame, its checksum not looked at; null for any other frame, fragments too. */
export function parseUdpFrame(frame: Uint8Array): Ipv4Datagram | null {
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
