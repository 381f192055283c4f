import type { Kernel } from '../../kernel/kernel.ts';

const BURST = 10;
/** Nanoseconds in which one more error may be sent. */
const INTERVAL = 100e6;

/** Limits the error messages that a host sends to ten at once and ten a second (RFC 4443 section 2.4 f). */
export class ErrorBudget {
  readonly #kernel: Kernel;
  #tokens = BURST;
  #since = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Takes the leave to send one; false where there is none at the moment. */
  take(): boolean {
    const { now } = this.#kernel;
    const earned = Math.floor((now - this.#since) / INTERVAL);
    if (earned > 0) {
      this.#tokens = Math.min(BURST, this.#tokens + earned);
      this.#since += earned * INTERVAL;
    }
    if (this.#tokens === 0) return false;
    this.#tokens--;
    return true;
  }
}
