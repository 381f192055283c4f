import { readUint16, writeUint16 } from './bytes.ts';
import { addBytes, foldChecksum } from './checksum.ts';

export const ICMPV4_HEADER = 8;

export const ICMPV4_ECHO_REPLY = 0;
export const ICMPV4_DESTINATION_UNREACHABLE = 3;
export const ICMPV4_ECHO_REQUEST = 8;
export const ICMPV4_TIME_EXCEEDED = 11;

/** Codes of a destination that cannot be reached. */
export const ICMPV4_PROTOCOL_UNREACHABLE = 2;
export const ICMPV4_PORT_UNREACHABLE = 3;
export const ICMPV4_FRAGMENTATION_NEEDED = 4;

/** Code of a time that was exceeded: fragments that waited too long for the others. 0 is the time to live. */
export const ICMPV4_REASSEMBLY_TIME_EXCEEDED = 1;

/** The header of an ICMP message (RFC 792): type, code, and two fields whose meaning depends on them. */
export interface Icmpv4Header {
  readonly type: number;
  readonly code: number;
  /** Of an echo and its reply; 0 in an unreachable destination. */
  readonly identifier: number;
  /** Of an echo and its reply; the next hop's MTU where fragmentation is needed (RFC 1191 section 4). */
  readonly sequence: number;
}

/**
 * The header of the ICMP message between `at` and `end`, or null where it is too short or its checksum, which covers all
 * of the message, is wrong.
 */
export function parseIcmpv4Header(bytes: Uint8Array, at: number, end: number): Icmpv4Header | null {
  if (end - at < ICMPV4_HEADER || end > bytes.length) return null;
  if (foldChecksum(addBytes(0, bytes, at, end)) !== 0) return null;
  return {
    type: bytes[at] ?? 0,
    code: bytes[at + 1] ?? 0,
    identifier: readUint16(bytes, at + 4),
    sequence: readUint16(bytes, at + 6),
  };
}

/** Writes a header before data that is there already, up to `end`, with the checksum over both. */
export function emitIcmpv4Header(header: Icmpv4Header, bytes: Uint8Array, at: number, end: number): void {
  bytes[at] = header.type;
  bytes[at + 1] = header.code;
  writeUint16(bytes, at + 2, 0);
  writeUint16(bytes, at + 4, header.identifier);
  writeUint16(bytes, at + 6, header.sequence);
  writeUint16(bytes, at + 2, foldChecksum(addBytes(0, bytes, at, end)));
}
