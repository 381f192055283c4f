import { transient, transientCopy } from '../../transient.ts';

/** Room that a message begins with, in bytes. */
const ROOM = 512;

/** Buffers of writers that have finished: making one costs more than writing a message into it. */
const spare: Uint8Array[] = [];

const FINISHED = new Uint8Array(0);

/** Writes the fields of a message in order; of no use once it has finished. */
export class Writer {
  #bytes = spare.pop() ?? new Uint8Array(ROOM);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const at = this.#extend(1);
    this.#bytes[at] = value;
    return this;
  }

  uint16(value: number): this {
    const at = this.#extend(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  uint24(value: number): this {
    const at = this.#extend(3);
    this.#bytes[at] = value >>> 16;
    this.#bytes[at + 1] = value >>> 8;
    this.#bytes[at + 2] = value;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#extend(bytes.length);
    this.#bytes.set(bytes, at);
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

  /** The message, for a while. */
  finish(): Uint8Array {
    const message = transientCopy(this.#bytes.subarray(0, this.#length));
    if (this.#bytes.length === ROOM) spare.push(this.#bytes);
    this.#bytes = FINISHED;
    return message;
  }

  /** Makes room for so many bytes more; gives where they begin. */
  #extend(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}

/** Pieces put together, for a while. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = transient(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** 16-bit values, one after the other. */
export function uint16s(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  let at = 0;
  for (const value of values) {
    bytes[at++] = value >>> 8;
    bytes[at++] = value;
  }
  return bytes;
}
