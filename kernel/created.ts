/**
 * The objects of one kind that were created and not deleted, in order of creation: the ring that ThreadX links through
 * its control blocks, which `*_info_get` shows as `next_…`.
 */
export class CreatedList<T> implements Iterable<T> {
  readonly #objects = new Set<T>();

  get size(): number {
    return this.#objects.size;
  }

  has(object: T): boolean {
    return this.#objects.has(object);
  }

  add(object: T): void {
    this.#objects.add(object);
  }

  delete(object: T): void {
    this.#objects.delete(object);
  }

  /** The object created after this one; after the last comes the first. */
  next(object: T): T {
    let first: T | null = null;
    let found = false;
    for (const other of this.#objects) {
      if (found) return other;
      first ??= other;
      found = other === object;
    }
    return first ?? object;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#objects.values();
  }
}
