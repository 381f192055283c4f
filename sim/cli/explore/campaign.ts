import type { FailureGroup, SeedFailure, SeedReport, ShrunkReport } from '../../explore/report.ts';
import { DRAWN } from '../../explore/variation-text.ts';
import { UsageError } from '../exit-codes.ts';
import type { ExplorePool, TaskEnd } from './pool.ts';
import { exploreReproduce, type ExploreSetting } from './setting.ts';

/** What is to be explored. */
export interface Plan {
  readonly setting: ExploreSetting;
  readonly seeds: Iterator<number>;
  /** Tasks under way at a time: some more than threads, so that none waits for its next. */
  readonly lanes: number;
  /** Failing seeds after which the rest is left out. */
  readonly stopAfter: number;
  /** Aborted where the user has had enough. */
  readonly signal: AbortSignal;
  /** Called as seeds are done. */
  readonly onReport: (report: SeedReport) => void;
}

const isSeedReport = (value: unknown): value is SeedReport =>
  typeof value === 'object' && value !== null && 'failures' in value;

/** The report of a seed whose run did not come back. */
function lost(setting: ExploreSetting, seed: number, end: TaskEnd<unknown>): SeedReport | null {
  const reproduce = `reproduce with: ${exploreReproduce(setting, seed, DRAWN, setting.until)}`;
  const failure = (kind: SeedFailure['kind'], title: string, ...more: readonly string[]): SeedReport => {
    const report = [title, ...more, reproduce];
    return { seed, failures: [{ kind, title, time: 0, report }], virtualTime: 0, wallTime: setting.timeout };
  };
  if (end.end === 'hung') {
    return failure(
      'hang',
      'the run hangs: firmware or scenario computes on the host without calling a service',
      `  it did not end within ${setting.timeout / 1000} s, so its worker was ended`,
      '  to fix it: look for a loop that never yields; --timeout gives slow runs more time',
    );
  }
  if (end.end === 'crashed') return failure('crash', `the worker of the run died: ${end.message}`);
  return null;
}

/**
 * Runs seeds on all workers until they are done, enough have failed, or the user ends it.
 *
 * @returns the reports in the order of the seeds; where enough have failed those up to the last that counts, so that the
 *   same exploration gives the same result with any number of workers
 * @throws UsageError where the scenario is wrong
 */
export async function runSeeds(pool: ExplorePool, plan: Plan): Promise<readonly SeedReport[]> {
  const { setting, seeds, lanes, stopAfter, signal, onReport } = plan;
  const reports: { readonly place: number; readonly report: SeedReport }[] = [];
  let [place, failed] = [0, 0];
  const usage: string[] = [];
  const lane = async (): Promise<void> => {
    while (!signal.aborted && failed < stopAfter && usage.length === 0) {
      const next = seeds.next();
      if (next.done === true) return;
      const own = place++;
      const end = await pool.run({ kind: 'seed', seed: next.value });
      if (end.end === 'usage') usage.push(end.message);
      const report = end.end === 'done' && isSeedReport(end.result) ? end.result : lost(setting, next.value, end);
      if (report === null) continue;
      if (report.failures.length > 0) failed++;
      reports.push({ place: own, report });
      onReport(report);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const [wrong] = usage;
  if (wrong !== undefined) throw new UsageError(wrong);
  reports.sort((one, other) => one.place - other.place);
  const failing = reports.filter(({ report }) => report.failures.length > 0);
  const end = failing[stopAfter - 1]?.place ?? Infinity;
  return reports.filter((one) => one.place <= end).map(({ report }) => report);
}

/** A group of failures, and what is left of its first one. */
export interface ExploredFailure extends FailureGroup {
  /** Null where it was not made smaller, as there was no time or the user ended it. */
  readonly shrunk: ShrunkReport | null;
}

const isShrunk = (value: unknown): value is ShrunkReport =>
  typeof value === 'object' && value !== null && 'needs' in value;

/** How failures are made smaller. */
export interface ShrinkPlan {
  /** Runs for each. */
  readonly budget: number;
  readonly signal: AbortSignal;
  /** The folder for a failure's files, by its number from 1; null for none. */
  readonly folderOf: (number: number) => string | null;
}

/** Makes the first failure of every group as small as possible; those that hang or crash stay as they are. */
export async function shrinkGroups(
  pool: ExplorePool,
  groups: readonly FailureGroup[],
  { budget, signal, folderOf }: ShrinkPlan,
): Promise<readonly ExploredFailure[]> {
  return Promise.all(
    groups.map(async (group, nth): Promise<ExploredFailure> => {
      const [seed] = group.seeds;
      const isLost = group.kind === 'hang' || group.kind === 'crash';
      if (seed === undefined || isLost || signal.aborted) return { ...group, shrunk: null };
      const failure = { kind: group.kind, title: group.title };
      const end = await pool.run({ kind: 'shrink', seed, failure, budget, folder: folderOf(nth + 1) });
      return { ...group, shrunk: end.end === 'done' && isShrunk(end.result) ? end.result : null };
    }),
  );
}
