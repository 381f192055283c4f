/** Seeds from one number to another, both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

/** Whole numbers that are told apart exactly. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Reads `1..1000`, `7`, or several of them joined by commas; null where that is none. */
export function parseSeeds(text: string): readonly SeedRange[] | null {
  const ranges = text.split(',').map((part) => {
    const [, first = '', last = first] = /^\s*(\d+)(?:\s*\.\.\s*(\d+))?\s*$/.exec(part) ?? [];
    return { first: first === '' ? NaN : Number(first), last: Number(last) };
  });
  const isSound = ({ first, last }: SeedRange): boolean => first <= last && last <= MOST;
  return ranges.every(isSound) ? ranges : null;
}

/** One of several parts of the seeds, numbered from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

export const ALL: Shard = { part: 1, of: 1 };

/** The seeds of a shard in order: every so many-th, so that parts are alike however failures are spread. */
export function* seedsOf(ranges: readonly SeedRange[], { part, of }: Shard): IterableIterator<number> {
  let place = 0;
  for (const { first, last } of ranges) {
    // The place in its range of the first seed that is ours.
    const skip = (((part - 1 - place) % of) + of) % of;
    for (let seed = first + skip; seed <= last; seed += of) yield seed;
    place = (place + last - first + 1) % of;
  }
}

/** How many seeds a shard has. */
export function countSeeds(ranges: readonly SeedRange[], { part, of }: Shard): number {
  const all = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return Math.max(0, Math.ceil((all - (part - 1)) / of));
}

/** Numbers in ascending order as ranges: `1..5,9`. */
export function seedsText(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < seeds.length;) {
    let end = at;
    while (seeds[end + 1] === (seeds[end] ?? 0) + 1) end++;
    parts.push(end === at ? String(seeds[at]) : `${seeds[at]}..${seeds[end]}`);
    at = end + 1;
  }
  return parts.join(',');
}
