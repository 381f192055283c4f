import { SimulationError } from '../../kernel/simulation-error.ts';

/** What the command exits with. */
export const EXIT = {
  /** The run did what was asked. */
  ok: 0,
  /** An expectation did not hold. */
  expectation: 1,
  /** The command line, or a file it names, is wrong. */
  usage: 2,
  /** Misuse of the simulator, or an exception of the firmware. */
  simulation: 3,
  /** Deadlock or livelock. */
  stuck: 4,
  /** The run took longer by the wall clock than `--timeout` allows. */
  timeout: 5,
} as const;

/** A mistake of whoever typed the command: one line, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * A world that cannot be built as asked is a mistake of who asked: one line, as for the command line itself. Null for any
 * other error.
 *
 * @param file - where the mistake is
 */
export function usageError(error: unknown, file?: string): UsageError | null {
  if (!(error instanceof SimulationError) || error.kind !== 'world') return null;
  const where = file === undefined ? '' : `${file}: `;
  return new UsageError(where + [error.what, error.fix].filter(Boolean).join('; '));
}
