import type { Realm } from './realm.ts';

/** Widths in bytes and names of what is read and written by `readUInt16BE` and its like. */
const NUMBERS = [
  ['Int8', 1],
  ['Uint8', 1],
  ['Int16', 2],
  ['Uint16', 2],
  ['Int32', 4],
  ['Uint32', 4],
  ['Float32', 4],
  ['Float64', 8],
  ['BigInt64', 8],
  ['BigUint64', 8],
] as const;

/** `Uint16` as it is in method names: `UInt16`. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  Uint8: ['UInt8', 'Uint8'],
  Uint16: ['UInt16', 'Uint16'],
  Uint32: ['UInt32', 'Uint32'],
  Float32: ['Float'],
  Float64: ['Double'],
  BigUint64: ['BigUInt64', 'BigUint64'],
};

/** `readUInt16BE(offset)`, `writeInt32LE(value, offset)` and the others. */
export function defineNumbers(realm: Realm, prototype: object): void {
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  };
  const at = (bytes: Uint8Array, offset: unknown, width: number): DataView => {
    const start = offset === undefined ? 0 : Number(offset);
    if (!Number.isInteger(start) || start < 0 || start + width > bytes.length) {
      throw new realm.intrinsics.RangeError(
        `offset ${String(offset)} with ${width} bytes is outside of ${bytes.length}`,
      );
    }
    return new DataView(bytes.buffer, bytes.byteOffset + start, width);
  };
  for (const [type, width] of NUMBERS) {
    for (const name of NAMES[type] ?? [type]) {
      for (const end of width === 1 ? [''] : ['LE', 'BE']) {
        define(`read${name}${end}`, function (this: Uint8Array, offset?: unknown): number | bigint {
          return at(this, offset, width)[`get${type}`](0, end === 'LE');
        });
        define(`write${name}${end}`, function (this: Uint8Array, value: unknown, offset?: unknown): number {
          const view = at(this, offset, width);
          if (type === 'BigInt64' || type === 'BigUint64') view[`set${type}`](0, BigInt(value as string), end === 'LE');
          else view[`set${type}`](0, Number(value), end === 'LE');
          return Number(offset ?? 0) + width;
        });
      }
    }
  }
}
