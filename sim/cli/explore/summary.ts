import type { ExploredFailure } from './campaign.ts';
import { seedsText } from '../../explore/seeds.ts';

/** Seeds that are named for a failure, at most. */
const NAMED = 8;

/** How an exploration went. */
export interface Exploration {
  readonly file: string;
  /** Seeds that were asked for, in this shard. */
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  /** Seeds of both that an earlier exploration had done. */
  readonly resumed: number;
  readonly failures: readonly ExploredFailure[];
  /** Seconds of wall time. */
  readonly wallTime: number;
  /** Runs a second. */
  readonly rate: number;
  readonly jobs: number;
  /** Whether the user ended it. */
  readonly isInterrupted: boolean;
  readonly exitCode: number;
}

/** The lines that tell of it. */
export function summarize(exploration: Exploration): readonly string[] {
  const { passed, failed, total, resumed, failures, wallTime, rate, jobs, isInterrupted } = exploration;
  const left = total - passed - failed;
  const before = resumed === 0 ? '' : `, ${resumed} of them earlier`;
  const lines = [
    `${passed + failed} of ${total} seeds run${before}: ${passed} passed, ${failed} failed`,
    `${wallTime.toFixed(1)} s, ${rate.toFixed(rate < 10 ? 1 : 0)} runs/s on ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`,
    ...(isInterrupted ? [`interrupted with ${left} seeds left`] : []),
  ];
  if (failures.length === 0) return lines;
  const width = Math.max(...failures.map(({ seeds }) => String(seeds[0]).length), 'first seed'.length);
  lines.push('', `  seeds  ${'first seed'.padStart(width)}  failure`);
  for (const { seeds, kind, title } of failures) {
    const line = [String(seeds.length).padStart(7), String(seeds[0]).padStart(width), `${kind}: ${title}`];
    lines.push(line.join('  '));
  }
  for (const [nth, failure] of failures.entries()) lines.push('', ...details(failure, nth + 1));
  return lines;
}

function details({ kind, title, seeds, failure, shrunk }: ExploredFailure, number: number): readonly string[] {
  const more = seeds.length > NAMED ? ` and ${seeds.length - NAMED} more` : '';
  const head = [`failure ${number}: ${kind}: ${title}`, `  seeds ${seedsText(seeds.slice(0, NAMED))}${more}`];
  if (shrunk === null) return [...head, ...failure.report.map((line) => `  ${line}`)];
  return [
    ...head,
    ...(shrunk.isRepeatable
      ? needsLines(shrunk.needs, shrunk.runs)
      : ['  it did not come again with the same seed: see --check-determinism; what follows is its first report']),
    ...(shrunk.report.length === 0 ? failure.report : shrunk.report).map((line) => `  ${line}`),
    ...shrunk.files.map((file) => `  wrote ${file}`),
  ];
}

function needsLines(needs: readonly string[], runs: number): readonly string[] {
  if (runs === 0) return [];
  if (needs.length === 0) return [`  fails with nothing but its seed (${runs} runs to find out)`];
  return [`  fails with (${runs} runs to find out):`, ...needs.map((need) => `    ${need}`)];
}

/** The same as one object, for machines. */
export function toJson({ failures, isInterrupted, ...facts }: Exploration): object {
  return {
    ...facts,
    interrupted: isInterrupted,
    failures: failures.map(({ kind, title, seeds, failure, shrunk }) => ({
      kind,
      title,
      count: seeds.length,
      firstSeed: seeds[0] ?? null,
      seeds,
      time: failure.time,
      needs: shrunk?.needs ?? null,
      vary: shrunk?.vary ?? null,
      reproduce: shrunk?.reproduce ?? null,
      shrinkRuns: shrunk?.runs ?? 0,
      files: shrunk?.files ?? [],
      report: shrunk === null || shrunk.report.length === 0 ? failure.report : shrunk.report,
    })),
  };
}
