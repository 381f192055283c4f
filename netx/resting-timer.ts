import type { TX_TIMER } from '../kernel/application-timer.ts';
import type { Kernel } from '../kernel/kernel.ts';

/**
 * A periodic timer of an IP instance. On the target it runs for ever; here it rests while it would find nothing to do, so that
 * an idle device costs nothing, and goes on in step when there is something.
 */
export class RestingTimer {
  readonly #timer: TX_TIMER;
  /** Ticks from one expiry to the next. */
  #period = 1;
  /** The tick since which it rests, or -1 while it runs or is not there. */
  #since = -1;

  constructor(timer: TX_TIMER) {
    this.#timer = timer;
  }

  get rests(): boolean {
    return this.#since >= 0;
  }

  /** The timer was created anew, and runs. */
  begin(period: number): void {
    this.#period = period;
    this.#since = -1;
  }

  /** The timer is deleted. */
  end(): void {
    this.#since = -1;
  }

  /** A period is over and there is nothing to do. */
  rest(kernel: Kernel): void {
    this.#timer.deactivate(kernel);
    this.#since = kernel.ticks.tick;
  }

  /** There is something to do: starts the timer again, in step, where it rests. */
  wake(kernel: Kernel): void {
    if (!this.rests) return;
    const period = this.#period;
    const since = (((kernel.ticks.tick - this.#since) % period) + period) % period;
    this.#since = -1;
    this.#timer.remainingTicks = period - since;
    this.#timer.activate(kernel);
  }
}
