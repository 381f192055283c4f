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
import { outcomeAsJson } from './run-json.ts';
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

/** The scenario for the parameters of the command line. */
function scenarioOfParams(described: Scenario, args: RunArguments): Scenario {
  try {
    return scenarioFor(described, parameters(args.param ?? []));
  } catch (error) {
    throw usageError(error) ?? error;
  }
}

/** Opens a scenario with what the command line says. */
function open(scenario: Scenario, args: RunArguments): OpenScenario {
  const until = args.until ?? scenario.until;
  const expired = timeLimit(args);
  try {
    return openScenario(scenario, {
      ...(args.seed === undefined ? {} : { seed: args.seed }),
      ...(until === undefined ? {} : { until: duration(until, 'until') }),
      params: parameters(args.param ?? []),
      readFile: readHostFile,
      captureSites: args['real-time'] || args.report !== undefined,
      ...(args.cpu === undefined ? {} : { cpu: args.cpu }),
      ...(expired === null ? {} : { expired }),
      reproduce: reproduceCommand(args, args.seed ?? scenario.seed ?? 1),
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

/** Runs a world that is ready, in virtual time or at the wall clock's pace. */
async function perform(scenario: OpenScenario, args: RunArguments): Promise<ScenarioOutcome> {
  if (!args['real-time']) return scenario.run();
  const { world, options } = scenario;
  try {
    return scenario.ended(await runForReal(world, args, options));
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return scenario.broke(error);
  }
}

async function execute(described: Scenario, args: RunArguments): Promise<number> {
  const scenario = scenarioOfParams(described, args);
  checkJoining(args);
  const opened = open(scenario, args);
  const { world } = opened;
  const counters = new RunCounters();
  world.trace.listen(counters.listener, { frames: 'sent' });
  // Where the trace goes to the terminal, everything else keeps out of its way.
  const toTerminal = args.text === STANDARD_OUTPUT;
  if (!args.quiet && !args.json && !toTerminal) tellStory(world);
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
}

/** `txsim run`: runs a firmware or a scenario. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <file>',
  describe: 'Run a firmware or a scenario',
  builder: runOptions,
  handler: async (args) => {
    const scenario = await loadScenario(args.file);
    process.exitCode = await execute(scenario, args);
  },
};
