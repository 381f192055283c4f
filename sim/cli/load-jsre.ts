import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { ScriptSyntaxError } from '../jsre/compile/script-error.ts';
import { parseScript } from '../jsre/compile/syntax.ts';
import { endOfProgram, jsreFirmware } from '../jsre/firmware.ts';
import { defineScenario, type DefinedScenario } from '../scenario/scenario.ts';
import { UsageError } from './exit-codes.ts';

/** What the command line says of a JSRE program. */
export interface JsreArguments {
  readonly jsre: boolean;
  readonly fs: string | undefined;
  readonly privileged: boolean;
}

/** Whether a script says itself that it is one for JSRE: `#!/bin/javascript`. */
function saysSo(file: string): boolean {
  if (!file.endsWith('.js')) return false;
  const bytes = new Uint8Array(80);
  const opened = openSync(file, 'r');
  try {
    const length = readSync(opened, bytes);
    return /^#!\S*\bjavascript\b/.test(new TextDecoder().decode(bytes.subarray(0, length)));
  } finally {
    closeSync(opened);
  }
}

/**
 * A JSRE program as a scenario of one device named `device`, or null for a file that is none.
 *
 * @throws UsageError for options that do not fit
 */
export function loadProgram(file: string, { jsre, fs, privileged }: JsreArguments): DefinedScenario | null {
  if (!jsre && !saysSo(file)) {
    const [option] = [...(fs === undefined ? [] : ['--fs']), ...(privileged ? ['--privileged'] : [])];
    if (option === undefined) return null;
    throw new UsageError(
      `${option} is for JSRE programs, and ${relative('', file)} is none: begin it with #!/bin/javascript, or add --jsre`,
    );
  }
  if (/\.[cm]?ts$/.test(file)) {
    throw new UsageError(
      `--jsre: expected a script in JavaScript, found ${relative('', file)}; JSRE has no TypeScript`,
    );
  }
  if (fs !== undefined && statSync(fs, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`--fs ${fs}: no such directory`);
  }
  const folder = resolve(fs ?? dirname(file));
  const main = relative(folder, file);
  if (main.startsWith(`..${sep}`)) {
    throw new UsageError(`--fs ${fs ?? ''}: expected a folder that holds ${relative('', file)}, the main script`);
  }
  checkSyntax(file);
  const firmware = jsreFirmware({ main: main.split(sep).join('/'), fs: folder, privileged });
  return defineScenario({
    // Timers of JSRE count milliseconds.
    devices: { device: { firmware, config: { TX_TIMER_TICKS_PER_SECOND: 1000 } } },
    // The network of a device goes on without end: the run is over with the program.
    stopWhen: ({ devices, clock }) => {
      const device = devices.get('device');
      const end = device === undefined ? null : endOfProgram(device.kernel);
      return end !== null && clock.now >= end + LAST_WORDS;
    },
  });
}

/** A main script that cannot be read is told before anything runs. */
function checkSyntax(file: string): void {
  try {
    parseScript(readFileSync(file, 'utf8'), relative('', file));
  } catch (error) {
    throw error instanceof ScriptSyntaxError ? new UsageError(error.message) : error;
  }
}

/** How long the network goes on after the last task, in nanoseconds: what was sent at the end, and its closing, is to arrive. */
const LAST_WORDS = 100e6;
