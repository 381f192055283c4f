import { SimulationError } from '../../kernel/simulation-error.ts';
import { describeThread } from '../diagnostics/deadlock.ts';
import { formatTime } from '../duration.ts';
import type { World } from '../world.ts';
import type { BrokenExpectation, Happening } from './expectations/judge.ts';
import type { ScenarioFailure, ScenarioRun } from './outcome.ts';

/** What a failure's report is made of, beside the failure. */
export interface ReportParts {
  readonly world: World;
  readonly run: ScenarioRun;
  /** What the timeline did before it. */
  readonly timeline: readonly Happening[];
  /** The last events of the devices concerned, up to a time. */
  readonly tail: (devices: readonly string[], until: number) => readonly string[];
}

/** Entries of the timeline that a report shows. */
const STEPS = 10;
/** Devices whose threads the report of a run that took too long shows. */
const DEVICES = 5;

const indented = (lines: readonly string[], by: number): readonly string[] =>
  lines.map((line) => `${' '.repeat(by)}${line}`);

/** The timeline so far, the last events, and how to run it again. */
function history({ run, world, timeline, tail }: ReportParts, devices: readonly string[], time: number): string[] {
  const steps = timeline.filter((step) => step.time <= time);
  const left = steps.length - STEPS;
  const events = tail(devices, time);
  return [
    ...(steps.length === 0 ? [] : ['  timeline so far:']),
    ...(left > 0 ? [`    (${left} before these)`] : []),
    ...steps.slice(-STEPS).map((step) => `    ${formatTime(step.time)}: ${step.text}`),
    ...(events.length === 0
      ? []
      : [`  last events${devices.length === 0 ? '' : ` of ${devices.join(', ')}`}:`, ...events]),
    `  reproduce with: ${run.reproduce ?? `seed ${world.seed}`}`,
  ];
}

function kindOf(error: unknown): ScenarioFailure['kind'] {
  if (!(error instanceof SimulationError)) return 'simulation';
  return error.kind === 'deadlock' || error.kind === 'livelock' ? error.kind : 'simulation';
}

/** Times are not part of a title: the same fault has others with other seeds. */
const titleOf = (text: string): string =>
  (text.split('\n', 1)[0] ?? '').replaceAll(/\b\d+(\.\d+)? ?(ns|us|ms|s)\b/g, '…');

/** The devices that a message names. */
const devicesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/device '([^']+)'/g)].map(([, name]) => name ?? '')),
];

/** The failure that something thrown in a run is. */
export function failureOf(error: unknown, parts: ReportParts): ScenarioFailure {
  const time = parts.world.clock.now;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = error instanceof SimulationError ? error.report : text.split('\n');
  return {
    kind: kindOf(error),
    title: titleOf(lines[0] ?? ''),
    time,
    report: [...lines, ...history(parts, devicesIn(lines.join('\n')), time)],
    error,
  };
}

/** The failure that an expectation is which did not hold. */
export function failureOfExpectation(broken: BrokenExpectation, parts: ReportParts): ScenarioFailure {
  const { title, expected, time, seen, devices } = broken;
  return {
    kind: 'expectation',
    title,
    time,
    report: [
      `expectation failed: ${title}`,
      `  expected: ${expected}`,
      `  judged at: ${formatTime(time)}`,
      `  seen: ${seen[0] ?? ''}`,
      ...indented(seen.slice(1), 4),
      ...history(parts, devices, time),
    ],
  };
}

/** The failure of a run that took too long by the wall clock. */
export function failureOfTime(parts: ReportParts): ScenarioFailure {
  const { world } = parts;
  const title = 'the run took longer by the wall clock than it was given';
  const { now } = world.clock;
  const devices = [...world.devices.values()];
  const threads = devices
    .slice(0, DEVICES)
    .flatMap((device) => [
      `device '${device.name}':`,
      ...device.objects.threads.map((thread) => `  ${describeThread(thread)}`),
    ]);
  return {
    kind: 'timeout',
    title,
    time: now,
    report: [
      title,
      `  virtual time: ${formatTime(now)}`,
      ...indented(threads, 2),
      ...(devices.length > DEVICES ? [`  and ${devices.length - DEVICES} more devices`] : []),
      ...history({ ...parts, tail: () => [] }, [], now),
    ],
  };
}
