import { readUint16, writeUint16 } from './bytes.ts';
import { addBytes, foldChecksum } from './checksum.ts';

export const ICMPV4_HEADER = 8;

export const ICMPV4_ECHO_REPLY = 0;
export const ICMPV4_DESTINATION_UNREACHABLE = 3;
export const ICMPV4_SOURCE_QUENCH = 4;
export const ICMPV4_REDIRECT = 5;
export const ICMPV4_ECHO_REQUEST = 8;
export const ICMPV4_TIME_EXCEEDED = 11;
export const ICMPV4_PARAMETER_PROBLEM = 12;

/** Codes of a destination that cannot be reached. */
export const ICMPV4_NETWORK_UNREACHABLE = 0;
export const ICMPV4_HOST_UNREACHABLE = 1;
export const ICMPV4_PROTOCOL_UNREACHABLE = 2;
export const ICMPV4_PORT_UNREACHABLE = 3;
export const ICMPV4_FRAGMENTATION_NEEDED = 4;

/** Codes of a time that is exceeded. */
export const ICMPV4_TTL_EXCEEDED = 0;
export const ICMPV4_REASSEMBLY_TIME_EXCEEDED = 1;

/** The header of an ICMP message (RFC 792): type, code, and two fields whose meaning depends on them. */
export interface Icmpv4Header {
  readonly type: number;
  readonly code: number;
  /** Of an echo and its reply; in a parameter problem the pointer, in its upper byte; 0 in other errors. */
  readonly identifier: number;
  /** Of an echo and its reply; the next hop's MTU where fragmentation is needed (RFC 1191 section 4). */
  readonly sequence: number;
}

/** Whether a message of this type reports an error: such a message is never answered with another (RFC 1122 3.2.2). */
export function isIcmpv4Error(type: number): boolean {
  return (
    type === ICMPV4_DESTINATION_UNREACHABLE ||
    type === ICMPV4_SOURCE_QUENCH ||
    type === ICMPV4_REDIRECT ||
    type === ICMPV4_TIME_EXCEEDED ||
    type === ICMPV4_PARAMETER_PROBLEM
  );
}

/** The header between `at` and `end`, or null where it is too short; the checksum is not looked at. */
export function readIcmpv4Header(bytes: Uint8Array, at: number, end: number): Icmpv4Header | null {
  if (end - at < ICMPV4_HEADER || end > bytes.length) return null;
  return {
    type: bytes[at] ?? 0,
    code: bytes[at + 1] ?? 0,
    identifier: readUint16(bytes, at + 4),
    sequence: readUint16(bytes, at + 6),
  };
}

/**
 * The header of the ICMP message between `at` and `end`, or null where it is too short or its checksum, which covers all
 * of the message, is wrong.
 */
export function parseIcmpv4Header(bytes: Uint8Array, at: number, end: number): Icmpv4Header | null {
  const header = readIcmpv4Header(bytes, at, end);
  return header === null || foldChecksum(addBytes(0, bytes, at, end)) !== 0 ? null : header;
}

/** Writes a header with checksum 0, for {@link writeIcmpv4Checksum} once the whole message is there. */
export function writeIcmpv4Header(header: Icmpv4Header, bytes: Uint8Array, at: number): void {
  bytes[at] = header.type;
  bytes[at + 1] = header.code;
  writeUint16(bytes, at + 2, 0);
  writeUint16(bytes, at + 4, header.identifier);
  writeUint16(bytes, at + 6, header.sequence);
}

/** Puts the checksum into a header. */
export function writeIcmpv4Checksum(checksum: number, bytes: Uint8Array, at: number): void {
  writeUint16(bytes, at + 2, checksum);
}

/** Writes a header before data that is there already, up to `end`, with the checksum over both. */
export function emitIcmpv4Header(header: Icmpv4Header, bytes: Uint8Array, at: number, end: number): void {
  writeIcmpv4Header(header, bytes, at);
  writeIcmpv4Checksum(foldChecksum(addBytes(0, bytes, at, end)), bytes, at);
}
