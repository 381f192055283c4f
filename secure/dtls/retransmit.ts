import type { DtlsConfig } from './config.ts';

/** The retransmission timer of RFC 6347 section 4.2.4.1. Times are virtual nanoseconds. */
export class RetransmitTimer {
  readonly #config: DtlsConfig['retransmit'];
  #deadline: number | null = null;
  #timeout: number;
  #retries = 0;
  #lastSent = -Infinity;

  constructor(config: DtlsConfig['retransmit']) {
    this.#config = config;
    this.#timeout = config.initial;
  }

  get deadline(): number | null {
    return this.#deadline;
  }

  /** A new flight was sent, and an answer is awaited. */
  start(now: number): void {
    this.#timeout = this.#config.initial;
    this.#retries = 0;
    this.#deadline = now + this.#timeout;
  }

  /** How often the present flight was sent again because no answer came. */
  get retries(): number {
    return this.#retries;
  }

  stop(): void {
    this.#deadline = null;
  }

  /** Something was sent, the first time or again. */
  sent(now: number): void {
    this.#lastSent = now;
  }

  /** What was sent last leaves later than it was said to. */
  postpone(duration: number): void {
    this.#lastSent += duration;
    if (this.#deadline !== null) this.#deadline += duration;
  }

  isDue(now: number): boolean {
    return this.#deadline !== null && now >= this.#deadline;
  }

  /** Time has run out: doubles the time-out; false where there were enough retries. */
  backOff(now: number): boolean {
    if (++this.#retries > this.#config.retries) return false;
    this.#timeout = Math.min(this.#timeout * 2 ** this.#config.shift, this.#config.max);
    this.#deadline = now + this.#timeout;
    return true;
  }

  /**
   * Whether the flight may be sent again because the peer repeats its own: not right after it was sent, when the repeat
   * is more likely a duplicate of the network, and two peers would keep each other busy.
   */
  mayRepeat(now: number): boolean {
    return now - this.#lastSent >= this.#config.initial / 4;
  }
}
