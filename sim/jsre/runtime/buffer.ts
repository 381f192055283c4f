import { defineNumbers } from './buffer-numbers.ts';
import type { Realm } from './realm.ts';

/** JSRE's Buffer, as a class of a task's realm. */
export type BufferClass = new (source?: unknown, encodingOrOffset?: unknown, length?: unknown) => Uint8Array;

const classes = new WeakMap<Realm, BufferClass>();

/** The Buffer class of a realm. */
export function bufferClass(realm: Realm): BufferClass {
  let made = classes.get(realm);
  if (made === undefined) {
    made = makeBufferClass(realm);
    classes.set(realm, made);
  }
  return made;
}

type Encoding = 'utf8' | 'hex' | 'base64' | 'latin1' | 'ascii' | 'utf16le';

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  hex: 'hex',
  base64: 'base64',
  latin1: 'latin1',
  binary: 'latin1',
  ascii: 'ascii',
  utf16le: 'utf16le',
  'utf-16le': 'utf16le',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
};

function encodingOf(realm: Realm, value: unknown): Encoding {
  if (value === undefined) return 'utf8';
  const known = typeof value === 'string' ? ENCODINGS[value.toLowerCase()] : undefined;
  if (known !== undefined) return known;
  throw new realm.intrinsics.TypeError(
    `there is no encoding '${typeof value === 'string' ? value : typeof value}' here; there are: ${Object.keys(ENCODINGS).join(', ')}`,
  );
}

/** A position in a buffer as scripts give them: whole, within it, or the default. */
function position(value: unknown, otherwise: number, limit: number): number {
  if (value === undefined) return otherwise;
  const whole = Math.trunc(Number(value));
  return Number.isNaN(whole) ? 0 : Math.min(Math.max(whole < 0 ? whole + limit : whole, 0), limit);
}

function viewOf(value: unknown): Uint8Array | null {
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
}

const encode = (text: string, encoding: Encoding): Uint8Array => new Uint8Array(Buffer.from(text, encoding));

const decode = (bytes: Uint8Array, encoding: Encoding): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);

/**
 * Bytes as text in one of the encodings that Buffers know.
 *
 * @throws a TypeError of the realm for another encoding
 */
export function bufferText(realm: Realm, bytes: Uint8Array, encoding: unknown): string {
  return decode(bytes, encodingOf(realm, encoding));
}

