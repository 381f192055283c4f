#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { certsCommand } from './certs.ts';
import { eachOnce } from './each-once.ts';
import { EXIT, UsageError } from './exit-codes.ts';
import { explainCommand } from './explain.ts';
import { exploreCommand } from './explore.ts';
import { listCommand } from './list.ts';
import { newCommand } from './new/new.ts';
import { packageVersion } from './package.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';

/** One line on what is wrong, and where to read on. */
function usage(message: string): void {
  const [command, ...rest] = hideBin(process.argv);
  if ((command === 'run' || command === 'explore') && rest.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ok: false, exitCode: EXIT.usage, error: message })}\n`);
    process.exitCode = EXIT.usage;
    return;
  }
  process.stderr.write(`txsim: ${message.split('\n').join(' ')} (see txsim --help)\n`);
  process.exitCode = EXIT.usage;
}

// Whoever reads the output may have had enough of it: `txsim list | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

const cli = yargs(hideBin(process.argv))
  .scriptName('txsim')
  .usage(
    '$0 <command>\n\nRuns ThreadX/NetX firmware in deterministic virtual time.\nExamples to begin with: txsim list.',
  )
  .command(runCommand)
  .command(exploreCommand)
  .command(reportCommand)
  .command(certsCommand)
  .command(listCommand)
  .command(explainCommand)
  .command(newCommand)
  .completion('completion', 'Print a completion script for your shell: txsim completion >> ~/.bashrc')
  .demandCommand(1, 'a command is missing')
  .check(eachOnce)
  .strict()
  .version(packageVersion())
  .help()
  .alias('help', 'h')
  .wrap(Math.min(120, process.stdout.columns || 100))
  .epilogue(
    'Exit codes: 0 ok, 1 an expectation failed, 2 wrong usage, 3 simulation error, 4 deadlock or livelock, 5 time-out.',
  )
  .exitProcess(false)
  .fail((message: string | null, error) => {
    // An error that is no complaint about the command line comes without a message, and has its own report below.
    throw message === null ? error : new UsageError(message);
  });

try {
  await cli.parseAsync();
} catch (error) {
  if (error instanceof UsageError || (error instanceof Error && error.name === 'YError')) usage(error.message);
  else throw error;
}
