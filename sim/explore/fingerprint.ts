import { jsonLine } from '../export/json-lines.ts';
import type { ScenarioOutcome } from '../scenario/outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { formatTime } from '../duration.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { World } from '../world.ts';
import { runVaried, type VariedRun } from './varied-run.ts';

/** A 32-bit hash of a text, begun with that of what came before. */
function hashOn(hash: number, text: string): number {
  let next = hash;
  for (let index = 0; index < text.length; index++) next = Math.imul(next ^ text.charCodeAt(index), 0x01000193);
  return next ^ (next >>> 15);
}

/** Two runs that should have been the same and were not. */
export interface Divergence {
  /** Number of the first event that differs, from 1. */
  readonly event: number;
  /** What it was in each run, as lines of JSON; null where a run ended before it. */
  readonly first: string | null;
  readonly second: string | null;
  /** Virtual time in nanoseconds. */
  readonly time: number;
}

/** A run, and the running hash of its events after each of them. */
function hashes(scenario: Scenario, run: VariedRun): { readonly outcome: ScenarioOutcome; readonly after: Int32Array } {
  let after = new Int32Array(1024);
  let [count, hash] = [0, 0];
  const take = (record: TraceRecord): void => {
    if (count === after.length) {
      const larger = new Int32Array(2 * count);
      larger.set(after);
      after = larger;
    }
    hash = hashOn(hash, jsonLine(record));
    after[count++] = hash;
  };
  const outcome = runVaried(scenario, { ...run, prepare: listening(run, take) });
  return { outcome, after: after.subarray(0, count) };
}

const listening =
  (run: VariedRun, take: (record: TraceRecord) => void) =>
  (world: World): void => {
    run.prepare?.(world);
    world.trace.listen(take, { detail: true });
  };

/** The events of a run from a number on, as lines; at most so many. */
function linesFrom(scenario: Scenario, run: VariedRun, most: number): readonly { line: string; time: number }[] {
  const lines: { line: string; time: number }[] = [];
  const take = (record: TraceRecord): void => {
    if (lines.length < most) lines.push({ line: jsonLine(record).trimEnd(), time: record.time });
  };
  runVaried(scenario, { ...run, tail: 0, prepare: listening(run, take) });
  return lines;
}

function firstDifference<T>(one: ArrayLike<T>, other: ArrayLike<T>): number {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index++) if (one[index] !== other[index]) return index;
  return one.length === other.length ? -1 : shared;
}

/**
 * Runs a seed twice and compares every event, the frequent ones included.
 *
 * @returns the first run's outcome, and where the second parted from it; null where both were the same
 * @throws SimulationError of kind `world` where scenario or variation make no sense
 */
export function runTwice(
  scenario: Scenario,
  run: VariedRun,
): { readonly outcome: ScenarioOutcome; readonly divergence: Divergence | null } {
  const first = hashes(scenario, run);
  // A run that was broken off ends wherever the machine was just then.
  if (first.outcome.result?.reason === 'expired') return { outcome: first.outcome, divergence: null };
  const second = hashes(scenario, run);
  if (second.outcome.result?.reason === 'expired') return { outcome: second.outcome, divergence: null };
  const at = firstDifference(first.after, second.after);
  if (at < 0) return { outcome: first.outcome, divergence: null };
  return { outcome: first.outcome, divergence: locate(scenario, run, at) };
}

/** Repeats both runs with their events as texts; what decides between them may do so at another event this time. */
function locate(scenario: Scenario, run: VariedRun, at: number): Divergence {
  const most = 10 * (at + 1) + 1000;
  const [one, other] = [linesFrom(scenario, run, most), linesFrom(scenario, run, most)];
  const lines = (of: readonly { line: string }[]): readonly string[] => of.map(({ line }) => line);
  const found = firstDifference(lines(one), lines(other));
  const index = found < 0 ? at : found;
  return {
    event: index + 1,
    first: one[index]?.line ?? null,
    second: found < 0 ? null : (other[index]?.line ?? null),
    time: (one[index] ?? other[index])?.time ?? 0,
  };
}

/** A divergence as the lines of a report. */
export function describeDivergence({ event, first, second, time }: Divergence): readonly string[] {
  return [
    `two runs of the same seed differ at event ${event}, at ${formatTime(time)}`,
    `  one run:   ${first ?? '(has ended)'}`,
    `  the other: ${second ?? '(has ended, or was the same this time)'}`,
    '  to fix it: firmware must take randomness from board.random() and time from the services; nothing may stay in',
    '  variables outside of defineFirmware() from one run to the next',
  ];
}
