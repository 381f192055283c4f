import { pageAssets, type PageAssets } from '../report-page/assets.ts';
import { ReportCollector } from '../report-page/collector.ts';
import { REPORT_FORMAT } from '../report-page/data.ts';
import { ProblemLog } from '../report-page/problems.ts';
import { REPORT_LIMIT, ReportStore } from '../report-page/report-file.ts';
import type { ScenarioOutcome } from '../scenario/outcome.ts';
import { ENDINGS } from '../report/summary.ts';
import type { World } from '../world.ts';
import { UsageError } from './exit-codes.ts';
import { openOutput } from './output-files.ts';
import { packageVersion } from './package.ts';

/** What a run's report is asked to be. */
export interface ReportOptions {
  /** Where it goes; undefined for no report. */
  readonly report: string | undefined;
  /** Events that it keeps, the newest of them. */
  readonly 'report-limit': number | undefined;
  /** What runs. */
  readonly file: string;
  /** What a person types to run it again; default: this very command. */
  readonly command?: string;
}

/** A report that is being collected. */
export interface RunReport {
  readonly path: string;
  /** Writes the page. */
  finish(outcome: Pick<ScenarioOutcome, 'result' | 'failures'>): void;
}

/** Command line options of whoever makes a page. */
export const REPORT_LIMIT_OPTION = {
  type: 'number',
  describe: `events that the report keeps, the newest (default: ${REPORT_LIMIT})`,
} as const;

/**
 * The limit that was asked for.
 *
 * @throws UsageError where it is no number of events
 */
export function reportLimit(asked: number | undefined): number {
  if (asked === undefined) return REPORT_LIMIT;
  if (Number.isInteger(asked) && asked > 0) return asked;
  throw new UsageError(`--report-limit ${asked}: expected a number of events, 1 or more`);
}

/**
 * Begins to collect the report of a run, where one is asked for.
 *
 * @throws UsageError where its file cannot be written
 */
export async function beginReport(
  world: World,
  description: string,
  options: ReportOptions,
): Promise<RunReport | null> {
  const { report: path } = options;
  if (path === undefined) return null;
  return collectReport(world, description, { ...options, report: path }, await pageAssets());
}

/**
 * Begins to collect the report of a run for a page that is loaded.
 *
 * @throws UsageError where its file cannot be written
 */
export function collectReport(
  world: World,
  description: string,
  options: ReportOptions & { readonly report: string },
  assets: PageAssets,
): RunReport {
  const { report: path, file, command = ['txsim', ...process.argv.slice(2)].join(' ') } = options;
  const store = new ReportStore(reportLimit(options['report-limit']));
  const output = openOutput(path, 'report');
  const collector = new ReportCollector(store.add, { root: process.cwd() });
  const problems = new ProblemLog();
  world.trace.listen(collector.listener, { detail: true });
  world.trace.listen(problems.listener, { frames: false });
  let isWritten = false;
  return {
    path,
    finish: ({ result, failures }) => {
      if (isWritten) return;
      isWritten = true;
      collector.flush();
      const error = failures.find((failure) => failure.error !== undefined)?.error;
      const time = result?.time ?? world.clock.now;
      const [leaks, stalls, notes] = [world.leaks(), world.stalls(), world.notes()];
      const found = { failures, leaks, stalls, notes, time, root: process.cwd() };
      const summary = collector.summary({
        ending: result === null ? 'ended by an error' : ENDINGS[result.reason],
        time,
        cut: store.cut,
        remarks: [],
        problems: problems.list(error === undefined ? found : { ...found, error }),
      });
      const head = {
        format: REPORT_FORMAT,
        title: file,
        description,
        seed: String(world.seed),
        command,
        version: packageVersion(),
      } as const;
      for (const piece of store.html(assets, head, summary)) output.write(piece);
      output.close();
    },
  };
}
