import type { Model } from './model.ts';
import { lowerBound } from './numbers.ts';

/** What became of a frame on its way to one port. */
export interface Flow {
  /** The event in which it was sent, or -1 where the page does not have it. */
  readonly sent: number;
  /** The event in which it arrived or was lost. */
  readonly end: number;
  readonly isLost: boolean;
}

/** The ways of frames from port to port, in the order in which they ended. */
export class Flows {
  readonly list: Flow[] = [];
  readonly #ends: number[] = [];
  /** The longest a frame was on its way, in nanoseconds. */
  longest = 0;
  /** Frames as they were sent. */
  readonly sent: number[] = [];
  readonly faults: number[] = [];

  add(model: Model, event: number, type: string): void {
    if (type === 'frame-sent') {
      this.sent.push(event);
      return;
    }
    if (type === 'frame-fault') {
      this.faults.push(event);
      return;
    }
    const sent = model.indexOf(model.other.at(event));
    this.list.push({ sent, end: event, isLost: type === 'frame-dropped' });
    this.#ends.push(model.time(event));
    if (sent >= 0) this.longest = Math.max(this.longest, model.time(event) - model.time(sent));
  }

  /** The flows that may be seen between two times, by index. */
  range(from: number, to: number): readonly [number, number] {
    return [lowerBound(this.#ends, from), lowerBound(this.#ends, to + this.longest)];
  }
}

/** The port on the other side of a lost frame, from the event's fields, or ''. */
export function destinationOf(model: Model, event: number): string {
  const fields: unknown = JSON.parse(model.string(model.fields.at(event)) || '{}');
  return typeof fields === 'object' && fields !== null && 'to' in fields ? textOf(fields.to) : '';
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The members of a sorted list whose times are between two. */
export function* between(
  list: readonly number[],
  time: (event: number) => number,
  from: number,
  to: number,
): Generator<number> {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (time(list[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < list.length; at++) {
    const event = list[at] ?? 0;
    if (time(event) > to) return;
    yield event;
  }
}
