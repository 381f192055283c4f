import { Floats } from './columns.ts';
import { upperBound } from './numbers.ts';

/** How time is laid out: true to scale, or with the gaps in which nothing happens squeezed. */
export type AxisMode = 'true' | 'squeezed';

/** Gaps up to this many nanoseconds keep their length where time is squeezed. */
const KEPT = 1000;

/** The length that a gap has where time is squeezed: as it is up to a microsecond, then by its logarithm. */
export const squeezed = (gap: number): number => (gap <= KEPT ? gap : KEPT * (1 + Math.log(gap / KEPT)));

/**
 * Places of events on the time line. A place is a number that grows with time: nanoseconds, or, where time is squeezed,
 * the sum of the squeezed gaps between events.
 */
export class Axis {
  /** Virtual time of each event. */
  readonly times = new Floats();
  readonly #squeezed = new Floats();

  push(time: number): void {
    const { length } = this.times;
    const gap = length === 0 ? 0 : time - this.times.at(length - 1);
    this.#squeezed.push(length === 0 ? 0 : this.#squeezed.at(length - 1) + squeezed(gap));
    this.times.push(time);
  }

  /** The place of a time. */
  place(time: number, mode: AxisMode): number {
    if (mode === 'true') return time;
    const { length } = this.times;
    if (length === 0) return 0;
    const after = upperBound(this.times.values, time, length);
    if (after === 0) return this.#squeezed.at(0) - squeezed(this.times.at(0) - time);
    const [from, place] = [this.times.at(after - 1), this.#squeezed.at(after - 1)];
    if (after === length) return place + squeezed(time - from);
    const [to, next] = [this.times.at(after), this.#squeezed.at(after)];
    return place + ((time - from) / (to - from)) * (next - place);
  }

  /** The time of a place. */
  time(place: number, mode: AxisMode): number {
    if (mode === 'true') return place;
    const { length } = this.#squeezed;
    if (length === 0) return 0;
    const after = upperBound(this.#squeezed.values, place, length);
    if (after === 0) return this.times.at(0) + (place - this.#squeezed.at(0));
    const [from, time] = [this.#squeezed.at(after - 1), this.times.at(after - 1)];
    if (after === length) return time + (place - from);
    const [to, next] = [this.#squeezed.at(after), this.times.at(after)];
    return time + ((place - from) / (to - from)) * (next - time);
  }
}

const UNITS: readonly (readonly [name: string, nanoseconds: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/** A duration for people: `1.25 ms`. */
export function formatDuration(nanoseconds: number): string {
  const [name, size] = UNITS.find(([, unit]) => Math.abs(nanoseconds) >= unit) ?? ['ns', 1];
  const value = nanoseconds / size;
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 3;
  return `${Number(value.toFixed(digits))} ${name}`;
}

/** A time as exact as the trace has it, in seconds: `1.000 042 1`. */
export function formatExact(nanoseconds: number): string {
  const [whole = '0', fraction = ''] = (nanoseconds / 1e9).toFixed(9).split('.');
  return `${whole}.${fraction.slice(0, 3)} ${fraction.slice(3, 6)} ${fraction.slice(6)}`;
}

/**
 * A time on the scale, as exact as the distance of the marks asks for.
 *
 * @param last - the last time on the scale: all of it has one unit
 */
export function formatMark(nanoseconds: number, step: number, last: number): string {
  const isLong = last >= 10e9 || step >= 1e8;
  const [name, unit] = isLong ? (['s', 1e9] as const) : last >= 1e6 ? (['ms', 1e6] as const) : (['µs', 1e3] as const);
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / unit) - 1e-9)));
  return `${(nanoseconds / unit).toFixed(digits)} ${name}`;
}

/** A round distance, 1, 2 or 5 times a power of ten, that is not below another. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? power * 10;
}
