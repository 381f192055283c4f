import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';
import { addBytes, foldChecksum } from './checksum.ts';

export const IPV4_HEADER = 20;
export const PROTOCOL_ICMP = 1;
export const PROTOCOL_UDP = 17;

/**
 * The header of an IPv4 packet (RFC 791 section 3.1). Options are skipped when read and never written.
 */
export interface Ipv4Header {
  readonly tos: number;
  /** Bytes of the packet, header included. */
  readonly totalLength: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  /** Bytes of the header, options included. */
  readonly headerLength: number;
}

/**
 * The header of an IPv4 packet between `at` and `end`, or null where its version, its lengths or its checksum are
 * wrong. Bytes after the total length are padding. The header has to be at hand; `end` may lie beyond the bytes, where
 * the payload goes on in other packets of a chain.
 */
export function parseIpv4Header(bytes: Uint8Array, at: number, end: number): Ipv4Header | null {
  if (end - at < IPV4_HEADER) return null;
  const first = bytes[at] ?? 0;
  const headerLength = (first & 15) * 4;
  const totalLength = readUint16(bytes, at + 2);
  if (first >> 4 !== 4 || headerLength < IPV4_HEADER || totalLength < headerLength || totalLength > end - at) {
    return null;
  }
  if (at + headerLength > bytes.length) return null;
  if (foldChecksum(addBytes(0, bytes, at, at + headerLength)) !== 0) return null;
  const fragment = readUint16(bytes, at + 6);
  return {
    tos: bytes[at + 1] ?? 0,
    totalLength,
    identification: readUint16(bytes, at + 4),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    ttl: bytes[at + 8] ?? 0,
    protocol: bytes[at + 9] ?? 0,
    source: readUint32(bytes, at + 12),
    destination: readUint32(bytes, at + 16),
    headerLength,
  };
}

/** Whether the checksum of what looks like a whole IPv4 header is right; so it is of what does not even look like one. */
export function ipv4ChecksumHolds(bytes: Uint8Array, at: number, end: number): boolean {
  const first = bytes[at] ?? 0;
  const headerLength = (first & 15) * 4;
  if (first >> 4 !== 4 || headerLength < IPV4_HEADER || at + headerLength > end) return true;
  return foldChecksum(addBytes(0, bytes, at, at + headerLength)) === 0;
}

/** Writes a header of 20 bytes with its checksum. */
export function emitIpv4Header(header: Omit<Ipv4Header, 'headerLength'>, bytes: Uint8Array, at: number): void {
  const flags = (header.dontFragment ? 0x4000 : 0) | (header.moreFragments ? 0x2000 : 0);
  bytes[at] = 0x45;
  bytes[at + 1] = header.tos;
  writeUint16(bytes, at + 2, header.totalLength);
  writeUint16(bytes, at + 4, header.identification);
  writeUint16(bytes, at + 6, flags | (header.fragmentOffset >> 3));
  bytes[at + 8] = header.ttl;
  bytes[at + 9] = header.protocol;
  writeUint16(bytes, at + 10, 0);
  writeUint32(bytes, at + 12, header.source);
  writeUint32(bytes, at + 16, header.destination);
  writeUint16(bytes, at + 10, foldChecksum(addBytes(0, bytes, at, at + IPV4_HEADER)));
}

/**
 * Writes a header with options behind its 20 bytes, and its checksum.
 *
 * @param options - a multiple of 4 bytes, 40 at most
 */
export function emitIpv4HeaderWithOptions(
  header: Omit<Ipv4Header, 'headerLength'>,
  options: Uint8Array,
  bytes: Uint8Array,
  at: number,
): void {
  emitIpv4Header(header, bytes, at);
  const length = IPV4_HEADER + options.length;
  bytes[at] = 0x40 | (length >> 2);
  bytes.set(options, at + IPV4_HEADER);
  writeUint16(bytes, at + 10, 0);
  writeUint16(bytes, at + 10, foldChecksum(addBytes(0, bytes, at, at + length)));
}
