import { emitIcmpv4Header, ICMPV4_HEADER } from '../../../netx/wire/icmpv4.ts';
import { emitIpv4Header, IPV4_HEADER, parseIpv4Header, PROTOCOL_ICMP } from '../../../netx/wire/ipv4.ts';

export const ICMPV4_TIME_EXCEEDED = 11;
export const ICMPV4_NET_UNREACHABLE = 0;
export const ICMPV4_HOST_UNREACHABLE = 1;
export const ICMPV4_PROTOCOL_UNREACHABLE = 2;

/** Bytes of an error message at most (RFC 1812 section 4.3.2.3). */
const LONGEST = 576;
/** Internetwork control (RFC 1812 section 4.3.2.5). */
const TOS = 0xc0;
const TTL = 64;

/** The types of messages that are errors themselves: unreachable, source quench, redirect, time exceeded, parameter. */
const ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Whether an address is that of one host. */
export const isHost = (address: number): boolean =>
  address >>> 24 !== 0 && address >>> 24 !== 127 && address >>> 29 !== 7;

/**
 * Whether the sender of a packet may be told of what went wrong with it (RFC 1812 section 4.3.2.7): not about errors, not
 * about fragments after the first, and only a sender that is one host.
 */
export function mayComplain(packet: Uint8Array): boolean {
  const header = parseIpv4Header(packet, 0, packet.length);
  if (header === null || header.fragmentOffset > 0 || !isHost(header.source)) return false;
  return header.protocol !== PROTOCOL_ICMP || !ERRORS.has(packet[header.headerLength] ?? 0);
}

/** An ICMP error message about a packet. */
export interface Icmpv4Error {
  readonly type: number;
  readonly code: number;
  /** The next hop's MTU where fragmentation is needed (RFC 1191 section 4), 0 otherwise. */
  readonly mtu: number;
}

/** An IPv4 packet with an error message, with as much of the packet it is about as fits. */
export function icmpv4ErrorPacket(
  { type, code, mtu }: Icmpv4Error,
  about: Uint8Array,
  source: number,
  destination: number,
  identification: number,
): Uint8Array {
  const quoted = about.subarray(0, LONGEST - IPV4_HEADER - ICMPV4_HEADER);
  const packet = new Uint8Array(IPV4_HEADER + ICMPV4_HEADER + quoted.length);
  packet.set(quoted, IPV4_HEADER + ICMPV4_HEADER);
  emitIcmpv4Header({ type, code, identifier: 0, sequence: mtu }, packet, IPV4_HEADER, packet.length);
  const header = {
    tos: TOS,
    totalLength: packet.length,
    identification,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: TTL,
    protocol: PROTOCOL_ICMP,
    source,
    destination,
  };
  emitIpv4Header(header, packet, 0);
  return packet;
}
