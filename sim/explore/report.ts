import type { ScenarioFailure } from '../scenario/outcome.ts';

/**
 * What went wrong in a run, as far as it can be handed from a worker to whoever asked. Besides the kinds of a scenario's
 * failures: `nondeterminism`, two runs of one seed differed; `hang`, the run came to no end in the time given and its
 * worker was ended; `crash`, its worker died.
 */
export interface SeedFailure extends Omit<ScenarioFailure, 'kind' | 'error'> {
  readonly kind: ScenarioFailure['kind'] | 'nondeterminism' | 'hang' | 'crash';
}

/** What became of one seed. */
export interface SeedReport {
  readonly seed: number;
  /** In order of time; none where all is well. */
  readonly failures: readonly SeedFailure[];
  /** Virtual time at the end, in nanoseconds. */
  readonly virtualTime: number;
  /** Wall time, in milliseconds. */
  readonly wallTime: number;
}

/** A failure after it was made as small as possible. */
export interface ShrunkReport {
  /** What the run needs to fail, in words. */
  readonly needs: readonly string[];
  /** The variation as a text for the command line; empty for none. */
  readonly vary: string;
  /** When the run can end, in nanoseconds; null for when it ended anyway. */
  readonly until: number | null;
  /** The command that runs it again. */
  readonly reproduce: string;
  /** The report of its failure. */
  readonly report: readonly string[];
  /** Runs that this took. */
  readonly runs: number;
  readonly isRepeatable: boolean;
  /** Files that were written. */
  readonly files: readonly string[];
}

/** Seeds that failed in the same way. */
export interface FailureGroup {
  readonly kind: SeedFailure['kind'];
  readonly title: string;
  /** The seeds, the lowest first. */
  readonly seeds: readonly number[];
  /** The failure of the first of them. */
  readonly failure: SeedFailure;
}

/** Failing seeds by the first failure of each, those with most seeds first. */
export function groupFailures(reports: readonly SeedReport[]): readonly FailureGroup[] {
  const groups = new Map<string, { failure: SeedFailure; seeds: number[] }>();
  for (const { seed, failures } of [...reports].sort((one, other) => one.seed - other.seed)) {
    const [failure] = failures;
    if (failure === undefined) continue;
    const key = `${failure.kind} ${failure.title}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { failure, seeds: [seed] });
    else group.seeds.push(seed);
  }
  return [...groups.values()]
    .map(({ failure, seeds }) => ({ kind: failure.kind, title: failure.title, seeds, failure }))
    .sort((one, other) => other.seeds.length - one.seeds.length || (one.seeds[0] ?? 0) - (other.seeds[0] ?? 0));
}