function makeBufferClass(realm: Realm): BufferClass {
  const { Uint8Array: Base, TypeError: Type, RangeError: Range } = realm.intrinsics;
  const bytesOf = (source: unknown, encoding: unknown): Uint8Array | readonly number[] => {
    if (typeof source === 'string') return encode(source, encodingOf(realm, encoding));
    const view = viewOf(source);
    if (view !== null) return view;
    if (Array.isArray(source)) return source as readonly number[];
    throw new Type(`a Buffer is made of a size, a string, an array or bytes, not of a ${typeof source}`);
  };
  const isArrayBuffer = (value: unknown): value is ArrayBuffer =>
    Object.prototype.toString.call(value) === '[object ArrayBuffer]';

  class Bytes extends Base {
    static readonly MAX_LENGTH = 2 ** 31 - 1;

    constructor(source: unknown = 0, second?: unknown, third?: unknown) {
      if (typeof source === 'number') {
        if (!(source >= 0 && source <= Bytes.MAX_LENGTH)) throw new Range(`a Buffer cannot have ${source} bytes`);
        super(Math.trunc(source));
      } else if (isArrayBuffer(source)) {
        super(source, Number(second ?? 0), third === undefined ? undefined : Number(third));
      } else {
        super(bytesOf(source, second));
      }
    }

    static alloc(size: unknown, fill?: unknown, encoding?: unknown): Bytes {
      const made = new Bytes(Number(size));
      return fill === undefined ? made : made.fill(fill, undefined, undefined, encoding);
    }

    static allocSafe(size: unknown): Bytes {
      return new Bytes(Number(size));
    }

    static allocUnsafe(size: unknown): Bytes {
      return new Bytes(Number(size));
    }

    static isBuffer(value: unknown): boolean {
      return value instanceof Bytes;
    }

    static isEncoding(value: unknown): boolean {
      return typeof value === 'string' && value.toLowerCase() in ENCODINGS;
    }

    static byteLength(value: unknown, encoding?: unknown): number {
      if (isArrayBuffer(value)) return value.byteLength;
      return bytesOf(value, encoding).length;
    }

    static concat(list: readonly unknown[], total?: unknown): Bytes {
      const parts = list.map((one) => viewOf(one) ?? new Uint8Array(0));
      const length = total === undefined ? parts.reduce((sum, part) => sum + part.length, 0) : Number(total);
      const made = new Bytes(length);
      let at = 0;
      for (const part of parts) {
        made.set(part.subarray(0, Math.max(0, length - at)), Math.min(at, length));
        at += part.length;
      }
      return made;
    }

    static compare(one: unknown, other: unknown): number {
      return Math.sign(Buffer.compare(viewOf(one) ?? new Uint8Array(0), viewOf(other) ?? new Uint8Array(0)));
    }

    /** `toString(n)`: the first n bytes as text; `toString(encoding, start, end)`: a part of them. */
    override toString(first?: unknown, start?: unknown, end?: unknown): string {
      if (typeof first === 'number') return decode(this.#part(0, first), 'utf8');
      return decode(this.#part(start, end), encodingOf(realm, first));
    }

    toJSON(): object {
      return realm.adopt({ type: 'Buffer', data: Array.from(this) });
    }

    toArray(start?: unknown, end?: unknown): readonly number[] {
      return realm.adopt(Array.from(this.#part(start, end)));
    }

    equals(other: unknown): boolean {
      const bytes = viewOf(other);
      return bytes?.length === this.length && bytes.every((byte, at) => byte === this[at]);
    }

    compare(other: unknown, from?: unknown, to?: unknown, start?: unknown, end?: unknown): number {
      const bytes = viewOf(other) ?? new Uint8Array(0);
      const theirs = bytes.subarray(position(from, 0, bytes.length), position(to, bytes.length, bytes.length));
      return Math.sign(Buffer.compare(this.#part(start, end), theirs));
    }

    copy(target: unknown, at?: unknown, start?: unknown, end?: unknown): number {
      const bytes = viewOf(target);
      if (bytes === null) throw new Type('copy() needs a Buffer to copy to');
      const to = position(at, 0, bytes.length);
      const part = this.#part(start, end).subarray(0, bytes.length - to);
      bytes.set(part, to);
      return part.length;
    }

    /** Shares its memory with this one, as in Node. */
    override slice(start?: unknown, end?: unknown): Bytes {
      const part = this.#part(start, end);
      return new Bytes(this.buffer, part.byteOffset, part.length);
    }

    override subarray(start?: unknown, end?: unknown): Bytes {
      return this.slice(start, end);
    }

    override fill(value: unknown, start?: unknown, end?: unknown, encoding?: unknown): this {
      const part = this.#part(start, end);
      if (typeof value === 'number') part.fill(value);
      else {
        const pattern = bytesOf(value, encoding);
        for (let at = 0; at < part.length && pattern.length > 0; at++) part[at] = pattern[at % pattern.length] ?? 0;
      }
      return this;
    }

    /** `write(string[, offset[, length]][, encoding])`: gives the bytes written. */
    write(text: unknown, ...rest: readonly unknown[]): number {
      const encoding = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
      const [offset, length] = rest.filter((one) => typeof one === 'number');
      const start = position(offset, 0, this.length);
      const bytes = encode(String(text), encodingOf(realm, encoding)).subarray(0, length ?? this.length);
      const fitting = bytes.subarray(0, this.length - start);
      this.set(fitting, start);
      return fitting.length;
    }

    fromString(text: unknown, offset?: unknown, encoding?: unknown): number {
      const bytes = encode(String(text), encodingOf(realm, encoding));
      const start = position(offset, 0, this.length);
      if (bytes.length > this.length - start) {
        throw new Range(`${bytes.length} bytes do not fit into ${this.length - start}`);
      }
      this.set(bytes, start);
      return bytes.length;
    }

    override indexOf(value: unknown, from?: unknown): number {
      const start = position(from, 0, this.length);
      if (typeof value === 'number') return Array.prototype.indexOf.call(this, value & 255, start);
      const found = Buffer.from(this.buffer, this.byteOffset, this.length);
      const bytes = bytesOf(value, undefined);
      return found.indexOf(Uint8Array.from(bytes), start);
    }

    override includes(value: unknown, from?: unknown): boolean {
      return this.includes(value, from);
    }

    #part(start: unknown, end: unknown): Uint8Array {
      const from = position(start, 0, this.length);
      const to = Math.max(from, position(end, this.length, this.length));
      return new Uint8Array(this.buffer, this.byteOffset + from, to - from);
    }
  }
  Object.defineProperty(Bytes, 'name', { value: 'Buffer' });
  Object.defineProperty(Bytes, 'from', {
    value: (source: unknown, second?: unknown, third?: unknown): Bytes => new Bytes(source, second, third),
    writable: true,
    configurable: true,
  });
  defineNumbers(realm, Bytes.prototype);
  return realm.adoptClass(Bytes);
}
