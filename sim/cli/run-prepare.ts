import { applyVariation, type VariedScenario } from '../explore/apply.ts';
import { drawVariation } from '../explore/draw.ts';
import { DRAWN, parseVariation } from '../explore/variation-text.ts';
import { RunCounters } from '../report/counters.ts';
import type { ScenarioFailure, ScenarioOutcome } from '../scenario/outcome.ts';
import { openScenario, type OpenScenario } from '../scenario/run-scenario.ts';
import type { RunScenario } from '../scenario/scenario.ts';
import type { RunOptions, World } from '../world.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { beginReport } from './html-report.ts';
import { reproduceCommand } from './reproduce.ts';
import { outcomeAsJson } from './run-json.ts';
import type { RunArguments } from './run-options.ts';
import { openOutputs, STANDARD_OUTPUT } from './run-outputs.ts';
import { tellEnd, tellStory } from './run-report.ts';
import { duration, parameters, readHostFile } from './values.ts';

/** What the command exits with for each kind of failure. */
const EXIT_OF: Readonly<Record<ScenarioFailure['kind'], number>> = {
  expectation: EXIT.expectation,
  simulation: EXIT.simulation,
  deadlock: EXIT.stuck,
  livelock: EXIT.stuck,
  timeout: EXIT.timeout,
};

/** The scenario as `--vary` has it. */
function variedScenario(scenario: RunScenario, seed: number | string, args: RunArguments): VariedScenario {
  if (args.vary === undefined) return { scenario, prepare: () => undefined };
  const variation = args.vary === DRAWN ? drawVariation(scenario, seed) : parseVariation(args.vary);
  return applyVariation(scenario, variation, args.cpu);
}

/** Opens a scenario with what the command line says. */
function open(scenario: RunScenario, args: RunArguments): OpenScenario {
  const until = args.until ?? scenario.until;
  const expired = timeLimit(args);
  const seed = args.seed ?? scenario.seed ?? 1;
  try {
    const varied = variedScenario(scenario, seed, args);
    return openScenario(varied.scenario, {
      prepare: varied.prepare,
      ...(args.seed === undefined ? {} : { seed: args.seed }),
      ...(until === undefined ? {} : { until: duration(until, 'until') }),
      params: parameters(args.param ?? []),
      readFile: readHostFile,
      captureSites: args['real-time'] || args.report !== undefined,
      ...(args.cpu === undefined || args.vary !== undefined ? {} : { cpu: args.cpu }),
      ...(expired === null ? {} : { expired }),
      reproduce: reproduceCommand(args, seed),
    });
  } catch (error) {
    throw usageError(error) ?? error;
  }
}

/** Whether the run has taken longer than it may, counted from now on; null where it may take any time. */
function timeLimit({ timeout }: RunArguments): (() => boolean) | null {
  if (timeout === undefined) return null;
  const limit = duration(/^\d+(\.\d+)?$/.test(timeout) ? `${timeout}s` : timeout, 'timeout');
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) >= limit;
}

/** A run that is ready, with the files that it writes. */
export interface ReadyRun {
  readonly scenario: OpenScenario;
  readonly world: World;
  readonly options: RunOptions;
  /** Tells what became of it; gives the exit code. */
  tell(outcome: ScenarioOutcome): number;
  /** Ends its files. */
  close(): void;
}

/**
 * Builds the world, and begins what is to be told and written of its run.
 *
 * @throws UsageError where the scenario is wrong, or a file cannot be written
 */
export async function prepareRun(scenario: RunScenario, args: RunArguments): Promise<ReadyRun> {
  const opened = open(scenario, args);
  const { world, options } = opened;
  const counters = new RunCounters();
  world.trace.listen(counters.listener, { frames: 'sent' });
  // Where the trace goes to the terminal, everything else keeps out of its way.
  const toTerminal = args.text === STANDARD_OUTPUT;
  if (!args.quiet && !args.json && !toTerminal) tellStory(world);
  const outputs = openOutputs(world, args, scenario);
  const report = await beginReport(world, scenario.description ?? '', args);
  const ownSummary = scenario.summary?.(world);
  const start = process.hrtime.bigint();
  return {
    scenario: opened,
    world,
    options,
    close: () => outputs.close(),
    tell: (outcome) => {
      const wallTime = Number(process.hrtime.bigint() - start) / 1e9;
      report?.finish(outcome);
      // A file that the firmware asked for and is not there, for example.
      for (const { error } of outcome.failures) {
        const usage = usageError(error);
        if (usage !== null) throw usage;
      }
      const [first] = outcome.failures;
      const exitCode = first === undefined ? EXIT.ok : EXIT_OF[first.kind];
      const files = [...outputs.paths, ...(report === null ? [] : [report.path])];
      const facts = { counters, wallTime, files, summary: ownSummary?.() ?? [] };
      if (args.json) process.stdout.write(`${JSON.stringify(outcomeAsJson(outcome, facts, args, exitCode))}\n`);
      else tellEnd(outcome, facts, args);
      return exitCode;
    },
  };
}
