import type { CpuProfileName } from '../../../kernel/cpu-profiles.ts';
import { drawVariation } from '../../explore/draw.ts';
import { describeDivergence, runTwice } from '../../explore/fingerprint.ts';
import { describeNeeded } from '../../explore/needed.ts';
import type { SeedFailure, SeedReport, ShrunkReport } from '../../explore/report.ts';
import { shrink, type Shrunk } from '../../explore/shrink.ts';
import { DRAWN, durationText, formatVariation } from '../../explore/variation-text.ts';
import { runVaried, type RunSetting } from '../../explore/varied-run.ts';
import type { ScenarioFailure, ScenarioOutcome } from '../../scenario/outcome.ts';
import { scenarioFor, type RunScenario } from '../../scenario/scenario.ts';
import { checkShape } from '../../scenario/shape.ts';
import { usageError } from '../exit-codes.ts';
import { loadScenario } from '../load.ts';
import { duration, parameters, readHostFile } from '../values.ts';
import { Evidence } from './evidence.ts';
import { exploreReproduce, type ExploreSetting, type Task } from './setting.ts';

/** A worker's scenario, and what it does with it. */
export class ExploreWorker {
  readonly #setting: ExploreSetting;
  readonly #scenario: RunScenario;
  readonly #runs: RunSetting;
  readonly #beat: () => void;
  #began = process.hrtime.bigint();

  /** @param beat - called at the begin of every run, for whoever watches the time */
  constructor(setting: ExploreSetting, scenario: RunScenario, beat: () => void) {
    this.#setting = setting;
    this.#scenario = scenario;
    this.#beat = beat;
    const { until, params, cpu } = setting;
    this.#runs = runSetting(until, params, cpu);
  }

  /** @throws UsageError where the scenario cannot be loaded, or is none */
  static async open(setting: ExploreSetting, beat: () => void): Promise<ExploreWorker> {
    const described = await loadScenario(setting.file);
    try {
      const scenario = scenarioFor(described, parameters(setting.params));
      checkShape(scenario);
      return new ExploreWorker(setting, scenario, beat);
    } catch (error) {
      throw usageError(error) ?? error;
    }
  }

  /** @throws UsageError where the scenario or its limits are wrong, or a file cannot be written */
  async perform(task: Task): Promise<SeedReport | ShrunkReport> {
    try {
      if (task.kind === 'seed') return this.#runSeed(task.seed);
      return this.#shrink(task, task.folder === null ? null : await Evidence.open(task.folder));
    } catch (error) {
      throw usageError(error) ?? error;
    }
  }

  #runSeed(seed: number): SeedReport {
    const variation = drawVariation(this.#scenario, seed);
    const run = {
      ...this.#runs,
      seed,
      variation,
      expired: this.#expired,
      reproduce: exploreReproduce(this.#setting, seed, DRAWN, this.#setting.until),
    };
    this.#start();
    const began = process.hrtime.bigint();
    const failures: SeedFailure[] = [];
    let outcome: ScenarioOutcome;
    if (this.#setting.checkDeterminism) {
      const twice = runTwice(this.#scenario, run);
      outcome = twice.outcome;
      if (twice.divergence !== null) {
        const report = [...describeDivergence(twice.divergence), `reproduce with: ${run.reproduce}`];
        const title = 'two runs of the same seed differ';
        failures.push({ kind: 'nondeterminism', title, time: twice.divergence.time, report });
      }
    } else {
      outcome = runVaried(this.#scenario, run);
    }
    for (const { error } of outcome.failures) {
      const usage = usageError(error);
      if (usage !== null) throw usage;
    }
    failures.push(...outcome.failures.map(plain));
    const wallTime = Number(process.hrtime.bigint() - began) / 1e6;
    return { seed, failures, virtualTime: outcome.result?.time ?? outcome.world.clock.now, wallTime };
  }

  #shrink({ seed, failure, budget }: Extract<Task, { kind: 'shrink' }>, evidence: Evidence | null): ShrunkReport {
    const { kind, title } = failure;
    const variation = drawVariation(this.#scenario, seed);
    const shrinkable = kind !== 'nondeterminism' && kind !== 'hang' && kind !== 'crash' && kind !== 'timeout';
    const shrunk: Shrunk = shrinkable
      ? shrink(this.#scenario, {
          seed,
          variation,
          failure: { kind, title },
          budget,
          setting: this.#runs,
          onRun: () => this.#start(),
          expired: this.#expired,
        })
      : { variation, until: null, faults: [], runs: 0, isRepeatable: true };
    const isDrawn = shrunk.variation === variation;
    const vary = isDrawn ? DRAWN : formatVariation(shrunk.variation);
    const until = shrunk.until === null ? this.#setting.until : durationText(shrunk.until);
    const reproduce = exploreReproduce(this.#setting, seed, vary, until);
    return {
      // What did not come again needs something that nobody knows.
      needs: shrunk.isRepeatable
        ? describeNeeded(shrunk.variation, shrunk.faults, Object.keys(this.#scenario.networks ?? { lan: {} }).length)
        : [],
      vary,
      until: shrunk.until,
      reproduce,
      runs: shrunk.runs,
      isRepeatable: shrunk.isRepeatable,
      ...this.#last(shrunk, seed, failure, reproduce, shrinkable ? evidence : null),
    };
  }

  /** Runs what is left once more, for its report and its files. */
  #last(
    { variation, until, isRepeatable }: Shrunk,
    seed: number,
    { kind, title }: Pick<SeedFailure, 'kind' | 'title'>,
    reproduce: string,
    evidence: Evidence | null,
  ): Pick<ShrunkReport, 'report' | 'files'> {
    this.#start();
    const origin = { file: this.#setting.file, description: this.#scenario.description ?? '', command: reproduce };
    const outcome = runVaried(this.#scenario, {
      ...this.#runs,
      ...(until === null ? {} : { until }),
      seed,
      variation,
      reproduce,
      expired: this.#expired,
      // The page shows them; and the run is not repeated for its last events then.
      captureSites: evidence !== null,
      prepare: (world) => evidence?.record(world, origin),
    });
    const found = outcome.failures.find((one) => one.kind === kind && one.title === title);
    // Where it did not come again, or cannot, its first report is all there is.
    const report = found?.report ?? [];
    if (evidence === null) return { report: isRepeatable ? report : [], files: [] };
    const text = report.length > 0 ? report : [title, `reproduce with: ${reproduce}`];
    return { report, files: evidence.finish(outcome, text) };
  }

  #start(): void {
    this.#beat();
    this.#began = process.hrtime.bigint();
  }

  /** Whether the present run has had its time. */
  readonly #expired = (): boolean => Number(process.hrtime.bigint() - this.#began) / 1e6 > this.#setting.timeout;
}

function runSetting(until: string | null, params: readonly string[], cpu: CpuProfileName | null): RunSetting {
  return {
    ...(until === null ? {} : { until: duration(until, 'until') }),
    params: parameters(params),
    ...(cpu === null ? {} : { cpu }),
    readFile: readHostFile,
  };
}

/** A failure without what cannot leave the worker. */
const plain = ({ kind, title, time, report }: ScenarioFailure): SeedFailure => ({ kind, title, time, report });
