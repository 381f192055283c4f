import { availableParallelism } from 'node:os';
import type { Argv } from 'yargs';
import type { CpuProfileName } from '../../../kernel/cpu-profiles.ts';
import { ALL, parseSeeds, type SeedRange, type Shard } from '../../explore/seeds.ts';
import { UsageError } from '../exit-codes.ts';
import { CPU_NAMES } from '../run-options.ts';

/** What `txsim explore` was told. */
export interface ExploreArguments {
  readonly file: string;
  readonly seeds: string;
  readonly jobs: number | undefined;
  readonly shard: string | undefined;
  readonly until: string | undefined;
  readonly param: readonly string[] | undefined;
  readonly cpu: CpuProfileName | undefined;
  readonly timeout: string;
  readonly 'stop-after': number | undefined;
  readonly shrink: number;
  readonly 'check-determinism': boolean;
  readonly resume: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly quiet: boolean;
}

/** Declares the options of `txsim explore`. */
export function exploreOptions(yargs: Argv): Argv<ExploreArguments> {
  return yargs
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'a scenario or a firmware (TypeScript or JavaScript)',
    })
    .option('seeds', { type: 'string', default: '1..100', describe: 'seeds to run: 1..1000, 7, or 1..10,42' })
    .option('jobs', { type: 'number', alias: 'j', describe: 'workers at a time (default: one for each core)' })
    .option('shard', {
      type: 'string',
      describe: 'the part of the seeds that is run here: 2/8; or /8, with the part from JOB_COMPLETION_INDEX',
    })
    .option('until', { type: 'string', describe: 'virtual time at which runs end, such as 30s or 500ms' })
    .option('param', { type: 'string', array: true, nargs: 1, describe: 'parameter of the firmware, name=value' })
    .option('cpu', { choices: CPU_NAMES, describe: "CPU profile of every device, in place of the scenario's own" })
    .option('timeout', { type: 'string', default: '60s', describe: 'wall time that one run may take' })
    .option('stop-after', { type: 'number', describe: 'failing seeds after which the rest is left out' })
    .option('shrink', {
      type: 'number',
      default: 200,
      describe: 'runs for making the first of each failure as small as possible; 0 leaves them as they are',
    })
    .option('check-determinism', {
      type: 'boolean',
      default: false,
      describe: 'run every seed twice, and name the first event that differs',
    })
    .option('resume', { type: 'string', describe: 'note finished seeds in this file, and leave out those it has' })
    .option('out', {
      type: 'string',
      describe: 'write report, page, trace and capture of each failure below this folder',
    })
    .option('junit', { type: 'string', describe: 'write the results to this file as JUnit XML' })
    .option('json', { type: 'boolean', default: false, describe: 'print the results as one JSON object' })
    .option('quiet', { type: 'boolean', default: false, alias: 'q', describe: 'no progress, the results only' })
    .example('$0 explore apps/dtls-echo/scenario.ts', 'a hundred seeds on all cores')
    .example(
      '$0 explore scenario.ts --seeds 1..10000 --resume out/done.jsonl',
      'ends with Ctrl-C, goes on when run again',
    )
    .example('$0 explore scenario.ts --seeds 1..1000 --shard 2/8 --junit out/junit.xml', 'one of eight machines in CI')
    .example('$0 explore scenario.ts --stop-after 1 --out out', 'the first failure, with a capture of it')
    .epilogue(
      [
        'Exit codes: 0 all seeds passed, 1 an expectation failed, 2 wrong usage, 3 simulation error or runs that differ,',
        '4 deadlock or livelock, 5 a run took too long; of several the first of 3, 4, 5, 1. 130 interrupted, none failed.',
      ].join('\n'),
    );
}

/** @throws UsageError for a text that names no seeds */
export function seedsArgument(text: string): readonly SeedRange[] {
  const ranges = parseSeeds(text);
  if (ranges !== null) return ranges;
  throw new UsageError(`--seeds ${text}: expected whole numbers such as 1..1000, 7 or 1..10,42`);
}

/** @throws UsageError where the number is none, or too small */
export function wholeArgument(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} ${Number.isNaN(value) ? '' : value}: expected a whole number from ${least} on`);
}

/** Workers for a machine, unless told. */
export const jobsArgument = (jobs: number | undefined): number =>
  jobs === undefined ? availableParallelism() : wholeArgument('jobs', jobs, 1);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The shard that is run here: `2/8`, or `/8` and `JOB_COMPLETION_INDEX` (from 0, as Kubernetes counts), or both numbers
 * from `JOB_COMPLETION_INDEX` and `JOB_COMPLETIONS`.
 *
 * @throws UsageError where that names no shard
 */
export function shardArgument(text: string | undefined, env: Environment): Shard {
  const index = env['JOB_COMPLETION_INDEX'];
  const completions = env['JOB_COMPLETIONS'];
  if (text === undefined && (index === undefined || completions === undefined)) return ALL;
  const asked = text ?? `/${completions}`;
  const [, own = '', of = ''] = /^(\d*)\/(\d+)$/.exec(asked) ?? [];
  if (of === '') throw new UsageError(`--shard ${asked}: expected a part and how many there are, such as 2/8, or /8`);
  if (own === '' && !/^\d+$/.test(index ?? '')) {
    throw new UsageError(`--shard ${asked}: JOB_COMPLETION_INDEX, which says which part, is ${index ?? 'not set'}`);
  }
  const part = own === '' ? Number(index) + 1 : Number(own);
  if (part >= 1 && part <= Number(of)) return { part, of: Number(of) };
  throw new UsageError(`--shard ${asked}: there is no part ${part} of ${of}; they are counted from 1`);
}
