import { SimulationError } from '../../kernel/simulation-error.ts';
import { formatTime } from '../duration.ts';
import type { World } from '../world.ts';
import type { ScenarioFailure, ScenarioRun } from './outcome.ts';

/** `reproduce with: txsim run scenario.ts --seed 7`. */
function reproduceLine(world: World, { reproduce }: ScenarioRun): string {
  return `reproduce with: ${reproduce ?? `seed ${world.seed}`}`;
}

function kindOf(error: unknown): ScenarioFailure['kind'] {
  if (!(error instanceof SimulationError)) return 'simulation';
  return error.kind === 'deadlock' || error.kind === 'livelock' ? error.kind : 'simulation';
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** The failure that something thrown in a run is. */
export function failureOf(world: World, error: unknown, run: ScenarioRun): ScenarioFailure {
  const message = error instanceof Error ? error.message : String(error);
  const what = error instanceof SimulationError ? error.what : message;
  return {
    kind: kindOf(error),
    title: firstLine(what),
    time: world.clock.now,
    report: [...message.split('\n'), reproduceLine(world, run)],
    error,
  };
}

/** The failure of a run that took too long by the wall clock. */
export function timeoutFailure(world: World, run: ScenarioRun): ScenarioFailure {
  const title = 'the run took longer by the wall clock than it was given';
  const { now } = world.clock;
  return {
    kind: 'timeout',
    title,
    time: now,
    report: [`${title}: it had come to ${formatTime(now)} of virtual time`, reproduceLine(world, run)],
  };
}
