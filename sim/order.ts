import type { Precedence } from '../kernel/ports.ts';
import { mix, saltOf } from './network/dice.ts';

/**
 * In which order things happen that happen at one virtual time and that a real system leaves open: `fifo`, the order in
 * which they were scheduled; `varied`, an order that follows from the world's seed; or a number, for an order of that
 * number whatever the seed.
 */
export type Order = 'fifo' | 'varied' | number;

/**
 * Ranks that follow from a seed, a time and a source alone: what else happens in a run, and what was drawn before, makes
 * no difference, so that a run from which something was taken away keeps its order in the rest.
 */
class SeededPrecedence implements Precedence {
  readonly #word: number;

  constructor(word: number) {
    this.#word = word;
  }

  rank(time: number, source: number): number {
    const high = Math.floor(time / 2 ** 32);
    return mix(mix(this.#word ^ mix(source)) ^ (time >>> 0) ^ Math.imul(high, 0x9e3779b1)) >>> 27;
  }
}

/** The precedence of a world's order; null for `fifo`. */
export function precedenceOf(order: Order, seed: number | string): Precedence | null {
  if (order === 'fifo') return null;
  return new SeededPrecedence(mix(saltOf(order === 'varied' ? `seed ${seed}` : `order ${order}`)));
}
