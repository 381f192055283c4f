import type { LiveSession } from './session.ts';

/** Milliseconds of real time for which a run goes on before browsers are served. */
const SLICE = 12;
/** Milliseconds at most until the page's clock moves on, also where nothing happens. */
const TICK = 33;
/** Events between two looks at the clock. */
const EVENTS = 32;
/** A run that is later than this, in milliseconds, does not try to catch up. */
const LATE = 100;

/** Goes on with a session at its pace while there is something to do; while there is not, nothing runs. */
export class LivePacer {
  readonly #session: LiveSession;
  readonly #moved: () => void;
  /** Where real and virtual time were the same last. */
  #anchor: { readonly wall: number; readonly virtual: number; readonly pace: number } | null = null;
  #timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #isClosed = false;

  /** @param moved - called when time has gone on */
  constructor(session: LiveSession, moved: () => void) {
    this.#session = session;
    this.#moved = moved;
  }

  /** The session was told something: there may be something to do, or another pace. */
  wake(): void {
    this.#anchor = null;
    this.#plan(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #plan(milliseconds: number): void {
    this.#cancel();
    if (this.#isClosed || this.#session.isIdle) return;
    const go = (): void => {
      this.#timer = null;
      this.#go();
    };
    this.#timer = milliseconds < 1 ? setImmediate(go) : setTimeout(go, milliseconds);
  }

  #cancel(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = null;
  }

  #go(): void {
    const session = this.#session;
    const start = performance.now();
    const target = this.#target(start);
    let events = 0;
    session.slice(target, () => ++events % EVENTS !== 0 || performance.now() - start < SLICE);
    const { now } = session.world.clock;
    const pace = this.#anchor?.pace ?? Infinity;
    // A machine that cannot keep the pace goes as fast as it can from where it is.
    if (target - now > LATE * 1e6 * pace) this.#anchor = null;
    this.#moved();
    this.#plan(session.nextTime <= target ? 0 : Math.min(TICK, (session.nextTime - target) / 1e6 / pace));
  }

  /** The virtual time that real time stands for. */
  #target(wall: number): number {
    const { pace, world } = this.#session;
    if (pace === Infinity) {
      this.#anchor = null;
      return Infinity;
    }
    if (this.#anchor?.pace !== pace) this.#anchor = { wall, virtual: world.clock.now, pace };
    return this.#anchor.virtual + Math.round((wall - this.#anchor.wall) * 1e6 * pace);
  }
}
