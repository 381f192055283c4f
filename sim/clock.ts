import { DueHeap, type DueEntry } from '../kernel/due-heap.ts';
import type { Clock, ClockEvent } from '../kernel/ports.ts';

/** A pending event. */
interface Entry extends DueEntry {
  readonly event: ClockEvent;
}

/**
 * The world's clock: virtual nanoseconds, and one queue of events ordered by time and, among equal times, by the order
 * in which they were scheduled.
 */
export class WorldClock implements Clock {
  now = 0;
  horizon = Infinity;
  #limit = Infinity;
  readonly #heap = new DueHeap<Entry>();
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
    return this.#heap.first !== undefined;
  }

  /** The time of the next event, or Infinity. */
  get nextTime(): number {
    return this.#heap.firstDue;
  }

  /**
   * Schedules an event; one that is scheduled already moves, behind all others of its new time.
   *
   * @throws RangeError for a time in the past, or one that never comes
   */
  schedule(time: number, event: ClockEvent): void {
    if (!(time >= this.now && time < Infinity))
      throw new RangeError(`an event for ${time} ns was scheduled at ${this.now} ns`);
    const known = this.#entries.get(event);
    const entry = known ?? { dueAt: time, dueOrder: 0, heapIndex: -1, event };
    if (known === undefined) this.#entries.set(event, entry);
    else this.#heap.remove(known);
    this.#heap.add(entry, time);
    this.#settle();
  }

  cancel(event: ClockEvent): void {
    const entry = this.#entries.get(event);
    if (entry === undefined) return;
    this.#entries.delete(event);
    this.#heap.remove(entry);
    this.#settle();
  }

  /** Lets the next event happen, if it is due before the limit or at it; says whether one did. */
  runNext(): boolean {
    const entry = this.#heap.first;
    if (entry === undefined || entry.dueAt > this.#limit) return false;
    this.#heap.remove(entry);
    this.#entries.delete(entry.event);
    this.#settle();
    this.now = entry.dueAt;
    entry.event.fire();
    return true;
  }

  #settle(): void {
    const next = this.nextTime;
    this.horizon = next < this.#limit ? next : this.#limit;
  }
}
