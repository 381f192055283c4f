import type { CommandModule } from 'yargs';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { applyVariation, type VariedScenario } from '../explore/apply.ts';
import { drawVariation } from '../explore/draw.ts';
import { DRAWN, parseVariation } from '../explore/variation-text.ts';
import { RunCounters } from '../report/counters.ts';
import type { ScenarioFailure, ScenarioOutcome } from '../scenario/outcome.ts';
import { openScenario, type OpenScenario } from '../scenario/run-scenario.ts';
import { scenarioFor, type RunScenario } from '../scenario/scenario.ts';
import type { RunOptions, World } from '../world.ts';
import { EXIT, UsageError, usageError } from './exit-codes.ts';
import { beginReport } from './html-report.ts';
import { loadScenario } from './load.ts';
import { packageVersion } from './package.ts';
import { reproduceCommand } from './reproduce.ts';
import { checkJoining, runForReal } from './run-host.ts';
import { outcomeAsJson } from './run-json.ts';
import { runLive, uiPort } from './run-live.ts';
import { runOptions, type RunArguments } from './run-options.ts';
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

/** The scenario for the parameters of the command line. */
function scenarioOfParams(described: RunScenario, args: RunArguments): RunScenario {
  try {
    return scenarioFor(described, parameters(args.param ?? []));
  } catch (error) {
    throw usageError(error) ?? error;
  }
}

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

/** A run that is ready, with everything that tells of it. */
interface ReadyRun {
  readonly opened: OpenScenario;
  readonly world: World;
  readonly options: RunOptions;
  /** Tells how it ended; gives the exit code. To be called once its files are closed. */
  finish(outcome: ScenarioOutcome): number;
  /** Ends its files. */
  close(): void;
}

/** Builds the world, and begins the files that are to be written. */
async function prepare(scenario: RunScenario, args: RunArguments): Promise<ReadyRun> {
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
  const finish = (outcome: ScenarioOutcome): number => {
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
  };
  return { opened, world, options, finish, close: () => outputs.close() };
}

async function execute(described: RunScenario, args: RunArguments): Promise<number> {
  const scenario = scenarioOfParams(described, args);
  const port = uiPort(args.ui);
  if (port !== null) return watch(scenario, args, port);
  checkJoining(args);
  const run = await prepare(scenario, args);
  let outcome: ScenarioOutcome;
  try {
    outcome = await perform(run.opened, args);
  } finally {
    run.close();
  }
  return run.finish(outcome);
}

/** Shows the run in browsers. */
async function watch(scenario: RunScenario, args: RunArguments, port: number): Promise<number> {
  const bridged = [args.listen, args.connect, args.tunnel].some((one) => (one ?? []).length > 0);
  if (bridged || args['real-time']) {
    const found = bridged ? '--listen, --connect and --tunnel' : '--real-time';
    throw new UsageError(`--ui does not go with ${found}: whoever watches may stop the time, and real peers cannot`);
  }
  return runLive<ReadyRun>({
    title: {
      title: args.file,
      description: scenario.description ?? '',
      command: ['txsim', ...process.argv.slice(2)].join(' '),
      version: packageVersion(),
    },
    port,
    open: () => prepare(scenario, args),
    tell: (run, ending) =>
      run.finish(ending.kind === 'result' ? run.opened.ended(ending.result) : run.opened.broke(ending.error)),
  });
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
