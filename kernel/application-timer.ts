import { TX_WAIT_FOREVER, type ULONG } from './constants.ts';
import { beginCallback, endCallback, type CallbackFrame } from './callback.ts';
import type { Kernel } from './kernel.ts';
import type { Callback, Op } from './op.ts';
import { addCounters, timerCounters } from './performance.ts';
import type { ExpiringTimer } from './tick-timer.ts';

export const TIMER_ID = 0x4154494d;

/** Ticks that ThreadX's list of timers looks ahead; a longer timer sits through several passes of it. */
const PASS = 32;

/** An application timer control block. */
export class TX_TIMER implements ExpiringTimer {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 44;

  tx_timer_id: ULONG = 0;
  tx_timer_name = '';
  expiration: Callback<[ULONG], void> | null = null;
  expirationInput: ULONG = 0;
  /** Ticks until the next expiry while inactive. */
  remainingTicks: ULONG = 0;
  rescheduleTicks: ULONG = 0;
  /** Ticks it was activated with last. */
  activatedTicks: ULONG = 0;
  /** Its routine runs, and it is to be active again when that is over. */
  reactivates = false;
  performance = timerCounters();
  dueAt = 0;
  heapIndex = -1;
  #frame: CallbackFrame | null = null;

  /** Whether it runs, or its routine does and it is periodic. */
  get active(): boolean {
    return this.heapIndex >= 0 || this.reactivates;
  }

  /** Starts it with the ticks it has left. A wait for ever never expires, and leaves the timer inactive, as in ThreadX. */
  activate(kernel: Kernel): void {
    this.performance.activates++;
    this.#start(kernel);
  }

  /** Stops it; it keeps the ticks it has left. */
  deactivate(kernel: Kernel): void {
    this.performance.deactivates++;
    if (this.heapIndex >= 0) {
      const left = kernel.ticks.left(this);
      this.performance.expiration_adjusts += Math.floor((this.activatedTicks - left) / PASS);
      this.remainingTicks = left;
      kernel.ticks.deactivate(this);
    }
    this.reactivates = false;
  }

  /** Begins its routine, in the timer thread; a periodic timer counts as active meanwhile. */
  expire(kernel: Kernel): void | Op<void> {
    this.performance.expirations++;
    this.performance.expiration_adjusts += Math.ceil(this.activatedTicks / PASS) - 1;
    this.remainingTicks = this.rescheduleTicks;
    this.reactivates = this.rescheduleTicks > 0;
    const { expiration } = this;
    if (expiration === null) return;
    this.#frame = beginCallback(kernel, this.tx_timer_name);
    return expiration(this.expirationInput);
  }

  /** Its routine is over: a periodic timer starts again, unless the routine has stopped it. */
  expired(kernel: Kernel): void {
    if (this.#frame !== null) endCallback(kernel, this.#frame);
    this.#frame = null;
    if (!this.reactivates) return;
    this.reactivates = false;
    this.performance.reactivates++;
    this.#start(kernel);
  }

  #start(kernel: Kernel): void {
    if (this.remainingTicks === TX_WAIT_FOREVER) return;
    this.activatedTicks = this.remainingTicks;
    kernel.ticks.activate(this, this.remainingTicks);
  }
}

export function createTimer(
  kernel: Kernel,
  timer: TX_TIMER,
  parts: {
    readonly name: string;
    readonly expiration: Callback<[ULONG], void> | null;
    readonly input: ULONG;
    readonly initialTicks: ULONG;
    readonly rescheduleTicks: ULONG;
  },
): void {
  timer.tx_timer_id = TIMER_ID;
  timer.tx_timer_name = parts.name;
  timer.expiration = parts.expiration;
  timer.expirationInput = parts.input;
  timer.remainingTicks = parts.initialTicks;
  timer.rescheduleTicks = parts.rescheduleTicks;
  timer.reactivates = false;
  timer.performance = timerCounters();
  kernel.created.timers.add(timer);
}

export function deleteTimer(kernel: Kernel, timer: TX_TIMER): void {
  kernel.ticks.deactivate(timer);
  timer.reactivates = false;
  timer.tx_timer_id = 0;
  kernel.created.timers.delete(timer);
  addCounters(kernel.performance.timers, timer.performance);
}
