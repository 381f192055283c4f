/** Time and randomness of scripts: the device's own. */
import type { JsreProcess } from './process.ts';
import type { Realm } from './realm.ts';

/** The device's wall clock in milliseconds since 1970. */
export function wallClock({ board, kernel }: JsreProcess): number {
  return board.unix_time() * 1000 + Math.floor((kernel.now % 1e9) / 1e6);
}

const DATE = `(now) => {
  const Engine = Date;
  function VirtualDate(...parts) {
    if (new.target === undefined) return new Engine(now()).toString();
    return Reflect.construct(Engine, parts.length === 0 ? [now()] : parts, new.target);
  }
  const own = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
  own(VirtualDate, 'now', now);
  own(VirtualDate, 'parse', Engine.parse);
  own(VirtualDate, 'UTC', Engine.UTC);
  Object.defineProperty(VirtualDate, 'name', { value: 'Date' });
  Object.defineProperty(VirtualDate, 'length', { value: 7 });
  Object.defineProperty(VirtualDate, 'prototype', { value: Engine.prototype, writable: false });
  own(Engine.prototype, 'constructor', VirtualDate);
  return VirtualDate;
}`;

/** Gives a realm the device's clock and random numbers in place of the host's. */
export function installDeterminism(realm: Realm, process: JsreProcess): void {
  const now = (): number => wallClock(process);
  const random = (): number => {
    const [high, low] = [process.board.random() >>> 5, process.board.random() >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
  const make = realm.evaluate(DATE) as (now: () => number) => object;
  const date = make(realm.adopt(now));
  realm.natives.set(date, 'Date');
  realm.define('Date', date);
  const math = realm.evaluate('Math') as object;
  Object.defineProperty(math, 'random', { value: realm.adopt(random), writable: true, configurable: true });
}
