import type { Random } from '../kernel/ports.ts';

/** Four 32-bit words from a text: a hash that spreads every character over all of them. */
function hashWords(text: string): readonly [number, number, number, number] {
  let [a, b, c, d] = [0x6c62272e, 0x07bb0142, 0x62b82175, 0x6295c58d];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193) ^ (d >>> 13);
    b = Math.imul(b ^ a, 0x85ebca6b) ^ (c >>> 11);
    c = Math.imul(c ^ b, 0xc2b2ae35) ^ (a >>> 15);
    d = Math.imul(d ^ c, 0x27d4eb2f) ^ (b >>> 12);
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

/** The sfc32 generator: small, fast, and the same on every machine, as it is all 32-bit arithmetic. */
class Sfc32 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: string) {
    [this.#a, this.#b, this.#c, this.#counter] = hashWords(seed);
    // The first outputs still show the seed.
    for (let round = 0; round < 16; round++) this.uint32();
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  float(): number {
    return this.uint32() / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.uint32();
      for (let byte = 0; byte < 4 && at + byte < length; byte++) bytes[at + byte] = word >>> (8 * byte);
    }
    return bytes;
  }
}

/** The source of all randomness of a world: independent streams by name, all from one seed. */
export class RandomSource {
  readonly #seed: string;

  constructor(seed: number | string) {
    this.#seed = String(seed);
  }

  /** A stream of its own for a purpose; the same seed and names give the same stream. */
  stream(...names: readonly string[]): Random {
    return new Sfc32(JSON.stringify([this.#seed, ...names]));
  }
}
