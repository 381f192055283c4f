/**
 * Reads the fields of a message in order. Running over the end is remembered, not thrown: the fields read as zero from
 * then on, and {@link Reader.ok} says so at the end.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** Whether every field so far was there. */
  get ok(): boolean {
    return !this.#failed;
  }

  /** Whether every field was there, and nothing follows the last. */
  get complete(): boolean {
    return !this.#failed && this.#at === this.#bytes.length;
  }

  uint8(): number {
    return this.#number(1);
  }

  uint16(): number {
    return this.#number(2);
  }

  uint24(): number {
    return this.#number(3);
  }

  /** Exactly `length` bytes; a view, not a copy. */
  bytes(length: number): Uint8Array {
    if (length > this.remaining) {
      this.#failed = true;
      this.#at = this.#bytes.length;
      return new Uint8Array(0);
    }
    const at = this.#at;
    this.#at += length;
    return this.#bytes.subarray(at, this.#at);
  }

  /** A vector with a length of one byte before it (RFC 5246 section 4.3). */
  vector8(): Uint8Array {
    return this.bytes(this.uint8());
  }

  /** A vector with a length of two bytes before it. */
  vector16(): Uint8Array {
    return this.bytes(this.uint16());
  }

  /** A vector with a length of three bytes before it. */
  vector24(): Uint8Array {
    return this.bytes(this.uint24());
  }

  /** Everything that is left. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** Notes that a field has a value it cannot have. */
  reject(): void {
    this.#failed = true;
  }

  #number(length: number): number {
    if (length > this.remaining) {
      this.#failed = true;
      this.#at = this.#bytes.length;
      return 0;
    }
    let value = 0;
    for (const end = this.#at + length; this.#at < end; this.#at++) value = value * 256 + (this.#bytes[this.#at] ?? 0);
    return value;
  }
}

/** The 16-bit values of a vector, or null where its length is odd. */
export function uint16List(vector: Uint8Array): readonly number[] | null {
  if (vector.length % 2 !== 0) return null;
  const values: number[] = [];
  for (let at = 0; at < vector.length; at += 2) values.push(((vector[at] ?? 0) << 8) | (vector[at + 1] ?? 0));
  return values;
}
