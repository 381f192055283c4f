import type { Random } from '../../kernel/ports.ts';

/** Longest input. */
export const MAX_INPUT = 4096;

const EDGES = [
  0, 1, 2, 0x0c, 0x0d, 0x7f, 0x80, 0x81, 0xfe, 0xff, 0x0100, 0x4000, 0x4800, 0x7fff, 0x8000, 0xfffe, 0xffff,
];

const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Changes inputs, the same way for the same seed. */
export class Mutator {
  readonly #random: Random;
  /** In place where the length stays, else as a new array. */
  readonly #changes: readonly ((bytes: Uint8Array, other: Uint8Array) => Uint8Array)[];

  constructor(random: Random) {
    this.#random = random;
    const inPlace = (change: (bytes: Uint8Array, at: number) => void) => (bytes: Uint8Array) => {
      if (bytes.length > 0) change(bytes, this.below(bytes.length));
      return bytes;
    };
    const flip = inPlace((bytes, at) => (bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8))));
    const set = inPlace((bytes, at) => (bytes[at] = this.below(256)));
    const step = inPlace((bytes, at) => (bytes[at] = (bytes[at] ?? 0) + this.below(9) - 4));
    const edge = inPlace((bytes, at) =>
      this.#write(bytes, at, 1 + this.below(3), EDGES[this.below(EDGES.length)] ?? 0),
    );
    // What a length field would say here: the bytes that follow it, or one more or less.
    const length = inPlace((bytes, at) => {
      const width = 1 + this.below(3);
      this.#write(bytes, at, width, bytes.length - at - width + this.below(3) - 1);
    });
    this.#changes = [
      flip,
      flip,
      set,
      step,
      edge,
      length,
      (bytes) => bytes.subarray(0, this.below(bytes.length + 1)),
      (bytes) => this.#cut(bytes, (at, end) => concat(bytes.subarray(0, at), bytes.subarray(end))),
      (bytes) => this.#cut(bytes, (at, end) => concat(bytes.subarray(0, end), bytes.subarray(at))),
      (bytes) => {
        const at = this.below(bytes.length + 1);
        return concat(bytes.subarray(0, at), this.#random.bytes(1 + this.below(16)), bytes.subarray(at));
      },
      (bytes, other) =>
        concat(bytes.subarray(0, this.below(bytes.length + 1)), other.subarray(this.below(other.length + 1))),
      (bytes, other) => {
        const part = this.#cut(other, (at, end) => other.subarray(at, end));
        const at = this.below(bytes.length + 1);
        return concat(bytes.subarray(0, at), part, bytes.subarray(at + (this.below(2) === 0 ? part.length : 0)));
      },
    ];
  }

  below(limit: number): number {
    return this.#random.uint32() % limit;
  }

  /** A changed copy of an input; `other` is one that pieces are taken from. */
  mutate(input: Uint8Array, other: Uint8Array): Uint8Array {
    let bytes: Uint8Array = input.slice();
    for (let left = 1 + this.below(4); left > 0; left--) {
      bytes = this.#changes[this.below(this.#changes.length)]?.(bytes, other) ?? bytes;
    }
    return bytes.length > MAX_INPUT ? bytes.slice(0, MAX_INPUT) : bytes;
  }

  #write(bytes: Uint8Array, at: number, width: number, value: number): void {
    for (let index = 0; index < width && at + index < bytes.length; index++) {
      bytes[at + index] = value >> (8 * (width - 1 - index));
    }
  }

  /** Picks a piece: short ones as often as long ones. */
  #cut(bytes: Uint8Array, make: (at: number, end: number) => Uint8Array): Uint8Array {
    const at = this.below(bytes.length + 1);
    const longest = this.below(2) === 0 ? 8 : 256;
    return make(at, Math.min(bytes.length, at + 1 + this.below(longest)));
  }
}
