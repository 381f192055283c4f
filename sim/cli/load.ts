import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFirmware } from '../firmware.ts';
import { isScenario, scenarioOf, type DefinedScenario } from '../scenario/scenario.ts';
import { UsageError, usageError } from './exit-codes.ts';
import { loadError } from './load-error.ts';
import { loadProgram, type JsreArguments } from './load-jsre.ts';

/** Loads a module as it is, TypeScript included. */
async function importModule(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href;
  // A process that was started with tsx loads TypeScript already; loading it twice would make two of every module.
  if (process.execArgv.some((argument) => argument.includes('tsx'))) return import(url);
  const { register } = await import('tsx/esm/api');
  register();
  process.setSourceMapsEnabled(true);
  return import(url);
}

/** What a script that was meant for JSRE fails with when it is loaded as a module. */
const JSRE_NAMES =
  /^(?:sys|Task|iosched|EventEmitter|ARGUMENT|require) is not defined|^Cannot find module '(?:iosched|dtls|socket|task|sys)'/;
const AS_PROGRAM = 'a JSRE program begins with #!/bin/javascript, or is run with --jsre';

const NO_PROGRAM: JsreArguments = { jsre: false, fs: undefined, privileged: false };

/**
 * Loads a scenario, or a firmware or a JSRE program as a scenario of one device named `device`.
 *
 * @throws UsageError where the file is not there, cannot be loaded, or exports neither
 */
export async function loadScenario(path: string, jsre: JsreArguments = NO_PROGRAM): Promise<DefinedScenario> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`${path}: no such file`);
  if (statSync(file).isDirectory()) throw new UsageError(`${path}: expected a file, found a directory`);
  const program = loadProgram(file, jsre);
  if (program !== null) return program;
  const module = await importModule(file).catch(async (error: unknown) => {
    if (file.endsWith('.js') && error instanceof Error && JSRE_NAMES.test(error.message)) {
      throw new UsageError(`${path}: ${error.message.split('\n')[0] ?? ''}; ${AS_PROGRAM}`);
    }
    throw usageError(error, path) ?? (await loadError(error, file));
  });
  const exported = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (isScenario(exported)) return exported;
  if (isFirmware(exported)) return scenarioOf(exported);
  throw new UsageError(
    `${path}: its default export is no firmware and no scenario; write export default defineFirmware(…) or defineScenario(…)` +
      (file.endsWith('.js') ? `; ${AS_PROGRAM}` : ''),
  );
}
