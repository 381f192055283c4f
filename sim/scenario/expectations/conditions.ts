import { SimulationError } from '../../../kernel/simulation-error.ts';
import { formatTime, parseDuration } from '../../duration.ts';
import type { EventType } from '../../trace/trace-log.ts';
import type { Duration, World } from '../../world.ts';
import { within } from '../names.ts';
import { isPromise } from '../promise.ts';
import { expectation, type CheckContext, type Expectation, type Finding, type Watch } from './expectation.ts';
import { Window, type WindowOptions } from './window.ts';

/** Something about a world that holds or does not. */
export type Condition = (world: World, context: CheckContext) => boolean;

/** How a condition is looked at. */
export interface ConditionOptions {
  /**
   * How often it is looked at: after the first instant at which something happened in each such time. Default: after every
   * instant at which something happened, which costs a call for each.
   */
  readonly every?: Duration;
  /** The devices whose events are shown where it fails. Default: all. */
  readonly devices?: readonly string[];
  /** Types of frequent events (frames, services) that it asks the trace for. */
  readonly trace?: readonly EventType[];
}

/** What is found where a function does not decide at once: a promise is neither true nor false. */
const PROMISE: Finding = ['it gave back a promise, and a run waits for none: use a function that is not async'];

const verbTitle = ({ after }: WindowOptions): string => (typeof after === 'object' ? ` after ${after.text}` : '');

/** A condition that is watched; `decide` says what it means that it holds or does not. */
function watched(
  title: string,
  condition: Condition,
  options: ConditionOptions & WindowOptions,
  decide: (holds: boolean) => Finding | 'held' | null,
  judge: (() => Finding) | null,
): Expectation {
  return expectation({
    title: title + verbTitle(options),
    devices: options.devices ?? [],
    keeps: options.trace ?? [],
    // A condition of one parameter asks only the world.
    asksTrace: condition.length > 1 || options.trace !== undefined,
    watch: (world, context): Watch => {
      const window = new Window(world, options);
      const pollEvery = options.every === undefined ? 0 : within('every', () => parseDuration(options.every ?? 0));
      return {
        expected: judge === null ? title + verbTitle(options) : `${title}${window.text}`,
        pollEvery,
        get deadline() {
          return window.deadline;
        },
        happened: (text, time) => window.happened(text, time),
        get neverBegan() {
          return window.neverBegan;
        },
        poll: () => {
          if (!window.hasBegun(world.clock.now)) return null;
          try {
            const holds: unknown = condition(world, context);
            return isPromise(holds) ? PROMISE : decide(Boolean(holds));
          } catch (error) {
            return [
              `its condition threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
            ];
          }
        },
        judge: () => {
          if (judge !== null) return [...window.neverBegan, ...judge()];
          return window.neverBegan.length === 0 ? null : window.neverBegan;
        },
      };
    },
  });
}

/**
 * Expects that something comes to hold: `eventually('all clients are connected', (world) => …, { by: '10s' })`. Without a
 * time it is judged at the end of the run.
 */
export function eventually(
  name: string,
  condition: Condition,
  options: ConditionOptions & WindowOptions = {},
): Expectation {
  return watched(
    `eventually ${name}`,
    condition,
    options,
    (holds) => (holds ? 'held' : null),
    () => ['it has not come to hold'],
  );
}

/** When a condition counts that is to hold all the time. */
type Since = Pick<WindowOptions, 'after'>;

/** Expects that something never holds: `never('the pool is empty', (world) => …)`. */
export function never(name: string, condition: Condition, options: ConditionOptions & Since = {}): Expectation {
  return watched(`never ${name}`, condition, options, (holds) => (holds ? ['it holds'] : null), null);
}

/** Expects that something holds all the time: `always('the server runs', (world) => …, { after: '1s' })`. */
export function always(name: string, condition: Condition, options: ConditionOptions & Since = {}): Expectation {
  return watched(`always ${name}`, condition, options, (holds) => (holds ? null : ['it does not hold']), null);
}

/** When a check is made. */
export interface CheckOptions extends Pick<ConditionOptions, 'devices' | 'trace'> {
  /** Virtual time. Default: the end of the run. */
  readonly at?: Duration;
}

/**
 * A check of one's own: what it throws, an assertion's error for example, or the text that it gives back, is the failure.
 * `check('two flights were repeated', ({ trace }) => assert.equal(trace.count('dtls-flight', …), 2))`
 */
export function check(
  name: string,
  look: (context: CheckContext) => void | string | undefined,
  options: CheckOptions = {},
): Expectation {
  const { at } = options;
  return expectation({
    title: `check ${name}`,
    devices: options.devices ?? [],
    keeps: options.trace ?? [],
    asksTrace: true,
    watch: (world, context): Watch => {
      const time = at === undefined ? Infinity : within('check: at', () => parseDuration(at));
      let finding: Finding | 'held' | null = null;
      const make = (): Finding | null => {
        try {
          const text: unknown = look(context);
          if (isPromise(text)) return PROMISE;
          if (text === false) return ['it gave back false: where something is wrong it throws, or gives back a text'];
          return typeof text === 'string' && text !== '' ? text.split('\n') : null;
        } catch (error) {
          if (error instanceof SimulationError) return error.report;
          return (error instanceof Error ? error.message : String(error)).split('\n');
        }
      };
      // The world has to stop at that very time: what it looks at may be different at the next event.
      if (time !== Infinity) world.at(time, () => void (finding = make() ?? 'held'));
      return {
        expected: `check ${name}, at ${time === Infinity ? 'the end of the run' : formatTime(time)}`,
        deadline: Infinity,
        poll: () => finding,
        judge: () => {
          if (time === Infinity) return make();
          return finding === null ? [`the run ended before ${formatTime(time)}`] : null;
        },
      };
    },
  });
}
