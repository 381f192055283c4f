import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';

export const FRAGMENT_HEADER_LENGTH = 8;

/** The fragment header (RFC 8200 section 4.5). */
export interface FragmentHeader {
  readonly nextHeader: number;
  /** Where the fragment's data belongs in the fragmentable part, in bytes. */
  readonly offset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
}

/** The fragment header at `at`, or null where it does not fit in before `end`. */
export function parseFragmentHeader(bytes: Uint8Array, at: number, end: number): FragmentHeader | null {
  if (end - at < FRAGMENT_HEADER_LENGTH || end > bytes.length) return null;
  const field = readUint16(bytes, at + 2);
  return {
    nextHeader: bytes[at] ?? 0,
    offset: field & 0xfff8,
    moreFragments: (field & 1) === 1,
    identification: readUint32(bytes, at + 4),
  };
}

export function emitFragmentHeader(header: FragmentHeader, bytes: Uint8Array, at: number): void {
  bytes[at] = header.nextHeader;
  bytes[at + 1] = 0;
  writeUint16(bytes, at + 2, header.offset | (header.moreFragments ? 1 : 0));
  writeUint32(bytes, at + 4, header.identification);
}

const PAD1 = 0;
const PADN = 1;

/** What becomes of a packet because of its options. */
export type OptionVerdict =
  | { readonly action: 'accept' }
  | { readonly action: 'discard' }
  /** Discard it, and tell its sender that the option at `at` is not known; `toGroups`: also where the packet was for a group. */
  | { readonly action: 'problem'; readonly at: number; readonly toGroups: boolean };

const ACCEPT: OptionVerdict = { action: 'accept' };
const DISCARD: OptionVerdict = { action: 'discard' };

/**
 * Judges the options of a hop-by-hop or destination options header that lie between `at` and `end` (RFC 8200 section
 * 4.2). Padding is all that this host knows; of any other option its two highest bits say what to do.
 */
export function judgeOptions(bytes: Uint8Array, at: number, end: number): OptionVerdict {
  for (let option = at; option < end;) {
    const type = bytes[option] ?? 0;
    if (type === PAD1) {
      option++;
      continue;
    }
    const next = option + 2 + (bytes[option + 1] ?? 0);
    if (option + 2 > end || next > end) return DISCARD;
    const highest = type >>> 6;
    if (type !== PADN && highest !== 0) {
      return highest === 1 ? DISCARD : { action: 'problem', at: option, toGroups: highest === 2 };
    }
    option = next;
  }
  return ACCEPT;
}
