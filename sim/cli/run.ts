import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { RunCounters } from '../report/counters.ts';
import type { ScenarioFailure, ScenarioOutcome } from '../scenario/outcome.ts';
import { openScenario, type OpenScenario } from '../scenario/run-scenario.ts';
import { scenarioFor, type Scenario } from '../scenario/scenario.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { beginReport } from './html-report.ts';
import { loadScenario } from './load.ts';
import { reproduceCommand } from './reproduce.ts';
import { checkJoining, runForReal } from './run-host.ts';
import { runOptions, type RunArguments } from './run-options.ts';
import { openOutputs, STANDARD_OUTPUT } from './run-outputs.ts';
import { tellEnd, tellStory } from './run-report.ts';
import { duration, parameters } from './values.ts';

/** The file's bytes, or null where there is none to read. */
function readHostFile(name: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(name));
  } catch {
    return null;
  }
}

/** What the command exits with for each kind of failure. */
const EXIT_OF: Readonly<Record<ScenarioFailure['kind'], number>> = {
  expectation: EXIT.expectation,
  simulation: EXIT.simulation,
  deadlock: EXIT.stuck,
  livelock: EXIT.stuck,
  timeout: EXIT.timeout,
};

/** Opens a scenario with what the command line says. */
function open(scenario: Scenario, args: RunArguments): OpenScenario {
  const until = args.until ?? scenario.until;
  try {
    return openScenario(scenario, {
      ...(args.seed === undefined ? {} : { seed: args.seed }),
      ...(until === undefined ? {} : { until: duration(String(until), 'until') }),
      params: parameters(args.param ?? []),
      readFile: readHostFile,
      captureSites: args['real-time'] || args.report !== undefined,
      ...(args.cpu === undefined ? {} : { cpu: args.cpu }),
      reproduce: reproduceCommand(args, args.seed ?? scenario.seed ?? 1),
    });
  } catch (error) {
    throw usageError(error) ?? error;
  }
}

/** Runs a world that is ready, in virtual time or at the wall clock's pace. */
async function perform(scenario: OpenScenario, args: RunArguments): Promise<ScenarioOutcome> {
  const { world, options } = scenario;
  try {
    return scenario.ended(args['real-time'] ? await runForReal(world, args, options) : world.run(options));
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const usage = usageError(error);
    if (usage !== null) throw usage;
    return scenario.broke(error);
  }
}

async function execute(described: Scenario, args: RunArguments): Promise<number> {
  const scenario = scenarioFor(described, parameters(args.param ?? []));
  checkJoining(args);
  const opened = open(scenario, args);
  const { world } = opened;
  const counters = new RunCounters();
  world.trace.listen(counters.listener, { frames: 'sent' });
  // Where the trace goes to the terminal, everything else keeps out of its way.
  const toTerminal = args.text === STANDARD_OUTPUT;
  if (!args.quiet && !toTerminal) tellStory(world);
  const outputs = openOutputs(world, args, scenario);
  const report = await beginReport(world, scenario.description ?? '', args);
  const ownSummary = scenario.summary?.(world);
  const start = process.hrtime.bigint();
  let outcome: ScenarioOutcome;
  try {
    outcome = await perform(opened, args);
    report?.finish(outcome);
  } finally {
    outputs.close();
  }
  const wallTime = Number(process.hrtime.bigint() - start) / 1e9;
  tellEnd(
    outcome,
    {
      counters,
      wallTime,
      files: [...outputs.paths, ...(report === null ? [] : [report.path])],
      summary: ownSummary?.() ?? [],
    },
    args,
  );
  const [first] = outcome.failures;
  return first === undefined ? EXIT.ok : EXIT_OF[first.kind];
}

/** `txsim run`: runs a firmware or a scenario. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <file>',
  describe: 'Run a firmware or a scenario',
  builder: runOptions,
  handler: async (args) => {
    const scenario = await loadScenario(args.file, args);
    process.exitCode = await execute(scenario, args);
  },
};
