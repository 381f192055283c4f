/**
 * The Internet checksum (RFC 1071): the one's complement sum of 16-bit words, big endian. A sum may be carried over
 * several stretches of bytes as long as all but the last have an even length.
 */

/** Adds a stretch of bytes to a sum; an odd last byte counts as the high half of a word. */
export function addBytes(sum: number, bytes: Uint8Array, start: number, end: number): number {
  let total = sum;
  let at = start;
  for (; at + 1 < end; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (at < end) total += (bytes[at] ?? 0) << 8;
  return total;
}

/** Adds a 32-bit address or the like. */
export function addWord32(sum: number, value: number): number {
  return sum + (value >>> 16) + (value & 0xffff);
}

/** Folds a sum to 16 bits and complements it: the checksum field. */
export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
