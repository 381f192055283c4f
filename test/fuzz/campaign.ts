import { RandomSource } from '../../sim/random.ts';
import { Mutator } from './mutator.ts';
import type { FuzzTarget } from './target.ts';

/** What is built upon at most, beside the seeds. */
const MAX_WORKING = 5000;

/** An input that broke a property. */
export interface Finding {
  readonly input: Uint8Array;
  readonly error: unknown;
}

/** What a target was given, and what that came to. */
export class Campaign {
  readonly target: FuzzTarget;
  /** How often each outcome came about. */
  readonly outcomes = new Map<string, number>();
  /** The first input of each outcome that no seed came to. */
  readonly novel: Uint8Array[] = [];
  inputs = 0;
  readonly #working: Uint8Array[];
  readonly #mutator: Mutator;

  constructor(target: FuzzTarget, corpus: readonly Uint8Array[], seed: number | string) {
    this.target = target;
    this.#working = [...(target.seeds?.() ?? []), ...corpus];
    if (this.#working.length === 0) this.#working.push(new Uint8Array(0));
    this.#mutator = new Mutator(new RandomSource(seed).stream('fuzz', target.name));
  }

  /** The seeds as they are. */
  replay(): Finding | null {
    for (const input of [...this.#working]) {
      const finding = this.#try(input, false);
      if (finding !== null) return finding;
    }
    return this.#finish();
  }

  /** So many changed inputs. */
  run(count: number): Finding | null {
    const working = this.#working;
    for (let left = count; left > 0; left--) {
      const base = this.#pick();
      const other = working[this.#mutator.below(working.length)] ?? base;
      const finding = this.#try(this.#mutator.mutate(base, other), true);
      if (finding !== null) return finding;
    }
    return this.#finish();
  }

  #finish(): Finding | null {
    try {
      this.target.finish?.();
      return null;
    } catch (error) {
      return { input: new Uint8Array(0), error };
    }
  }

  /** Half of the time one of the newest, which are the least explored. */
  #pick(): Uint8Array {
    const working = this.#working;
    const span = this.#mutator.below(2) === 0 ? Math.min(32, working.length) : working.length;
    return working[working.length - 1 - this.#mutator.below(span)] ?? new Uint8Array(0);
  }

  #try(input: Uint8Array, keep: boolean): Finding | null {
    this.inputs++;
    let outcome: string;
    try {
      outcome = this.target.run(input);
    } catch (error) {
      return { input, error };
    }
    const before = this.outcomes.get(outcome);
    this.outcomes.set(outcome, (before ?? 0) + 1);
    if (before === undefined && keep && this.novel.length < MAX_WORKING) {
      this.novel.push(input);
      this.#working.push(input);
    }
    return null;
  }
}
