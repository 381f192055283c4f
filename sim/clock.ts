import { DueHeap } from '../kernel/due-heap.ts';
import type { Clock, ClockEvent, Precedence } from '../kernel/ports.ts';

/**
 * The world's clock: virtual nanoseconds, and one queue of events ordered by time and, among equal times, by the order
 * in which they were scheduled; or, where that is varied, by rank.
 */
export class WorldClock implements Clock {
  now = 0;
  horizon = Infinity;
  /** What was scheduled last. */
  scheduledLast: ClockEvent | null = null;
  #limit = Infinity;
  readonly precedence: Precedence | null;
  readonly #heap = new DueHeap<ClockEvent>();

  /** @param precedence - varies the order of equal times; null for the order of scheduling */
  constructor(precedence: Precedence | null = null) {
    this.precedence = precedence;
  }

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

  /** The next event, or undefined. */
  get next(): ClockEvent | undefined {
    return this.#heap.first;
  }

  /** The time of the event after the next one, or Infinity. */
  get secondTime(): number {
    return this.#heap.secondDue;
  }

  /**
   * Schedules an event; one that is scheduled already moves, behind all others of its new time.
   *
   * @throws RangeError for a time in the past, or one that never comes
   */
  schedule(time: number, event: ClockEvent): void {
    if (!(time >= this.now && time < Infinity))
      throw new RangeError(`an event for ${time} ns was scheduled at ${this.now} ns`);
    this.#heap.remove(event);
    this.#heap.add(event, time, this.precedence === null ? 0 : this.precedence.rank(time, event.source));
    this.scheduledLast = event;
    this.#settle();
  }

  cancel(event: ClockEvent): void {
    if (event.heapIndex < 0) return;
    this.#heap.remove(event);
    this.#settle();
  }

  /** Lets the next event happen, if it is due before the limit or at it; says whether one did. */
  runNext(): boolean {
    const event = this.#heap.first;
    if (event === undefined || event.dueAt > this.#limit) return false;
    this.#heap.remove(event);
    this.#settle();
    this.now = event.dueAt;
    event.fire();
    return true;
  }

  #settle(): void {
    const next = this.nextTime;
    this.horizon = next < this.#limit ? next : this.#limit;
  }
}
