/** Time and randomness of scripts: the device's own. */
import type { JsreProcess } from './process.ts';
import type { Realm } from './realm.ts';

/** The device's wall clock in milliseconds since 1970. */
export function wallClock({ board, kernel }: JsreProcess): number {
  return board.unix_time() * 1000 + Math.floor((kernel.now % 1e9) / 1e6);
}

/** Gives a realm the device's clock and random numbers in place of the host's. */
export function installDeterminism(realm: Realm, process: JsreProcess): void {
  const now = (): number => wallClock(process);
  const random = (): number => {
    const [high, low] = [process.board.random() >>> 5, process.board.random() >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
  realm.setClock(realm.adopt(now));
  const math = realm.evaluate('Math') as object;
  Object.defineProperty(math, 'random', { value: realm.adopt(random), writable: true, configurable: true });
}
