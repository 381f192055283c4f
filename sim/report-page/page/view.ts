import type { AxisMode } from './axis.ts';
import type { Model } from './model.ts';
import { clamp } from './numbers.ts';

/** The shortest time in sight: a nanosecond does not get wider than this. */
const SHORTEST = 40;

/** Which part of the time line is in sight, in places on the axis. */
export class View {
  mode: AxisMode = 'squeezed';
  from = 0;
  to = 1;
  /** Pixels by which the lanes are scrolled. */
  scroll = 0;
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Shows everything. */
  fit(): void {
    const [first, last] = this.#ends();
    const margin = (last - first) * 0.015;
    this.show(first - margin, last + margin);
  }

  /** Shows what lies between two places. */
  show(from: number, to: number): void {
    const [first, last] = this.#ends();
    const span = clamp(to - from, SHORTEST, (last - first) * 1.2 + SHORTEST);
    const middle = clamp((from + to) / 2, first, last);
    this.from = middle - span / 2;
    this.to = middle + span / 2;
  }

  /** Shows the stretch between two times. */
  showTimes(from: number, to: number): void {
    const { axis } = this.#model;
    this.show(axis.place(from, this.mode), axis.place(to, this.mode));
  }

  /**
   * To be called before events are appended; gives what is to be called after: it shows everything where everything was in
   * sight, follows the newest events where they were, and leaves a reader who looks at older ones in peace.
   */
  follower(): () => void {
    const [first, last] = this.#ends();
    const slack = (this.to - this.from) * 0.03;
    if (this.from <= first + slack && this.to >= last - slack) return () => this.fit();
    if (this.to < last) return () => undefined;
    const ahead = this.to - last;
    return () => {
      const [, end] = this.#ends();
      this.show(end + ahead - (this.to - this.from), end + ahead);
    };
  }

  /** Makes what is in sight this many times as long, keeping a place where it is. */
  zoom(factor: number, around = (this.from + this.to) / 2): void {
    this.show(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  /** Moves by a part of what is in sight. */
  pan(part: number): void {
    const by = (this.to - this.from) * part;
    this.show(this.from + by, this.to + by);
  }

  /** Brings a time into sight, in the middle where it was not; with little of the rest moving. */
  reveal(time: number): void {
    const place = this.#model.axis.place(time, this.mode);
    if (place < this.from || place > this.to) {
      const half = (this.to - this.from) / 2;
      this.show(place - half, place + half);
    }
  }

  /** Lays time out in another way, keeping what is in sight. */
  setMode(mode: AxisMode): void {
    if (mode === this.mode) return;
    const { axis } = this.#model;
    const [from, to] = [axis.time(this.from, this.mode), axis.time(this.to, this.mode)];
    this.mode = mode;
    this.showTimes(from, to);
  }

  #ends(): readonly [number, number] {
    const { axis, firstTime, lastTime, summary } = this.#model;
    const end = this.mode === 'true' ? Math.max(lastTime, summary?.time ?? 0) : lastTime;
    return [axis.place(firstTime, this.mode), axis.place(end, this.mode)];
  }
}
