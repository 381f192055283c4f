/** Writes the fields of a message in order. */
export class Writer {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    return this.bytes(Uint8Array.of(value));
  }

  uint16(value: number): this {
    return this.bytes(Uint8Array.of(value >>> 8, value));
  }

  uint24(value: number): this {
    return this.bytes(Uint8Array.of(value >>> 16, value >>> 8, value));
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  /** A vector with a length of one byte before it (RFC 5246 section 4.3). */
  vector8(bytes: Uint8Array): this {
    return this.uint8(bytes.length).bytes(bytes);
  }

  /** A vector with a length of two bytes before it. */
  vector16(bytes: Uint8Array): this {
    return this.uint16(bytes.length).bytes(bytes);
  }

  /** A vector with a length of three bytes before it. */
  vector24(bytes: Uint8Array): this {
    return this.uint24(bytes.length).bytes(bytes);
  }

  /** The message. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** Pieces put together. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer();
  for (const piece of pieces) writer.bytes(piece);
  return writer.finish();
}

/** 16-bit values, one after the other. */
export function uint16s(values: readonly number[]): Uint8Array {
  const writer = new Writer();
  for (const value of values) writer.uint16(value);
  return writer.finish();
}
