import type { CommandModule } from 'yargs';
import { SimulationError } from '../../kernel/simulation-error.ts';
import type { ScenarioOutcome } from '../scenario/outcome.ts';
import { scenarioFor, type RunScenario } from '../scenario/scenario.ts';
import { usageError } from './exit-codes.ts';
import { loadScenario } from './load.ts';
import { packageVersion } from './package.ts';
import { checkJoining, runForReal } from './run-host.ts';
import { runLive, uiPort } from './run-live.ts';
import { runOptions, type RunArguments } from './run-options.ts';
import { prepareRun, type ReadyRun } from './run-prepare.ts';
import { parameters } from './values.ts';

/** The scenario for the parameters of the command line. */
function scenarioOfParams(described: RunScenario, args: RunArguments): RunScenario {
  try {
    return scenarioFor(described, parameters(args.param ?? []));
  } catch (error) {
    throw usageError(error) ?? error;
  }
}

/** Runs a world that is ready, in virtual time or at the wall clock's pace. */
async function perform({ scenario, world, options }: ReadyRun, args: RunArguments): Promise<ScenarioOutcome> {
  if (!args['real-time']) return scenario.run();
  try {
    const { result, isInterrupted } = await runForReal(world, args, options);
    return scenario.ended(result, isInterrupted);
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return scenario.broke(error);
  }
}

/** Shows the run in browsers. */
async function watch(scenario: RunScenario, args: RunArguments, port: number): Promise<number> {
  return runLive<ReadyRun>({
    title: {
      title: args.file,
      description: scenario.description ?? '',
      command: ['txsim', ...process.argv.slice(2)].join(' '),
      version: packageVersion(),
    },
    port,
    open: () => prepareRun(scenario, args),
    judge: ({ scenario: running }, ending, isInterrupted) => {
      if (ending.kind === 'result') return running.ended(ending.result, isInterrupted);
      if (!(ending.error instanceof SimulationError)) throw ending.error;
      return running.broke(ending.error);
    },
    tell: (run, outcome) => run.tell(outcome),
  });
}

async function execute(described: RunScenario, args: RunArguments): Promise<number> {
  const scenario = scenarioOfParams(described, args);
  checkJoining(args);
  const port = uiPort(args.ui);
  if (port !== null) return watch(scenario, args, port);
  const run = await prepareRun(scenario, args);
  let outcome: ScenarioOutcome;
  try {
    outcome = await perform(run, args);
  } finally {
    run.close();
  }
  return run.tell(outcome);
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
