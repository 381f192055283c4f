import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { UsageError } from '../exit-codes.ts';
import { dependencyFor } from '../package.ts';
import { TEMPLATE } from './template.ts';

interface NewArguments {
  readonly dir: string;
}

/** A folder's name as a package may be called. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' ? 'firmware' : name;
}

/**
 * Writes a new project.
 *
 * @throws UsageError where the folder has files already, or cannot be written
 */
function createProject(dir: string): readonly string[] {
  const folder = resolve(dir);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`new ${dir}: the folder is not empty; name one that is, or one that does not exist`);
  try {
    mkdirSync(folder, { recursive: true });
    const [name, dependency] = [packageName(folder), dependencyFor(realpathSync(folder))];
    for (const [file, text] of Object.entries(TEMPLATE)) {
      writeFileSync(join(folder, file), text.replaceAll('NAME', name).replaceAll('DEPENDENCY', dependency));
    }
  } catch (error) {
    throw new UsageError(`new ${dir}: cannot be written (${error instanceof Error ? error.message : 'error'})`);
  }
  return Object.keys(TEMPLATE);
}

/** The command that goes to a folder, as a shell takes it; nothing for the present one. */
function changeTo(dir: string): string {
  const path = relative('', resolve(dir));
  if (path === '') return '';
  return `cd ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`} && `;
}

/** `txsim new`: a project to begin with. */
export const newCommand: CommandModule<object, NewArguments> = {
  command: 'new <dir>',
  describe: 'Begin a firmware project, with a test that passes',
  builder: (yargs: Argv): Argv<NewArguments> =>
    yargs.positional('dir', { type: 'string', demandOption: true, describe: 'the folder to create' }),
  handler: ({ dir }) => {
    const files = createProject(dir);
    const lines = [
      ...files.map((file) => `written: ${join(dir, file)}`),
      '',
      `next: ${changeTo(dir)}npm install && npm test`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  },
};
