/** What a thread is doing, as far as its trace tells. */
export type ThreadState = 'running' | 'ready' | 'blocked' | 'ended';

/** Told of every stretch of time that a thread spent in one state. */
export type OnStretch = (lane: number, state: ThreadState, from: number, to: number, reason: string) => void;

interface Standing {
  state: ThreadState;
  since: number;
  /** What it waits for. */
  reason: string;
}

/** Follows the threads of one device through their states. Lanes stand for threads. */
export class ThreadStates {
  readonly #threads = new Map<number, Standing>();
  readonly #onStretch: OnStretch;
  #running: number | null = null;

  constructor(onStretch: OnStretch) {
    this.#onStretch = onStretch;
  }

  created(lane: number, time: number): void {
    // A device that was reset creates its threads anew.
    if (this.#running === lane) this.#running = null;
    this.#enter(lane, 'blocked', time, 'not started');
  }

  ready(lane: number, time: number): void {
    if (this.#running !== lane) this.#enter(lane, 'ready', time, '');
  }

  blocked(lane: number, time: number, reason: string): void {
    if (this.#running === lane) this.#running = null;
    this.#enter(lane, 'blocked', time, reason);
  }

  ended(lane: number, time: number): void {
    if (this.#running === lane) this.#running = null;
    this.#enter(lane, 'ended', time, '');
  }

  /** The processor goes to a thread, or to none: then, as far as the trace tells, the one before waits. */
  switchTo(lane: number | null, time: number): void {
    const before = this.#running;
    if (before !== null && before !== lane) this.#enter(before, lane === null ? 'blocked' : 'ready', time, '');
    this.#running = lane;
    if (lane !== null) this.#enter(lane, 'running', time, '');
  }

  /** How a thread stands, and since when; null for one that was never heard of. */
  standing(lane: number): { readonly state: ThreadState; readonly since: number; readonly reason: string } | null {
    return this.#threads.get(lane) ?? null;
  }

  /** Every thread's present state, which has no end yet. */
  *open(): Generator<readonly [lane: number, state: ThreadState, since: number, reason: string]> {
    for (const [lane, { state, since, reason }] of this.#threads) yield [lane, state, since, reason];
  }

  #enter(lane: number, state: ThreadState, time: number, reason: string): void {
    const known = this.#threads.get(lane);
    if (known === undefined) {
      this.#threads.set(lane, { state, since: time, reason });
      return;
    }
    if (known.state === state && known.reason === reason) return;
    if (time > known.since) this.#onStretch(lane, known.state, known.since, time, known.reason);
    known.state = state;
    known.since = time;
    known.reason = reason;
  }
}
