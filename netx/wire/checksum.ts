/**
 * The Internet checksum (RFC 1071): the one's complement sum of 16-bit words, big endian. A sum may be carried over
 * several stretches of bytes as long as all but the last have an even length.
 */

/** From this many bytes on, looking a view up costs less than it saves. */
const LONG = 32;
const views = new WeakMap<Uint8Array, DataView>();

/** The view of some memory, made once for each: most sums go over the packets of a few pools. */
function viewOf(bytes: Uint8Array): DataView {
  let view = views.get(bytes);
  if (view === undefined) {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    views.set(bytes, view);
  }
  return view;
}

/** Adds a stretch of bytes to a sum; an odd last byte counts as the high half of a word. */
export function addBytes(sum: number, bytes: Uint8Array, start: number, end: number): number {
  let total = sum;
  let at = start;
  if (end - start >= LONG && end <= bytes.length) {
    // Four words of 32 bits at a time, their halves in sums of their own, which stay below 2^31 for any datagram.
    const view = viewOf(bytes);
    let high = 0;
    let low = 0;
    for (const last = end - 16; at <= last; at += 16) {
      const a = view.getInt32(at);
      const b = view.getInt32(at + 4);
      const c = view.getInt32(at + 8);
      const d = view.getInt32(at + 12);
      high += (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16);
      low += (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff);
    }
    total += high + low;
  }
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
