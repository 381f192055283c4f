import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFirmware } from '../firmware.ts';
import { isScenario, scenarioOf, type DefinedScenario } from '../scenario/scenario.ts';
import { UsageError, usageError } from './exit-codes.ts';
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

/** What Node says where a package is taken for CommonJS: its files cannot load this library's modules then. */
const AS_COMMONJS: readonly string[] = ['ERR_REQUIRE_CYCLE_MODULE', 'ERR_REQUIRE_ESM', 'ERR_UNKNOWN_FILE_EXTENSION'];

/** In one line what a module failed with as it was loaded, and where that was thrown. */
function whyNotLoaded(path: string, error: unknown): string {
  if (!(error instanceof Error)) return `${path}: it threw ${String(error)} as it was loaded`;
  if ('code' in error && typeof error.code === 'string' && AS_COMMONJS.includes(error.code)) {
    return `${path}: it is taken for CommonJS, and scenarios are ES modules; write "type": "module" into its package.json (${error.code})`;
  }
  const text = error.message.startsWith(error.name) ? error.message : `${error.name}: ${error.message}`;
  const where = /^ *at (?:.*\()?(?:file:\/\/)?(\/[^)]*?:\d+:\d+)\)?$/m.exec(error.stack ?? '')?.[1];
  // What a module lacks, and what a compiler finds, is thrown here and not there.
  const isElsewhere = where === undefined || /\/node_modules\/|\/sim\/cli\/load\./.test(where);
  return `${path}: it could not be loaded: ${text}${isElsewhere ? '' : `, at ${where}`}`;
}

const NO_PROGRAM: JsreArguments = { jsre: false, fs: undefined, privileged: false };

/**
 * Loads a scenario, or a firmware or a JSRE program as a scenario of one device named `device`.
 *
 * @throws UsageError where the file is not there or exports neither
 */
export async function loadScenario(path: string, jsre: JsreArguments = NO_PROGRAM): Promise<DefinedScenario> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`${path}: no such file`);
  if (statSync(file).isDirectory()) throw new UsageError(`${path}: expected a file, found a directory`);
  const program = loadProgram(file, jsre);
  if (program !== null) return program;
  const module = await importModule(file).catch((error: unknown) => {
    if (file.endsWith('.js') && error instanceof Error && JSRE_NAMES.test(error.message)) {
      throw new UsageError(`${path}: ${error.message.split('\n')[0] ?? ''}; ${AS_PROGRAM}`);
    }
    throw usageError(error, path) ?? new UsageError(whyNotLoaded(path, error));
  });
  const exported = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (isScenario(exported)) return exported;
  if (isFirmware(exported)) return scenarioOf(exported);
  throw new UsageError(
    `${path}: its default export is no firmware and no scenario; write export default defineFirmware(…) or defineScenario(…)` +
      (file.endsWith('.js') ? `; ${AS_PROGRAM}` : ''),
  );
}
