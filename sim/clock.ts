import type { Clock, ClockEvent } from '../kernel/ports.ts';

/** A pending event: its time, and its place among those of the same time. */
interface Entry {
  time: number;
  sequence: number;
  readonly event: ClockEvent;
  /** Place in the heap, or -1. */
  index: number;
}

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

/**
 * The world's clock: virtual nanoseconds, and one queue of events ordered by time and, among equal times, by the order
 * in which they were scheduled.
 */
export class WorldClock implements Clock {
  now = 0;
  horizon = Infinity;
  #limit = Infinity;
  #sequence = 0;
  readonly #heap: Entry[] = [];
  readonly #entries = new Map<ClockEvent, Entry>();

  /** The end of the present run: nothing later happens, and no device computes beyond it. */
  get limit(): number {
    return this.#limit;
  }

  set limit(time: number) {
    this.#limit = time;
    this.#settle();
  }

  /** Whether anything is scheduled. */
  get pending(): boolean {
    return this.#heap.length > 0;
  }

  /** The time of the next event, or Infinity. */
  get nextTime(): number {
    return this.#heap[0]?.time ?? Infinity;
  }

  /**
   * Schedules an event; one that is scheduled already moves.
   *
   * @throws RangeError for a time in the past
   */
  schedule(time: number, event: ClockEvent): void {
    if (!(time >= this.now)) throw new RangeError(`an event for ${time} ns was scheduled at ${this.now} ns`);
    let entry = this.#entries.get(event);
    if (entry === undefined) {
      entry = { time, sequence: 0, event, index: -1 };
      this.#entries.set(event, entry);
    } else if (entry.index >= 0) {
      this.#remove(entry);
    }
    entry.time = time;
    entry.sequence = this.#sequence++;
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
    this.#settle();
  }

  cancel(event: ClockEvent): void {
    const entry = this.#entries.get(event);
    if (entry === undefined) return;
    this.#entries.delete(event);
    if (entry.index >= 0) this.#remove(entry);
    this.#settle();
  }

  /** Lets the next event happen, if it is due before the limit or at it; says whether one did. */
  runNext(): boolean {
    const entry = this.#heap[0];
    if (entry === undefined || entry.time > this.#limit) return false;
    this.#remove(entry);
    this.#entries.delete(entry.event);
    this.#settle();
    this.now = entry.time;
    entry.event.fire();
    return true;
  }

  #settle(): void {
    const next = this.nextTime;
    this.horizon = next < this.#limit ? next : this.#limit;
  }

  #remove(entry: Entry): void {
    const { index } = entry;
    entry.index = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#rise(last, index);
    this.#sink(last, last.index);
  }

  #rise(entry: Entry, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || !before(entry, parent)) break;
      this.#heap[index] = parent;
      parent.index = index;
      index = parentIndex;
    }
    this.#heap[index] = entry;
    entry.index = index;
  }

  #sink(entry: Entry, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      if (left === undefined) break;
      const right = this.#heap[2 * index + 2];
      const child = right !== undefined && before(right, left) ? right : left;
      if (!before(child, entry)) break;
      const { index: childIndex } = child;
      this.#heap[index] = child;
      child.index = index;
      index = childIndex;
    }
    this.#heap[index] = entry;
    entry.index = index;
  }
}
