import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { PACKAGE_ROOT } from './package.ts';

/** An example that comes with the package. */
export interface App {
  /** Its folder's name, under apps/. */
  readonly name: string;
  /** What it shows, in one line. */
  readonly summary: string;
  /** What to hand to `txsim run`, from the current folder. */
  readonly run: string;
}

const ENTRIES = ['scenario.ts', 'main.ts', 'main.js'];

/** The first sentence of a README's text, or all of its first paragraph where it has none. */
function summaryOf(readme: string): string {
  const paragraph = readme.split(/\n\s*\n/).find((part) => !part.startsWith('#') && part.trim() !== '') ?? '';
  const text = paragraph.replaceAll(/\s+/g, ' ').replaceAll(/[`*]/g, '').trim();
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}

/** What the comment says that a file begins with, in one line. */
function commentOf(source: string): string {
  return /^\/\*\* (.*?) \*\//.exec(source)?.[1] ?? '';
}

/** The examples below a folder, in order of name. */
export function findApps(folder: string, prefix = ''): readonly App[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .flatMap((name) => {
      const path = join(folder, name);
      const entry = ENTRIES.find((file) => existsSync(join(path, file)));
      const readme = join(path, 'README.md');
      if (entry === undefined) return findApps(path, `${prefix}${name}/`);
      const summary = existsSync(readme)
        ? summaryOf(readFileSync(readme, 'utf8'))
        : commentOf(readFileSync(join(path, entry), 'utf8'));
      return [{ name: `${prefix}${name}`, summary, run: relative('', join(path, entry)) }];
    });
}

interface ListArguments {
  readonly json: boolean;
}

/** `txsim list`: the examples. */
export const listCommand: CommandModule<object, ListArguments> = {
  command: 'list',
  describe: 'List the example apps, one line each',
  builder: (yargs: Argv): Argv<ListArguments> =>
    yargs.option('json', { type: 'boolean', default: false, describe: 'print them as JSON' }),
  handler: ({ json }) => {
    const apps = findApps(join(PACKAGE_ROOT, 'apps'));
    if (json) {
      process.stdout.write(`${JSON.stringify(apps, null, 2)}\n`);
      return;
    }
    const width = Math.max(0, ...apps.map(({ name }) => name.length));
    for (const { name, summary, run } of apps) {
      process.stdout.write(`${name.padEnd(width)}  ${summary}\n${' '.repeat(width)}  txsim run ${run}\n`);
    }
  },
};
