import { spinning } from './report.ts';

/** Service calls without time moving after which a device is taken to be spinning. */
const SPIN_LIMIT = 20_000_000;

/** Notices a device that calls services for ever while no time passes. */
export class SpinGuard {
  #calls = 0;
  #time = -1;

  /** Counts a service call that cost no time; throws where there were too many at this time. */
  count(now: number, service: string): void {
    if (this.#time !== now) {
      this.#time = now;
      this.#calls = 0;
    }
    if (++this.#calls < SPIN_LIMIT) return;
    throw spinning(SPIN_LIMIT, service);
  }
}
