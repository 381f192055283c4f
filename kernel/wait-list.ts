import type { TX_THREAD } from './thread.ts';

/** What a thread waits for: the part of a semaphore, queue, pool … that reports and time-outs need. */
export interface WaitSubject {
  /** For reports: `semaphore 'ready'`. */
  describe(): string;
  /** Who could end the wait, where the object knows it: a mutex's owner. */
  holder?(): TX_THREAD | null;
  /** Called when a waiter left without being served (time-out, abort, termination). */
  abandoned?(thread: TX_THREAD): void;
  /** Counts a wait whose time ran out. */
  timedOut?(): void;
}

/** The threads suspended on one object, in the order in which they came. */
export class WaitList {
  readonly subject: WaitSubject;
  /** The status a waiter gets when its time runs out. */
  readonly timeoutStatus: number;
  #head: TX_THREAD | null = null;
  #tail: TX_THREAD | null = null;
  #count = 0;

  constructor(subject: WaitSubject, timeoutStatus: number) {
    this.subject = subject;
    this.timeoutStatus = timeoutStatus;
  }

  get count(): number {
    return this.#count;
  }

  get first(): TX_THREAD | null {
    return this.#head;
  }

  append(thread: TX_THREAD): void {
    thread.waitList = this;
    thread.waitNext = null;
    thread.waitPrevious = this.#tail;
    if (this.#tail === null) this.#head = thread;
    else this.#tail.waitNext = thread;
    this.#tail = thread;
    this.#count++;
  }

  prepend(thread: TX_THREAD): void {
    thread.waitList = this;
    thread.waitPrevious = null;
    thread.waitNext = this.#head;
    if (this.#head === null) this.#tail = thread;
    else this.#head.waitPrevious = thread;
    this.#head = thread;
    this.#count++;
  }

  remove(thread: TX_THREAD): void {
    const { waitNext: next, waitPrevious: previous } = thread;
    if (previous === null) this.#head = next;
    else previous.waitNext = next;
    if (next === null) this.#tail = previous;
    else next.waitPrevious = previous;
    thread.waitList = null;
    thread.waitNext = null;
    thread.waitPrevious = null;
    this.#count--;
  }

  /** The waiter of the highest priority; the one that came first among equals. */
  highest(): TX_THREAD | null {
    let best = this.#head;
    for (let thread = best; thread !== null; thread = thread.waitNext) {
      if (best === null || thread.tx_thread_priority < best.tx_thread_priority) best = thread;
    }
    return best;
  }

  /** Moves the waiter of the highest priority to the front, once (`tx_*_prioritize`). */
  prioritize(): void {
    const best = this.highest();
    if (best === null || best === this.#head) return;
    this.remove(best);
    this.prepend(best);
  }

  *[Symbol.iterator](): IterableIterator<TX_THREAD> {
    for (let thread = this.#head; thread !== null;) {
      const next: TX_THREAD | null = thread.waitNext;
      yield thread;
      thread = next;
    }
  }
}
