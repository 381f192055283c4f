/**
 * Chances that belong to one frame and one receiver. They follow from a word of the sender's stream and a number of the
 * receiver's, so that what happens to a frame on its way to one receiver does not depend on who else is on the network.
 */
export class Dice {
  #state = 0;

  /** Begins anew for a frame and a receiver. */
  roll(word: number, salt: number): this {
    this.#state = mix(word ^ mix(salt));
    return this;
  }

  /** A number in [0, 1). */
  float(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return mix(this.#state) / 2 ** 32;
  }

  /** Whether something of a probability happens; draws nothing where it cannot. */
  chance(probability: number): boolean {
    return probability > 0 && this.float() < probability;
  }
}

/** Spreads every bit of a word over all of them. */
export function mix(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A number for a name, for {@link Dice.roll}. */
export function saltOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash;
}
