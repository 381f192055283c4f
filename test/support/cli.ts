import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const BUILT = resolve('dist/sim/cli/main.js');
const FOLDERS = ['kernel', 'netx', 'secure', 'sim'];

const changed = (path: string): number => statSync(path).mtimeMs;

/** Whether dist/ holds what the sources say: that starts in half the time, and is what users have. */
function isBuilt(): boolean {
  if (!existsSync(BUILT)) return false;
  const built = changed(BUILT);
  return FOLDERS.every((folder) =>
    readdirSync(folder, { recursive: true }).every((name) => changed(join(folder, String(name))) < built),
  );
}

/** What node is started with to be this package's program: as built where nothing has changed since, else from sources. */
export const CLI: readonly string[] = isBuilt()
  ? [BUILT]
  : ['--conditions=txsim-source', '--import', import.meta.resolve('tsx'), resolve('sim/cli/main.ts')];

/** What the program has done. */
export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program to its end. */
export function txsim(...args: readonly string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}
