import type { WorldClock } from '../clock.ts';

/** Longest sleep at a stretch, in milliseconds: how late a signal or a condition is noticed at the latest. */
const LONGEST_SLEEP = 50;

/** Timers of the host are no finer than a millisecond: what is due sooner is waited for by turning in place. */
const TIMER_GRAIN = 2;

/** Lets something from outside (a datagram of a real peer) enter a world that is paced by the wall clock. */
export class Doorbell {
  #ring: (() => void) | null = null;
  /** Brings the world up to the wall clock's time; set while it is paced. */
  catchUp: (() => void) | null = null;

  /** Wakes the pacer: something is to be done now. */
  ring(): void {
    this.#ring?.();
  }

  /** Waits for the bell or until the time is over. */
  async wait(milliseconds: number): Promise<void> {
    if (milliseconds < TIMER_GRAIN) {
      // One turn of the event loop, so that sockets are looked at too.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#ring = null;
  }
}

/** A world's time by the wall clock. */
export class WallPace {
  readonly #clock: WorldClock;
  readonly #wallStart = performance.now();
  readonly #virtualStart: number;

  constructor(clock: WorldClock) {
    this.#clock = clock;
    this.#virtualStart = clock.now;
  }

  /** The virtual time that the wall clock stands for, in nanoseconds. */
  get now(): number {
    return this.#virtualStart + Math.round((performance.now() - this.#wallStart) * 1e6);
  }

  /** Milliseconds of wall time until a virtual time. */
  until(time: number): number {
    return (time - this.now) / 1e6;
  }

  /** Lets everything happen that is due by now; the virtual clock then shows the wall clock's time. */
  catchUp(limit: number): void {
    const target = Math.min(this.now, limit);
    this.#clock.limit = target;
    while (this.#clock.runNext());
    this.#clock.now = Math.max(this.#clock.now, target);
  }
}

/** Runs a world's clock at the pace of the wall clock; see `World.runRealTime`. */
export async function runPaced(
  clock: WorldClock,
  until: number,
  stopWhen: () => boolean,
  bell: Doorbell,
): Promise<'stopped' | 'until' | 'idle'> {
  const pace = new WallPace(clock);
  bell.catchUp = () => pace.catchUp(until);
  for (;;) {
    pace.catchUp(until);
    if (stopWhen()) return 'stopped';
    if (clock.now >= until) return 'until';
    const next = Math.min(clock.nextTime, until);
    const sleep = Math.min(LONGEST_SLEEP, Math.max(0, pace.until(next)));
    await bell.wait(sleep);
  }
}
