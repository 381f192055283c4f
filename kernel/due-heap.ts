/** Something that is due at a time, and its place in a {@link DueHeap}. */
export interface DueEntry {
  /** When it is due; valid while it is in a heap. */
  dueAt: number;
  /** Place in the heap, or -1. */
  heapIndex: number;
}

/** Entries that one rank holds at most. */
const RANK = 2 ** 48;

/**
 * Entries in the order in which they are due; adding and removing take logarithmic time, looking at the first none. The
 * keys stand in arrays of their own, which compare several times faster than fields of objects of many kinds.
 */
export class DueHeap<E extends DueEntry> {
  readonly #entries: E[] = [];
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  #order = 0;
  /** The first entry was taken out and its place is still free: what is added next often belongs there. */
  #isHollow = false;

  /** The entry that is due first, or undefined. */
  get first(): E | undefined {
    if (this.#isHollow) this.#close();
    return this.#entries[0];
  }

  /** When the first entry is due, or Infinity. */
  get firstDue(): number {
    if (this.#isHollow) this.#close();
    return this.#times[0] ?? Infinity;
  }

  /** When the entry after the first one is due, or Infinity. */
  get secondDue(): number {
    if (this.#isHollow) this.#close();
    return Math.min(this.#times[1] ?? Infinity, this.#times[2] ?? Infinity);
  }

  /**
   * Adds an entry that is in no heap.
   *
   * @param rank - goes before the order of adding among entries due at the same time; 0 to 31
   */
  add(entry: E, dueAt: number, rank = 0): void {
    entry.dueAt = dueAt;
    const order = rank * RANK + this.#order++;
    if (this.#isHollow) {
      this.#isHollow = false;
      this.#sink(entry, dueAt, order, 0);
    } else {
      this.#rise(entry, dueAt, order, this.#entries.length);
    }
  }

  /** Takes an entry out; nothing happens where it is in no heap. */
  remove(entry: E): void {
    if (entry.heapIndex < 0) return;
    if (this.#isHollow) this.#close();
    const index = entry.heapIndex;
    entry.heapIndex = -1;
    if (index === 0) this.#isHollow = true;
    else this.#fill(index);
  }

  /** Ends the hollow at the top. */
  #close(): void {
    this.#isHollow = false;
    this.#fill(0);
  }

  /** Puts the last entry into a place that is free. */
  #fill(index: number): void {
    const last = this.#entries.pop();
    const time = this.#times.pop() ?? 0;
    const order = this.#orders.pop() ?? 0;
    if (last === undefined || index === this.#entries.length) return;
    if (this.#sink(last, time, order, index) === index) this.#rise(last, time, order, index);
  }

  #isBefore(time: number, order: number, index: number): boolean {
    const other = this.#times[index] ?? Infinity;
    return time < other || (time === other && order < (this.#orders[index] ?? 0));
  }

  #place(entry: E, time: number, order: number, index: number): void {
    this.#entries[index] = entry;
    this.#times[index] = time;
    this.#orders[index] = order;
    entry.heapIndex = index;
  }

  #move(from: number, to: number): void {
    const entry = this.#entries[from];
    if (entry !== undefined) this.#place(entry, this.#times[from] ?? 0, this.#orders[from] ?? 0, to);
  }

  #rise(entry: E, time: number, order: number, from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(time, order, parent)) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#place(entry, time, order, index);
  }

  /** Puts an entry at a place or below it; gives the place. */
  #sink(entry: E, time: number, order: number, from: number): number {
    const size = this.#entries.length;
    let index = from;
    for (let child = 2 * index + 1; child < size; child = 2 * index + 1) {
      const right = child + 1;
      if (right < size && this.#isBefore(this.#times[right] ?? 0, this.#orders[right] ?? 0, child)) child = right;
      if (this.#isBefore(time, order, child)) break;
      this.#move(child, index);
      index = child;
    }
    this.#place(entry, time, order, index);
    return index;
  }
}
