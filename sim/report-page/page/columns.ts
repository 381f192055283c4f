const INITIAL = 4096;

/** A list of numbers that grows, in a typed array: a million of them take no more than their bytes. */
export class Floats {
  #values = new Float64Array(INITIAL);
  length = 0;

  /** The numbers; beyond {@link length} there are zeros. Take it anew after a push. */
  get values(): Float64Array {
    return this.#values;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }
}

/** A list of whole numbers that grows. */
export class Integers {
  #values = new Int32Array(INITIAL);
  length = 0;

  get values(): Int32Array {
    return this.#values;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }
}
