import type { Duration, RunOptions, RunResult, World } from '../world.ts';
import { buildWorld } from './build.ts';
import { failureOf, timeoutFailure } from './failure.ts';
import type { ScenarioFailure, ScenarioOutcome, ScenarioRun } from './outcome.ts';
import { scenarioFor, type Scenario } from './scenario.ts';

/** A scenario whose world is built and has still to run: for callers that run it in a way of their own. */
export interface OpenScenario {
  readonly world: World;
  /** What the world is to be run with. */
  readonly options: RunOptions;
  /** To be called with how the run ended, once. */
  ended(result: RunResult): ScenarioOutcome;
  /** To be called with what the run threw, once. */
  broke(error: unknown): ScenarioOutcome;
}

/**
 * Builds a scenario's world, ready to run.
 *
 * @throws SimulationError of kind `world` where the scenario is wrong
 */
export function openScenario(described: Scenario, run: ScenarioRun = {}): OpenScenario {
  const scenario = scenarioFor(described, run.params ?? {});
  const world = buildWorld(scenario, run);
  run.prepare?.(world);
  const until: Duration | undefined = run.until ?? scenario.until;
  const { stopWhen } = scenario;
  const { expired } = run;
  const outcome = (result: RunResult | null, failures: readonly ScenarioFailure[]): ScenarioOutcome => ({
    seed: world.seed,
    result,
    failures,
    world,
  });
  return {
    world,
    options: {
      ...(until === undefined ? {} : { until }),
      ...(stopWhen === undefined ? {} : { stopWhen: () => stopWhen(world) }),
      ...(expired === undefined ? {} : { expired }),
    },
    ended: (result) => outcome(result, result.reason === 'expired' ? [timeoutFailure(world, run)] : []),
    broke: (error) => outcome(null, [failureOf(world, error, run)]),
  };
}

/**
 * Runs a scenario in virtual time. What happens in the run never throws: it becomes a failure of the outcome.
 *
 * @throws SimulationError of kind `world` where the scenario itself is wrong
 */
export function runScenario(scenario: Scenario, run: ScenarioRun = {}): ScenarioOutcome {
  const open = openScenario(scenario, run);
  let result: RunResult;
  try {
    result = open.world.run(open.options);
  } catch (error) {
    return open.broke(error);
  }
  return open.ended(result);
}
