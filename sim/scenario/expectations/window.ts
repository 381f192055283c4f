import { formatDuration, parseDuration } from '../../duration.ts';
import type { Duration, World } from '../../world.ts';
import { mistake, within } from '../names.ts';
import type { Verb } from '../verb.ts';

/** When something is expected. */
export interface WindowOptions {
  /** Virtual time by which it has to have happened. Default: the end of the run. */
  readonly by?: Duration;
  /** What happens before does not count: a virtual time, or what the timeline does (`reboot('server')`; the first time). */
  readonly after?: Duration | Verb;
  /** How long after `after` it has to have happened. */
  readonly within?: Duration;
}

/** The time in which an expectation counts: it begins with a time, or with something that the timeline does. */
export class Window {
  /** Virtual time from which on it counts; Infinity while that has still to come. */
  begins: number;
  /** Virtual time of its end; Infinity for the end of the run. */
  deadline: number;
  readonly #verb: string | null;
  readonly #within: number;
  readonly #by: number;

  /** @throws SimulationError where a time makes no sense, or `after` names something that the world does not have */
  constructor(world: World, options: WindowOptions) {
    const { after, by } = options;
    if (typeof after === 'object') within('after', () => after.check(world));
    this.#verb = typeof after === 'object' ? after.text : null;
    this.#within = options.within === undefined ? Infinity : within('within', () => parseDuration(options.within ?? 0));
    this.#by = by === undefined ? Infinity : within('by', () => parseDuration(by));
    this.begins = typeof after === 'object' ? Infinity : within('after', () => parseDuration(after ?? 0));
    this.deadline = Math.min(this.#by, this.begins + this.#within);
    if (this.#by < this.begins && this.#verb === null) {
      throw mistake(`by is ${formatDuration(this.#by)}, and after ${formatDuration(this.begins)}`, 'give a later by');
    }
  }

  /** The timeline did something. */
  happened(text: string, time: number): void {
    if (text !== this.#verb || this.begins !== Infinity) return;
    this.begins = time;
    this.deadline = Math.min(this.#by, time + this.#within);
  }

  /** Whether it counts by now. */
  hasBegun(now: number): boolean {
    return now >= this.begins;
  }

  /** What of it does not depend on times, for titles: ` after reboot server`, or nothing. */
  get title(): string {
    return this.#verb === null ? '' : ` after ${this.#verb}`;
  }

  /** `, by 5s`, `, within 5s after reboot server`, `, by the end of the run`. */
  get text(): string {
    const start = this.#verb ?? (this.begins > 0 && this.begins < Infinity ? formatDuration(this.begins) : null);
    const end = this.#by === Infinity ? null : `by ${formatDuration(this.#by)}`;
    const length = this.#within === Infinity ? null : `within ${formatDuration(this.#within)}`;
    const parts = [end, length, start === null ? null : `after ${start}`].filter((part) => part !== null);
    return parts.length === 0 || (end === null && length === null)
      ? `${parts.map((part) => ` ${part}`).join('')}, by the end of the run`
      : `, ${parts.join(' ')}`;
  }

  /** Why nothing counted, where what it waits for never came; else nothing. */
  get neverBegan(): readonly string[] {
    return this.#verb !== null && this.begins === Infinity ? [`'${this.#verb}' has not happened`] : [];
  }
}
