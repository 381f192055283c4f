import type { CpuProfileName } from '../../kernel/cpu-profiles.ts';
import type { HappenedFault } from '../network/lan.ts';
import type { ScenarioOutcome } from '../scenario/outcome.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import type { RunScenario } from '../scenario/scenario.ts';
import type { Duration, World } from '../world.ts';
import { applyVariation } from './apply.ts';
import type { Variation } from './variation.ts';

/** What all runs of an exploration have in common. */
export interface RunSetting {
  /** When runs end at the latest, in place of the scenario's own `until`. */
  readonly until?: Duration;
  /** Parameters for every device, over its own and over drawn ones. */
  readonly params?: Readonly<Record<string, string>>;
  /** A CPU profile for every device. */
  readonly cpu?: CpuProfileName;
  readonly readFile?: (name: string) => Uint8Array | null;
}

/** One run of a seed. */
export interface VariedRun extends RunSetting {
  readonly seed: number | string;
  readonly variation: Variation;
  /** Whether the run's time by the wall clock is over; see `ScenarioRun`. */
  readonly expired?: () => boolean;
  /** Records the call sites of services as it runs; see `ScenarioRun`. */
  readonly captureSites?: boolean;
  /** What a person types to run it again. */
  readonly reproduce?: string;
  /** How many of the last events a failure's report shows; see `ScenarioRun`. */
  readonly tail?: number;
  /** Called for every fault that chance or the variation has happen to a frame. */
  readonly onFault?: (fault: HappenedFault) => void;
  /** Called with the world before it runs, and not with the one that repeats it for the report of its failure. */
  readonly prepare?: (world: World) => void;
}

/**
 * Runs a scenario as a variation has it.
 *
 * @throws SimulationError of kind `world` where scenario or variation make no sense
 */
export function runVaried(scenario: RunScenario, run: VariedRun): ScenarioOutcome {
  const { seed, variation, until, params, cpu, readFile, expired, captureSites, reproduce, tail } = run;
  const { onFault, prepare } = run;
  const varied = applyVariation(scenario, variation, cpu);
  let isRepeated = false;
  return runScenario(varied.scenario, {
    seed,
    ...(until === undefined ? {} : { until }),
    ...(params === undefined ? {} : { params }),
    ...(readFile === undefined ? {} : { readFile }),
    ...(expired === undefined ? {} : { expired }),
    ...(captureSites === undefined ? {} : { captureSites }),
    ...(reproduce === undefined ? {} : { reproduce }),
    ...(tail === undefined ? {} : { tail }),
    prepare: (world) => {
      varied.prepare(world);
      // A run that failed is repeated for its last events: whoever listens would be told everything twice.
      if (isRepeated) return;
      isRepeated = true;
      if (onFault !== undefined) for (const lan of world.lans) lan.watchFaults(onFault);
      prepare?.(world);
    },
  });
}
