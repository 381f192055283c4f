import type { TX_THREAD } from './thread.ts';

/**
 * The ready threads: one ring per priority, in the order in which they run, and a bitmap of the rings that are not
 * empty, so that the highest priority is found in constant time for up to 1,024 priorities.
 */
export class ReadyList {
  readonly #heads: (TX_THREAD | null)[];
  /** One bit per priority, 32 to a word. */
  readonly #words: Int32Array;

  constructor(priorities: number) {
    this.#heads = new Array<TX_THREAD | null>(priorities).fill(null);
    this.#words = new Int32Array(Math.ceil(priorities / 32));
  }

  /** The first thread of a priority, or null. */
  head(priority: number): TX_THREAD | null {
    return this.#heads[priority] ?? null;
  }

  /** The highest priority (lowest number) with a ready thread, or -1. */
  highest(): number {
    for (let index = 0; index < this.#words.length; index++) {
      const word = this.#words[index] ?? 0;
      if (word !== 0) return index * 32 + 31 - Math.clz32(word & -word);
    }
    return -1;
  }

  /** Adds a thread behind those of its priority that are ready already. */
  append(thread: TX_THREAD): void {
    const priority = thread.tx_thread_priority;
    const head = this.#heads[priority] ?? null;
    if (head === null) {
      thread.readyNext = thread;
      thread.readyPrevious = thread;
      this.#heads[priority] = thread;
      const word = priority >>> 5;
      this.#words[word] = (this.#words[word] ?? 0) | (1 << (priority & 31));
      return;
    }
    const tail = head.readyPrevious ?? head;
    tail.readyNext = thread;
    thread.readyPrevious = tail;
    thread.readyNext = head;
    head.readyPrevious = thread;
  }

  /** Adds a thread before those of its priority that are ready already. */
  prepend(thread: TX_THREAD): void {
    this.append(thread);
    this.#heads[thread.tx_thread_priority] = thread;
  }

  /** Adds a thread right before a ready one of its priority. */
  insertBefore(thread: TX_THREAD, other: TX_THREAD): void {
    const previous = other.readyPrevious ?? other;
    previous.readyNext = thread;
    thread.readyPrevious = previous;
    thread.readyNext = other;
    other.readyPrevious = thread;
    if (this.#heads[thread.tx_thread_priority] === other) this.#heads[thread.tx_thread_priority] = thread;
  }

  remove(thread: TX_THREAD): void {
    const priority = thread.tx_thread_priority;
    const next = thread.readyNext;
    if (next === thread || next === null) {
      this.#heads[priority] = null;
      const word = priority >>> 5;
      this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (priority & 31));
    } else {
      const previous = thread.readyPrevious ?? next;
      previous.readyNext = next;
      next.readyPrevious = previous;
      if (this.#heads[priority] === thread) this.#heads[priority] = next;
    }
    thread.readyNext = null;
    thread.readyPrevious = null;
  }

  /** Lets the threads of a priority run in the order in which they stand behind a ready one, which comes last itself. */
  rotateBehind(thread: TX_THREAD): void {
    this.#heads[thread.tx_thread_priority] = thread.readyNext;
  }
}
