import { bufferClass } from './buffer.ts';
import type { Realm } from './realm.ts';

/** Something that cannot be copied to another task. */
export class NotCopied extends TypeError {}

/**
 * A copy of a value, made of another realm's objects: what one task sends is the other's own. Buffers and typed arrays
 * arrive as Buffers, dates as dates, objects as plain ones, cycles as they are.
 *
 * @throws NotCopied for functions and symbols, naming where in the message
 */
export function copyInto(realm: Realm, value: unknown): unknown {
  return new Copier(realm).copy(value, 'the message');
}

class Copier {
  readonly #realm: Realm;
  readonly #copies = new Map<object, object>();

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  copy(value: unknown, where: string): unknown {
    if (typeof value === 'function') throw new NotCopied(`${where} is a function: only data is sent to another task`);
    if (typeof value === 'symbol') throw new NotCopied(`${where} is a symbol: only data is sent to another task`);
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return this.#keep(value, new (bufferClass(this.#realm))(bytes));
    }
    if (Object.prototype.toString.call(value) === '[object Date]') {
      return this.#keep(value, this.#realm.makeDate(Number(value)));
    }
    if (Array.isArray(value)) {
      const items = new this.#realm.intrinsics.Array<unknown>();
      this.#keep(value, items);
      for (const [nth, item] of (value as readonly unknown[]).entries()) {
        items.push(this.copy(item, `${where}[${nth}]`));
      }
      return items;
    }
    const copy = new this.#realm.intrinsics.Object() as Record<string, unknown>;
    this.#keep(value, copy);
    for (const [key, part] of Object.entries(value)) {
      const copied = this.copy(part, `${where}.${key}`);
      Object.defineProperty(copy, key, { value: copied, writable: true, enumerable: true, configurable: true });
    }
    return copy;
  }

  #keep<T extends object>(value: object, copy: T): T {
    this.#copies.set(value, copy);
    return copy;
  }
}
