import type { Axis, AxisMode } from './axis.ts';
import { lowerBound } from './numbers.ts';

/** Stretches of time in one lane, sorted by their starts, as times and as places where time is squeezed. */
export class Spans {
  readonly #axis: Axis;
  readonly #true = { starts: [] as number[], ends: [] as number[] };
  readonly #squeezed = { starts: [] as number[], ends: [] as number[] };
  /** The largest end up to each span: it only grows, so that the first one in sight can be found. */
  readonly #reach: number[] = [];
  /** What each is about: an event, or a state. */
  readonly values: number[] = [];
  /** How many others each is inside of. */
  readonly depths: number[] = [];
  deepest = 0;

  constructor(axis: Axis) {
    this.#axis = axis;
  }

  get length(): number {
    return this.values.length;
  }

  starts(mode: AxisMode): readonly number[] {
    return mode === 'true' ? this.#true.starts : this.#squeezed.starts;
  }

  ends(mode: AxisMode): readonly number[] {
    return mode === 'true' ? this.#true.ends : this.#squeezed.ends;
  }

  /** The first span that may reach into sight, where sight begins at a time. */
  firstFrom(time: number): number {
    return lowerBound(this.#reach, time);
  }

  /**
   * Adds a span that ends after all others so far. Those that began within it are inside of it: calls end before their
   * callers do.
   */
  add(start: number, end: number, value: number): void {
    const { starts, ends } = this.#true;
    let at = starts.length;
    if (end > start) while (at > 0 && (starts[at - 1] ?? 0) >= start && (ends[at - 1] ?? 0) > start) at--;
    for (let inner = at; inner < starts.length; inner++) {
      const depth = (this.depths[inner] ?? 0) + 1;
      this.depths[inner] = depth;
      this.deepest = Math.max(this.deepest, depth);
    }
    starts.splice(at, 0, start);
    ends.splice(at, 0, end);
    this.#squeezed.starts.splice(at, 0, this.#axis.place(start, 'squeezed'));
    this.#squeezed.ends.splice(at, 0, this.#axis.place(end, 'squeezed'));
    this.values.splice(at, 0, value);
    this.depths.splice(at, 0, 0);
    this.#reach.length = at;
    for (let next = at; next < ends.length; next++) {
      this.#reach.push(Math.max(this.#reach[next - 1] ?? 0, ends[next] ?? 0));
    }
  }

  /** The span that is deepest at a time, or -1. */
  innermostAt(time: number): number {
    const { starts, ends } = this.#true;
    let found = -1;
    for (let at = this.firstFrom(time); at < starts.length && (starts[at] ?? 0) <= time; at++) {
      if ((ends[at] ?? 0) >= time && (found < 0 || (this.depths[at] ?? 0) >= (this.depths[found] ?? 0))) found = at;
    }
    return found;
  }
}
