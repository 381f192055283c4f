import { formatDuration, parseDuration } from '../duration.ts';
import type { Duration, World } from '../world.ts';
import { mistake, within } from './names.ts';
import { isPromise } from './promise.ts';
import { isVerb, performVerb, verb, type TimelineAction, type Verb } from './verb.ts';

/** Something that a scenario plans for a time. */
export interface ScenarioStep {
  readonly at: Duration;
  /** A verb, or a function: `(world) => world.network('lan').set({ loss: 0.5 })`. */
  readonly do: TimelineAction;
}

/** Something that a scenario plans again and again. */
export interface RepeatedStep {
  readonly every: Duration;
  /** The first time. Default: after one period. */
  readonly from?: Duration;
  /** Not after this time. Default: for as long as the world runs. */
  readonly until?: Duration;
  readonly do: TimelineAction;
}

/** An entry of a timeline. */
export type TimelineStep = ScenarioStep | RepeatedStep;

/** `at('10s', reboot('server'))`: an entry of a timeline. */
export function at(time: Duration, action: TimelineAction): ScenarioStep {
  return { at: time, do: action };
}

/** `every('10s', reboot('client'), { from: '30s', until: '2m' })`: an entry of a timeline. */
export function every(
  period: Duration,
  action: TimelineAction,
  options: { readonly from?: Duration; readonly until?: Duration } = {},
): RepeatedStep {
  return { every: period, ...options, do: action };
}

/** An action as a verb: functions are called after their place in the timeline unless they have a name of their own. */
function named(field: string, action: unknown): Verb {
  if (isVerb(action)) return action;
  if (typeof action !== 'function') {
    throw mistake(
      `do is ${action === null ? 'null' : typeof action}`,
      "give a verb, such as reboot('server'), or a function",
    );
  }
  const call = action as (world: World) => unknown;
  const text = call.name === '' || call.name === 'do' ? field : call.name;
  return verb({ text, devices: [], check: () => undefined, perform: (world) => refuseResult(field, call(world)) });
}

/** A function that makes a verb has not done it, and nothing waits for a promise: both look as if all were well. */
function refuseResult(field: string, result: unknown): void {
  if (isVerb(result)) {
    throw mistake(
      `${field}: its function gave back the verb '${result.text}', and nothing happened`,
      "give the verb itself: at('1s', reboot('server'))",
    );
  }
  if (isPromise(result)) {
    throw mistake(`${field}: its function gave back a promise, and a run waits for none`, 'use one that is not async');
  }
}

function planRepeated(world: World, step: RepeatedStep, action: Verb): void {
  const period = within('every', () => parseDuration(step.every));
  if (period === 0) throw mistake('every is 0', "give a period, such as '10s'");
  const first = within('from', () => parseDuration(step.from ?? period));
  const last = within('until', () => (step.until === undefined ? Infinity : parseDuration(step.until)));
  if (last < first) {
    throw mistake(
      `until is ${formatDuration(last)}`,
      `give a time from ${formatDuration(first)} on, when it happens first`,
    );
  }
  // What a device does at once takes its time: the next one is counted from the time planned, not from then.
  const happenAt = (time: number): void =>
    world.at(time, () => {
      performVerb(world, action);
      if (time + period <= last) happenAt(time + period);
    });
  happenAt(first);
}

/**
 * Plans what a scenario's timeline says; everything is checked before anything happens.
 *
 * @throws SimulationError that names the entry and the field
 */
export function planTimeline(world: World, timeline: readonly TimelineStep[]): void {
  for (const [nth, step] of timeline.entries()) {
    const field = `timeline[${nth}]`;
    within(field, () => {
      const entry: unknown = step;
      if (typeof entry !== 'object' || entry === null)
        throw mistake('it is no entry', "write at('10s', reboot('server'))");
      const action = named(field, step.do);
      action.check(world);
      if ('every' in step) planRepeated(world, step, action);
      else
        world.at(
          within('at', () => parseDuration(step.at)),
          action,
        );
    });
  }
}
