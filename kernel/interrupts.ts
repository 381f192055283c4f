import type { Kernel } from './kernel.ts';
import type { Op } from './op.ts';
import { TX_INT_DISABLE, TX_INT_ENABLE } from './constants.ts';
import { serveInterrupt } from './off-thread.ts';

interface HeldInterrupt {
  readonly name: string;
  readonly routine: () => void | Op<unknown>;
}

/**
 * The interrupt posture of a device: each thread has its own, as on Cortex-M ports of ThreadX. What comes while the
 * running thread has interrupts disabled waits until it enables them, or until another thread runs.
 */
export class InterruptController {
  readonly #kernel: Kernel;
  readonly #held: HeldInterrupt[] = [];
  /** Whether initialisation, or a routine, has interrupts disabled; nothing can interrupt those anyway. */
  #offThreadPosture = TX_INT_ENABLE;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Whether an interrupt waits. */
  get pending(): boolean {
    return this.#held.length > 0;
  }

  /** Whether the running thread has interrupts disabled. */
  get masked(): boolean {
    return this.#kernel.current?.interruptsDisabled === true;
  }

  /** Keeps an interrupt back while interrupts are disabled; says whether it did. */
  hold(name: string, routine: () => void | Op<unknown>): boolean {
    if (!this.masked) return false;
    this.#held.push({ name, routine });
    return true;
  }

  /** Runs what was held back, in order, unless interrupts are still disabled; says whether anything ran. */
  serve(): boolean {
    if (this.masked) return false;
    for (let next = this.#held.shift(); next !== undefined; next = this.#held.shift()) {
      serveInterrupt(this.#kernel, next.name, next.routine);
    }
    return true;
  }

  /** Sets the caller's posture; gives the one before. */
  control(posture: number): number {
    const { context, current } = this.#kernel;
    if (current === null || context === 'init' || context === 'isr') {
      const before = this.#offThreadPosture;
      this.#offThreadPosture = posture;
      return before;
    }
    const before = current.interruptsDisabled ? TX_INT_DISABLE : TX_INT_ENABLE;
    current.interruptsDisabled = posture !== TX_INT_ENABLE;
    if (this.pending) this.serve();
    return before;
  }
}
