import { SimulationError } from '../../kernel/simulation-error.ts';
import { advance } from '../advance.ts';
import { TraceTail } from '../trace/tail.ts';
import type { RunOptions, RunResult, World } from '../world.ts';
import { buildWorld } from './build.ts';
import { Judge } from './expectations/judge.ts';
import { failureOf, failureOfExpectation, failureOfTime, type ReportParts } from './failure.ts';
import type { ScenarioFailure, ScenarioOutcome, ScenarioRun } from './outcome.ts';
import { scenarioFor, type Scenario } from './scenario.ts';

/** Events that a report shows unless the caller says otherwise. */
const TAIL = 20;

/** A scenario whose world is built and has still to run. */
export interface OpenScenario {
  readonly world: World;
  /** What the world is to be run with, by a caller that runs it in a way of its own. */
  readonly options: RunOptions;
  /** Runs it in virtual time; what happens in the run does not throw. */
  run(): ScenarioOutcome;
  /**
   * To be called with how a run of the caller's own ended, once.
   *
   * @param isInterrupted - whether a person ended it: what was still to come is not judged then
   */
  ended(result: RunResult, isInterrupted?: boolean): ScenarioOutcome;
  /** To be called with what a run of the caller's own threw, once. */
  broke(error: unknown): ScenarioOutcome;
}

/** A world with everything that its run needs. */
interface Prepared {
  readonly world: World;
  readonly judge: Judge;
  readonly options: RunOptions;
}

function prepare(scenario: Scenario, run: ScenarioRun): Prepared {
  const world = buildWorld(scenario, run);
  const expectations = scenario.expect ?? [];
  const judge = new Judge(world, expectations);
  run.prepare?.(world);
  const until = run.until ?? scenario.until;
  const { stopWhen } = scenario;
  const isOver = (): boolean => judge.isOver() || stopWhen?.(world) === true;
  return {
    world,
    judge,
    options: {
      ...(until === undefined ? {} : { until }),
      ...(stopWhen === undefined && expectations.length === 0 ? {} : { stopWhen: isOver }),
    },
  };
}

/** Repeats a run that failed, to see its last events; or, where none are asked for, what it throws with file and line. */
function repeat(scenario: Scenario, run: ScenarioRun, devices: readonly string[], most: number): Repetition {
  // Call sites are slow, and told of nothing but a forgotten yield*, whose last events nobody asks for.
  const { world, options } = prepare(scenario, { ...run, captureSites: most === 0 });
  const tail = new TraceTail(world.trace, devices, most);
  try {
    advance(world, options);
    return { tail, error: null };
  } catch (error) {
    return { tail, error };
  }
}

interface Repetition {
  readonly tail: TraceTail;
  readonly error: unknown;
}

/**
 * Builds a scenario's world, ready to run.
 *
 * @throws SimulationError of kind `world` where the scenario is wrong
 */
export function openScenario(described: Scenario, run: ScenarioRun = {}): OpenScenario {
  const scenario = scenarioFor(described, run.params ?? {});
  const { world, judge, options } = prepare(scenario, run);
  const most = run.tail ?? TAIL;
  let isLivelock = false;
  // A world that is joined to the host cannot be repeated: it remembers as it goes.
  const kept = run.captureSites === true ? new TraceTail(world.trace, [], most) : null;
  const parts: ReportParts = {
    world,
    run,
    timeline: judge.timeline,
    tail: (devices, until) => {
      // Twenty million calls of one service tell nothing more when they are seen one by one.
      if (most === 0 || isLivelock) return [];
      return (kept ?? repeat(scenario, run, devices, most).tail).lines(until, devices);
    },
  };
  const outcome = (result: RunResult | null, failures: readonly ScenarioFailure[]): ScenarioOutcome => ({
    seed: world.seed,
    result,
    failures,
    expectations: { all: scenario.expect?.length ?? 0, held: judge.held },
    world,
  });
  const broken = (): readonly ScenarioFailure[] => judge.broken.map((one) => failureOfExpectation(one, parts));
  const all: RunOptions = run.expired === undefined ? options : { ...options, expired: run.expired };
  const open: OpenScenario = {
    world,
    options: all,
    run: () => {
      let result: RunResult;
      try {
        result = advance(world, all);
      } catch (error) {
        return open.broke(error);
      }
      return open.ended(result);
    },
    ended: (result, isInterrupted = false) => {
      if (result.reason === 'expired') return outcome(result, [...broken(), failureOfTime(parts)]);
      if (!isInterrupted) judge.end();
      return outcome(result, broken());
    },
    broke: (error) => {
      isLivelock = error instanceof SimulationError && error.kind === 'livelock';
      const isForgotten = error instanceof SimulationError && error.kind === 'forgotten-yield';
      const again = isForgotten && kept === null ? repeat(scenario, run, [], 0).error : null;
      const told = again instanceof SimulationError && isForgotten && again.kind === error.kind ? again : error;
      return outcome(null, [...broken(), failureOf(told, parts)]);
    },
  };
  return open;
}

/**
 * Runs a scenario in virtual time. What happens in the run never throws: it becomes a failure of the outcome.
 *
 * @throws SimulationError of kind `world` where the scenario itself is wrong
 */
export function runScenario(scenario: Scenario, run: ScenarioRun = {}): ScenarioOutcome {
  return openScenario(scenario, run).run();
}
