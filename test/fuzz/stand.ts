import { toHex, type FuzzTarget } from './target.ts';

/** Something that is built once and takes many inputs, as a booted device. */
export interface Stand {
  /** Takes an input, and gives what it came to. Throws where a property does not hold. */
  feed(input: Uint8Array): string;
  /** Lets everything come to rest. Throws where something is left behind, or no longer works. */
  settle(): void;
}

/** Inputs that one stand takes before it has to settle and makes room for a new one. */
const BATCH = 500;

/** What the inputs break, in a stand of their own; null for nothing. */
function breaks(build: () => Stand, inputs: readonly Uint8Array[]): Error | null {
  try {
    const stand = build();
    for (const input of inputs) stand.feed(input);
    stand.settle();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Leaves out what the failure does not need. */
function shrink(build: () => Stand, inputs: readonly Uint8Array[]): readonly Uint8Array[] {
  let kept = inputs;
  for (let size = kept.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fewer.length > 0 && breaks(build, fewer) !== null) kept = fewer;
      else at += size;
    }
  }
  return kept;
}

/**
 * A target whose inputs come one after the other to the same stand. What breaks is told with the fewest inputs that break
 * it from the beginning, joined to one.
 */
export function standing(
  name: string,
  seeds: () => readonly Uint8Array[],
  build: () => Stand,
  join: (inputs: readonly Uint8Array[]) => Uint8Array,
): FuzzTarget {
  let stand: Stand | null = null;
  let history: Uint8Array[] = [];
  const attempt = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      const found = history;
      [stand, history] = [null, []];
      const fewest = shrink(build, found);
      const told = String(breaks(build, fewest) ?? error);
      throw new Error(`${told}\nfewest: --input ${toHex(join(fewest))}`, { cause: error });
    }
  };
  const finish = (): void => {
    const settled = stand;
    if (settled !== null) attempt(() => settled.settle());
    [stand, history] = [null, []];
  };
  return {
    name,
    seeds,
    run: (input) => {
      const current = (stand ??= build());
      history.push(input);
      const outcome = attempt(() => current.feed(input));
      if (history.length >= BATCH) finish();
      return outcome;
    },
    finish,
  };
}
