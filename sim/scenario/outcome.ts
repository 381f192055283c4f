import type { Duration, RunResult, World } from '../world.ts';
import type { ScenarioOverrides } from './scenario.ts';

/** One way in which a run failed. */
export interface ScenarioFailure {
  /**
   * `expectation`: one of the scenario's own did not hold; `simulation`: misuse of the simulator, or an exception of the
   * firmware; `deadlock` and `livelock` as the kernel reports them; `timeout`: the run took longer by the wall clock than
   * it was given.
   */
  readonly kind: 'expectation' | 'simulation' | 'deadlock' | 'livelock' | 'timeout';
  /** One line, the same for the same fault at other times and with other seeds as far as possible: runs are grouped by it. */
  readonly title: string;
  /** Virtual time of the failure, in nanoseconds. */
  readonly time: number;
  /** Lines that are complete and ready to print: what was expected, when, what happened before, how to run it again. */
  readonly report: readonly string[];
  /** What was thrown, where something was. */
  readonly error?: unknown;
}

/** What became of a run. */
export interface ScenarioOutcome {
  readonly seed: number | string;
  /** How the run ended; null where an error ended it. */
  readonly result: RunResult | null;
  /** Every failure, in order of time; none where all is well. */
  readonly failures: readonly ScenarioFailure[];
  /** How many expectations the scenario has, and how many of them held. The others failed, or the run ended before them. */
  readonly expectations: { readonly all: number; readonly held: number };
  /** The world as the run left it. */
  readonly world: World;
}

/** How a scenario is to be run. */
export interface ScenarioRun extends ScenarioOverrides {
  /** When the run ends at the latest, in place of the scenario's own `until`. */
  readonly until?: Duration;
  /**
   * Called with the world before it runs, to add listeners of its trace and the like. A run that failed is repeated for
   * its report: then it is called again, with another world.
   */
  readonly prepare?: (world: World) => void;
  /**
   * Whether the time given to the run is over, by a clock of the caller's: asked every 1,000 events or so, as the simulator
   * knows no clock of the host.
   */
  readonly expired?: () => boolean;
  /** What a person types to run it again, for the last line of a failure's report. Default: the seed. */
  readonly reproduce?: string;
  /** How many of the last events a failure's report shows. Default: 20; 0 saves the repeated run that finds them. */
  readonly tail?: number;
}
