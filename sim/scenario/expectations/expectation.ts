import type { Device } from '../../device.ts';
import type { TraceRecord } from '../../trace/event.ts';
import type { EventType, TraceLog } from '../../trace/trace-log.ts';
import type { World } from '../../world.ts';

const EXPECTATION = Symbol.for('txsim.expectation');

/** What was seen in place of what was expected: lines for people. */
export type Finding = readonly string[];

/** An expectation in one run. It is asked, and told of events, until it has held or failed. */
export interface Watch {
  /** What is expected, and when, for people. */
  readonly expected: string;
  /** Virtual time after which it is judged; Infinity for the end of the run. It may change as things happen. */
  readonly deadline: number;
  /**
   * Judges it, when its deadline is over or the run has ended: null where it holds.
   *
   * @param time - what is later does not count
   */
  judge(time: number): Finding | null;
  /** Asked after every instant at which something happened: `held` settles it, a finding fails it. */
  poll?(): Finding | 'held' | null;
  /** Nanoseconds between two polls at least. */
  readonly pollEvery?: number;
  /** Told of the events of {@link Watch.device}. */
  hear?(record: TraceRecord): Finding | 'held' | null;
  /** The device whose events it hears. */
  readonly device?: string;
  /** Told of what the timeline does. */
  happened?(text: string, time: number): void;
  /** Why nothing counted so far, where it counts from something that has not happened; else nothing. */
  readonly neverBegan?: readonly string[];
}

/** What a scenario expects of its run: see the functions that make them, such as `expectOutput`. */
export interface Expectation {
  readonly kind: typeof EXPECTATION;
  /** One line without times: `client prints /received/`. */
  readonly title: string;
  /** The devices whose events tell why it failed; none for all. */
  readonly devices: readonly string[];
  /** Event types to be kept for its questions to the trace, beside the usual ones. */
  readonly keeps: readonly EventType[];
  /** Whether it asks the trace at all. */
  readonly asksTrace: boolean;
  /** Begins it in a world that has still to run; throws where it names something that the world does not have. */
  readonly watch: (world: World, context: CheckContext) => Watch;
}

/** What a condition or a check is given to look at. */
export interface CheckContext {
  readonly world: World;
  /** The device of that name; throws where there is none. */
  readonly device: (name: string) => Device;
  /** What has happened so far. */
  readonly trace: TraceLog;
}

/** Makes an expectation. */
export function expectation(
  parts: Pick<Expectation, 'title' | 'watch'> & Partial<Pick<Expectation, 'devices' | 'keeps' | 'asksTrace'>>,
): Expectation {
  return { kind: EXPECTATION, devices: [], keeps: [], asksTrace: false, ...parts };
}

/** Whether a value is an expectation, also one that was made by another copy of this library. */
export function isExpectation(value: unknown): value is Expectation {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === EXPECTATION;
}
