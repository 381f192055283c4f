import { writeUint16 } from './bytes.ts';
import { addBytes, foldChecksum } from './checksum.ts';
import { IPV4_HEADER } from './ipv4.ts';

const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
/** The bit of an option's type that says that every fragment carries it. */
const COPIED = 0x80;

/** Writes a header's checksum anew. */
export function writeHeaderChecksum(bytes: Uint8Array, at: number, headerLength: number): void {
  writeUint16(bytes, at + 10, 0);
  writeUint16(bytes, at + 10, foldChecksum(addBytes(0, bytes, at, at + headerLength)));
}

/** What tells a fragment from the datagram that it is of (RFC 791 section 3.1). */
export interface FragmentFields {
  readonly totalLength: number;
  /** In bytes: a multiple of 8. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
}

/** Makes a header that of a fragment, or of a whole datagram again, and writes its checksum. */
export function writeFragmentFields(bytes: Uint8Array, at: number, headerLength: number, fields: FragmentFields): void {
  writeUint16(bytes, at + 2, fields.totalLength);
  writeUint16(bytes, at + 6, (fields.moreFragments ? 0x2000 : 0) | (fields.fragmentOffset >> 3));
  writeHeaderChecksum(bytes, at, headerLength);
}

/** The header of all fragments but the first: it has those options only that are to be copied (RFC 791 section 3.1). */
export function laterFragmentHeader(first: Uint8Array): Uint8Array {
  const kept = [...first.subarray(0, IPV4_HEADER)];
  for (let at = IPV4_HEADER; at < first.length;) {
    const type = first[at] ?? END_OF_OPTIONS;
    if (type === END_OF_OPTIONS) break;
    const length = type === NO_OPERATION ? 1 : (first[at + 1] ?? 0);
    if (length === 0 || at + length > first.length) break;
    if ((type & COPIED) !== 0) kept.push(...first.subarray(at, at + length));
    at += length;
  }
  while (kept.length % 4 !== 0) kept.push(END_OF_OPTIONS);
  kept[0] = 0x40 | (kept.length / 4);
  return Uint8Array.from(kept);
}
