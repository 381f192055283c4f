/** Something that is due at a time, and its place in a {@link DueHeap}. */
export interface DueEntry {
  /** When it is due; valid while it is in a heap. */
  dueAt: number;
  /** Its place among those due at the same time: first added, first out. */
  dueOrder: number;
  /** Place in the heap, or -1. */
  heapIndex: number;
}

/** Entries that one rank holds at most. */
const RANK = 2 ** 48;

const before = (a: DueEntry, b: DueEntry): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.dueOrder < b.dueOrder);

/** Entries in the order in which they are due; adding and removing take logarithmic time, looking at the first none. */
export class DueHeap<E extends DueEntry> {
  readonly #entries: E[] = [];
  #order = 0;

  /** The entry that is due first, or undefined. */
  get first(): E | undefined {
    return this.#entries[0];
  }

  /** When the first entry is due, or Infinity. */
  get firstDue(): number {
    return this.#entries[0]?.dueAt ?? Infinity;
  }

  /**
   * Adds an entry that is in no heap.
   *
   * @param rank - goes before the order of adding among entries due at the same time; 0 to 31
   */
  add(entry: E, dueAt: number, rank = 0): void {
    entry.dueAt = dueAt;
    entry.dueOrder = rank * RANK + this.#order++;
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  /** Takes an entry out; nothing happens where it is in no heap. */
  remove(entry: E): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#rise(last, index);
    this.#sink(last, last.heapIndex);
  }

  #rise(entry: E, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#entries[parentIndex];
      if (parent === undefined || !before(entry, parent)) break;
      this.#entries[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    this.#entries[index] = entry;
    entry.heapIndex = index;
  }

  #sink(entry: E, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#entries[2 * index + 1];
      if (left === undefined) break;
      const right = this.#entries[2 * index + 2];
      const child = right !== undefined && before(right, left) ? right : left;
      if (!before(child, entry)) break;
      const childIndex = child.heapIndex;
      this.#entries[index] = child;
      child.heapIndex = index;
      index = childIndex;
    }
    this.#entries[index] = entry;
    entry.heapIndex = index;
  }
}
