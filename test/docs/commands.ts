import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A command that a document shows, in a block of shell commands. */
export interface DocumentedCommand {
  readonly file: string;
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  readonly text: string;
  /** As a comment behind the command tells (`# exit code 1`), or 0. */
  readonly exitCode: number;
}

/** The documents that belong to the project. */
export function documents(): readonly string[] {
  const { stdout } = spawnSync('git', ['ls-files', '*.md'], { encoding: 'utf8' });
  return stdout.split('\n').filter((name) => name !== '');
}

/** The commands of a document's `sh` blocks. A line that ends with a backslash goes on in the next one. */
export function commandsOf(file: string): readonly DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let inside = false;
  let begun: { readonly line: number; text: string } | null = null;
  for (const [index, raw] of readFileSync(file, 'utf8').split('\n').entries()) {
    const row = raw.trim();
    if (row.startsWith('```')) {
      inside = !inside && row === '```sh';
      continue;
    }
    if (!inside || row === '' || row.startsWith('#')) continue;
    begun = begun === null ? { line: index + 1, text: row } : { line: begun.line, text: `${begun.text}\n${row}` };
    if (row.endsWith('\\')) continue;
    const [, code = '0'] = /# exit code (\d)/.exec(row) ?? [];
    commands.push({ file, ...begun, exitCode: Number(code) });
    begun = null;
  }
  return commands;
}
