import type { SeedFailure } from '../../explore/report.ts';
import { EXIT } from '../exit-codes.ts';

const EXIT_OF: Readonly<Record<SeedFailure['kind'], number>> = {
  expectation: EXIT.expectation,
  simulation: EXIT.simulation,
  nondeterminism: EXIT.simulation,
  crash: EXIT.simulation,
  deadlock: EXIT.stuck,
  livelock: EXIT.stuck,
  timeout: EXIT.timeout,
  hang: EXIT.timeout,
};

/** The worst first: what makes every other result doubtful, then what the firmware does wrong for sure. */
const WORST: readonly number[] = [EXIT.simulation, EXIT.stuck, EXIT.timeout, EXIT.expectation];

/** What an exploration exits with, from the kinds of its failures. */
export function exitCodeOf(kinds: readonly SeedFailure['kind'][]): number {
  const codes = kinds.map((kind) => EXIT_OF[kind]);
  return WORST.find((code) => codes.includes(code)) ?? EXIT.ok;
}
