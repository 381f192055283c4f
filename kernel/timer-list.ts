/** Something that expires at a tick: an application timer, or a waiting thread's time-out. */
export interface TimerEntry {
  /** The absolute tick of expiry while active. */
  expiryTick: number;
  /** Position among entries of one tick: first activated, first expired. */
  expiryOrder: number;
  /** Place in the heap, or -1 while inactive. */
  heapIndex: number;
}

const before = (a: TimerEntry, b: TimerEntry): boolean =>
  a.expiryTick < b.expiryTick || (a.expiryTick === b.expiryTick && a.expiryOrder < b.expiryOrder);

/** The active timers of a device, ordered by expiry: a heap, so that sleeping threads cost nothing per tick. */
export class TimerList<E extends TimerEntry> {
  readonly #heap: E[] = [];
  #order = 0;

  /** The tick of the next expiry, or Infinity. */
  get nextTick(): number {
    return this.#heap[0]?.expiryTick ?? Infinity;
  }

  activate(entry: E, tick: number): void {
    entry.expiryTick = tick;
    entry.expiryOrder = this.#order++;
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
  }

  deactivate(entry: E): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#rise(last, index);
    this.#sink(last, last.heapIndex);
  }

  /** Takes out and gives the next entry that expires at or before `tick`, or null. */
  take(tick: number): E | null {
    const first = this.#heap[0];
    if (first === undefined || first.expiryTick > tick) return null;
    this.deactivate(first);
    return first;
  }

  #rise(entry: E, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || !before(entry, parent)) break;
      this.#heap[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    this.#heap[index] = entry;
    entry.heapIndex = index;
  }

  #sink(entry: E, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      if (left === undefined) break;
      const right = this.#heap[2 * index + 2];
      const child = right !== undefined && before(right, left) ? right : left;
      if (!before(child, entry)) break;
      const childIndex = child.heapIndex;
      this.#heap[index] = child;
      child.heapIndex = index;
      index = childIndex;
    }
    this.#heap[index] = entry;
    entry.heapIndex = index;
  }
}
