import { isMulticast, isUnspecified } from '../../../netx/ipv6/address.ts';
import { writeUint32 } from '../../../netx/wire/bytes.ts';
import { ICMPV6_HEADER, ICMPV6_PACKET_TOO_BIG, ICMPV6_REDIRECT, isIcmpv6Error } from '../../../netx/wire/icmpv6.ts';
import { IPV6_HEADER, IPV6_MINIMUM_MTU, PROTOCOL_ICMPV6, type Ipv6Header } from '../../../netx/wire/ipv6.ts';
import { upperLayer } from './ipv6-upper-layer.ts';

export const ICMPV6_NO_ROUTE = 0;
export const ICMPV6_BEYOND_SCOPE = 2;
export const ICMPV6_HOP_LIMIT_EXCEEDED = 0;

/** An ICMPv6 error message about a packet. */
export interface Icmpv6Error {
  readonly type: number;
  readonly code: number;
  /** The next hop's MTU where a packet is too big, the pointer of a parameter problem, 0 otherwise. */
  readonly word: number;
}

/**
 * Whether the sender of a packet may be told of what went wrong with it (RFC 4443 section 2.4 e): not about errors and
 * redirects, only a sender that is one host, and about what was for a group only that it is too big.
 */
export function mayComplain6(packet: Uint8Array, { source, destination }: Ipv6Header, type: number): boolean {
  if (isMulticast(source) || isUnspecified(source)) return false;
  if (isMulticast(destination) && type !== ICMPV6_PACKET_TOO_BIG) return false;
  const upper = upperLayer(packet);
  if (upper?.protocol !== PROTOCOL_ICMPV6) return true;
  const about = packet[upper.at] ?? 0;
  return !isIcmpv6Error(about) && about !== ICMPV6_REDIRECT;
}

/** An error message, but for its checksum, with as much of the packet it is about as fits (RFC 4443 section 2.4 c). */
export function icmpv6ErrorMessage({ type, code, word }: Icmpv6Error, about: Uint8Array): Uint8Array {
  const quoted = about.subarray(0, IPV6_MINIMUM_MTU - IPV6_HEADER - ICMPV6_HEADER);
  const message = new Uint8Array(ICMPV6_HEADER + quoted.length);
  message[0] = type;
  message[1] = code;
  writeUint32(message, 4, word);
  message.set(quoted, ICMPV6_HEADER);
  return message;
}
