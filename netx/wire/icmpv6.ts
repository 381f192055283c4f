import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';
import { addBytes, foldChecksum } from './checksum.ts';

export const ICMPV6_HEADER = 8;

export const ICMPV6_DESTINATION_UNREACHABLE = 1;
export const ICMPV6_PACKET_TOO_BIG = 2;
export const ICMPV6_TIME_EXCEEDED = 3;
export const ICMPV6_PARAMETER_PROBLEM = 4;
export const ICMPV6_ECHO_REQUEST = 128;
export const ICMPV6_ECHO_REPLY = 129;
export const ICMPV6_ROUTER_SOLICITATION = 133;
export const ICMPV6_ROUTER_ADVERTISEMENT = 134;
export const ICMPV6_NEIGHBOR_SOLICITATION = 135;
export const ICMPV6_NEIGHBOR_ADVERTISEMENT = 136;
export const ICMPV6_REDIRECT = 137;

/** Codes. */
export const ICMPV6_ADDRESS_UNREACHABLE = 3;
export const ICMPV6_PORT_UNREACHABLE = 4;
export const ICMPV6_REASSEMBLY_TIME_EXCEEDED = 1;
export const ICMPV6_ERRONEOUS_FIELD = 0;
export const ICMPV6_UNKNOWN_NEXT_HEADER = 1;
export const ICMPV6_UNKNOWN_OPTION = 2;

/** Error messages have the highest bit of their type clear (RFC 4443 section 2.1). */
export const isIcmpv6Error = (type: number): boolean => type < 128;

/** The first eight bytes of an ICMPv6 message (RFC 4443 section 2.1). */
export interface Icmpv6Header {
  readonly type: number;
  readonly code: number;
  /** Identifier and sequence of an echo, the MTU, the pointer; what comes first in other messages. */
  readonly word: number;
}

/**
 * The header of a whole ICMPv6 message, or null where it is too short or its checksum is wrong.
 *
 * @param pseudoHeader - the sum over the pseudo header, with which the checksum begins
 */
export function parseIcmpv6(message: Uint8Array, pseudoHeader: number): Icmpv6Header | null {
  if (message.length < ICMPV6_HEADER) return null;
  if (foldChecksum(addBytes(pseudoHeader, message, 0, message.length)) !== 0) return null;
  return { type: message[0] ?? 0, code: message[1] ?? 0, word: readUint32(message, 4) };
}

/** Writes a header before the data of a message, with the checksum over both. */
export function emitIcmpv6(header: Icmpv6Header, message: Uint8Array, pseudoHeader: number): void {
  message[0] = header.type;
  message[1] = header.code;
  writeUint32(message, 4, header.word);
  putIcmpv6Checksum(message, pseudoHeader);
}

/** Writes the checksum of a message that is complete but for it. */
export function putIcmpv6Checksum(message: Uint8Array, pseudoHeader: number): void {
  writeUint16(message, 2, 0);
  writeUint16(message, 2, foldChecksum(addBytes(pseudoHeader, message, 0, message.length)));
}

/** The checksum field of a message. */
export const icmpv6Checksum = (message: Uint8Array): number => readUint16(message, 2);
