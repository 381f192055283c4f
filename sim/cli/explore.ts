import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { groupFailures, type SeedReport } from '../explore/report.ts';
import { countSeeds, seedsOf, type SeedRange, type Shard } from '../explore/seeds.ts';
import { runSeeds, shrinkGroups } from './explore/campaign.ts';
import { Journal } from './explore/journal.ts';
import { junitXml } from './explore/junit.ts';
import {
  exploreOptions,
  jobsArgument,
  seedsArgument,
  shardArgument,
  wholeArgument,
  type ExploreArguments,
} from './explore/options.ts';
import { ExplorePool } from './explore/pool.ts';
import { Progress } from './explore/progress.ts';
import type { ExploreSetting } from './explore/setting.ts';
import { summarize, toJson, type Exploration } from './explore/summary.ts';
import { exitCodeOf } from './explore/verdict.ts';
import { UsageError } from './exit-codes.ts';
import { loadScenario } from './load.ts';
import { quoted } from './reproduce.ts';
import { duration, parameters } from './values.ts';

/** What the shell shows for a program that SIGINT ended. */
const INTERRUPTED = 130;
/** Failures of different kinds that are made smaller, at most. */
const MOST_GROUPS = 20;

function settingOf(args: ExploreArguments): ExploreSetting {
  parameters(args.param ?? []);
  if (args.until !== undefined) duration(args.until, 'until');
  const timeout = duration(args.timeout, 'timeout') / 1e6;
  if (timeout < 1) throw new UsageError(`--timeout ${args.timeout}: expected a millisecond or more`);
  return {
    file: args.file,
    until: args.until ?? null,
    params: args.param ?? [],
    cpu: args.cpu ?? null,
    timeout,
    checkDeterminism: args['check-determinism'],
  };
}

/** The seeds of a shard that are not done, one after the other. */
function* openSeeds(ranges: readonly SeedRange[], shard: Shard, done: readonly SeedReport[]): IterableIterator<number> {
  const finished = new Set(done.map(({ seed }) => seed));
  for (const seed of seedsOf(ranges, shard)) if (!finished.has(seed)) yield seed;
}

/** The seeds of a journal that are asked for. */
function doneSeeds(ranges: readonly SeedRange[], { part, of }: Shard, journal: Journal | null): readonly SeedReport[] {
  let offset = 0;
  const places = ranges.map(({ first, last }) => {
    const range = { first, last, offset };
    offset += last - first + 1;
    return range;
  });
  return (journal?.done ?? []).filter(({ seed }) =>
    places.some(
      ({ first, last, offset: at }) => seed >= first && seed <= last && (at + seed - first) % of === part - 1,
    ),
  );
}

/** Ends an exploration in order at the first SIGINT, and the process at the second. */
function interruptible(): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

/** What need not be typed. */
const DEFAULTS: Readonly<Record<string, string | number>> = { timeout: '60s', shrink: 200 };

/** How to go on after an interruption. */
function goOn(args: ExploreArguments): string {
  const words = ['txsim', 'explore', args.file, '--seeds', args.seeds];
  if (args.shard !== undefined) words.push('--shard', args.shard);
  for (const pair of args.param ?? []) words.push('--param', pair);
  if (args.cpu !== undefined) words.push('--cpu', args.cpu);
  if (args.until !== undefined) words.push('--until', args.until);
  if (args['check-determinism']) words.push('--check-determinism');
  for (const name of ['timeout', 'stop-after', 'shrink', 'jobs', 'junit', 'out'] as const) {
    const value = args[name];
    if (value !== undefined && value !== DEFAULTS[name]) words.push(`--${name}`, String(value));
  }
  const command = [...words, '--resume', args.resume ?? 'explore.jsonl'].map(quoted).join(' ');
  return args.resume === undefined
    ? `nothing was noted; to be able to go on another time: ${command}`
    : `go on with: ${command}`;
}

function write(path: string, option: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(
      `--${option} ${path}: cannot be written (${error instanceof Error ? error.message : 'error'})`,
    );
  }
}

async function explore(args: ExploreArguments): Promise<number> {
  const ranges = seedsArgument(args.seeds);
  const shard = shardArgument(args.shard, process.env);
  const jobs = jobsArgument(args.jobs);
  const stopAfter = args['stop-after'] === undefined ? Infinity : wholeArgument('stop-after', args['stop-after'], 1);
  const budget = wholeArgument('shrink', args.shrink, 0);
  const setting = settingOf(args);
  // Here once, so that what is wrong with it is said before anything begins.
  await loadScenario(args.file);
  if (args.junit !== undefined) write(args.junit, 'junit', '');
  const journal = args.resume === undefined ? null : Journal.open(args.resume, setting);
  const done = doneSeeds(ranges, shard, journal);
  const total = countSeeds(ranges, shard);
  const progress = new Progress(total - done.length, args.quiet || args.json);
  const { signal, dispose } = interruptible();
  const pool = new ExplorePool(setting, Math.min(jobs, Math.max(1, total - done.length)));
  signal.addEventListener('abort', () => void pool.closeSoon());
  try {
    const fresh = await runSeeds(pool, {
      setting,
      seeds: openSeeds(ranges, shard, done),
      lanes: 2 * jobs,
      stopAfter: stopAfter - done.filter(({ failures }) => failures.length > 0).length,
      signal,
      onReport: (report) => {
        journal?.add(report);
        progress.seed(report.failures.length > 0);
      },
    });
    const { elapsed, rate } = progress;
    progress.stop();
    const reports = [...done, ...fresh].sort((one, other) => one.seed - other.seed);
    const groups = groupFailures(reports);
    if (groups.length > 0 && !signal.aborted) progress.say('making failures smaller …');
    const shrunk = await shrinkGroups(pool, groups.slice(0, MOST_GROUPS), {
      budget,
      signal,
      folderOf: (number) => (args.out === undefined ? null : join(args.out, `failure-${number}`)),
    });
    const failures = [...shrunk, ...groups.slice(MOST_GROUPS).map((group) => ({ ...group, shrunk: null }))];
    const failed = reports.filter(({ failures: own }) => own.length > 0).length;
    const verdict = exitCodeOf(reports.flatMap((report) => report.failures.map(({ kind }) => kind)));
    const exitCode = signal.aborted && verdict === 0 ? INTERRUPTED : verdict;
    const exploration: Exploration = {
      file: args.file,
      total,
      passed: reports.length - failed,
      failed,
      resumed: done.length,
      failures,
      wallTime: elapsed,
      rate,
      jobs,
      isInterrupted: signal.aborted,
      exitCode,
    };
    if (args.junit !== undefined) write(args.junit, 'junit', junitXml(args.file, reports, failures));
    const text = args.json ? JSON.stringify(toJson(exploration)) : summarize(exploration).join('\n');
    process.stdout.write(`${text}\n`);
    if (signal.aborted) process.stderr.write(`${goOn(args)}\n`);
    return exitCode;
  } finally {
    progress.stop();
    dispose();
    journal?.close();
    await pool.close();
  }
}

/** `txsim explore`: runs many seeds of a scenario, and makes what fails as small as possible. */
export const exploreCommand: CommandModule<object, ExploreArguments> = {
  command: 'explore <file>',
  describe: 'Run many seeds of a scenario on all cores, and shrink what fails',
  builder: exploreOptions,
  handler: async (args) => {
    process.exitCode = await explore(args);
  },
};
