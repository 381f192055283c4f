import { readUint32, writeUint16, writeUint32 } from './bytes.ts';
import { addBytes, foldChecksum } from './checksum.ts';

export const PROTOCOL_IGMP = 2;
export const IGMP_LENGTH = 8;

export const IGMP_QUERY = 0x11;
/** A report of version 1 (RFC 1112). */
export const IGMP_V1_REPORT = 0x12;
export const IGMP_V2_REPORT = 0x16;
export const IGMP_LEAVE = 0x17;

/** 224.0.0.1: every host; nobody has to join it. */
export const ALL_HOSTS = 0xe0000001;
/** 224.0.0.2: every router. */
export const ALL_ROUTERS = 0xe0000002;

/** The IP option that has every router look at a packet (RFC 2113). */
export const ROUTER_ALERT: Uint8Array = Uint8Array.of(0x94, 0x04, 0x00, 0x00);

/**
 * An IGMP message (RFC 2236 section 2):
 *
 * ```
 * type | max response time | checksum
 * group address
 * ```
 */
export interface IgmpMessage {
  readonly type: number;
  /** Of a query, in tenths of a second; 0 from a router of version 1. */
  readonly maxResponseTime: number;
  /** 0 in a query for all groups. */
  readonly group: number;
}

/** The message at `at`, or null where `end` comes too soon. What follows it is for later versions; the checksum is not looked at. */
export function readIgmp(bytes: Uint8Array, at: number, end: number): IgmpMessage | null {
  if (end - at < IGMP_LENGTH || end > bytes.length) return null;
  return { type: bytes[at] ?? 0, maxResponseTime: bytes[at + 1] ?? 0, group: readUint32(bytes, at + 4) };
}

/** The message between `at` and `end`, or null where it is too short or the checksum over all of it is wrong. */
export function parseIgmp(bytes: Uint8Array, at: number, end: number): IgmpMessage | null {
  const message = readIgmp(bytes, at, end);
  return message === null || foldChecksum(addBytes(0, bytes, at, end)) !== 0 ? null : message;
}

/** Writes a message of 8 bytes with its checksum. */
export function emitIgmp(message: IgmpMessage, bytes: Uint8Array, at: number): void {
  bytes[at] = message.type;
  bytes[at + 1] = message.maxResponseTime;
  writeUint16(bytes, at + 2, 0);
  writeUint32(bytes, at + 4, message.group);
  writeUint16(bytes, at + 2, foldChecksum(addBytes(0, bytes, at, at + IGMP_LENGTH)));
}
