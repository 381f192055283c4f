import type { Axis, AxisMode } from './axis.ts';

/** A level over time: the free packets of a pool, the messages in a queue. */
export class Level {
  readonly name: string;
  readonly kind: 'pool' | 'queue';
  readonly times: number[] = [];
  readonly #places: number[] = [];
  readonly values: number[] = [];
  /** The highest it can be, as far as is known. */
  highest = 1;
  lowest = Infinity;
  readonly #axis: Axis;

  constructor(name: string, kind: 'pool' | 'queue', axis: Axis) {
    this.name = name;
    this.kind = kind;
    this.#axis = axis;
  }

  starts(mode: AxisMode): readonly number[] {
    return mode === 'true' ? this.times : this.#places;
  }

  add(time: number, value: number, highest: number): void {
    this.times.push(time);
    this.#places.push(this.#axis.place(time, 'squeezed'));
    this.values.push(value);
    this.highest = Math.max(this.highest, highest);
    this.lowest = Math.min(this.lowest, value);
  }
}
