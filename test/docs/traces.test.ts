import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { FILTER_KEYS } from 'txsim';
import { CLI } from '../support/cli.ts';

const document = readFileSync('docs/traces.md', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'txsim-docs-traces-'));
const commands = [...document.matchAll(/```sh\n([^`]+)```/g)].map(([, command = '']) => command.trim());

/** Runs a command of the page with its files in a folder of the test's own. */
function run(command: string): { readonly code: number | null; readonly out: string; readonly err: string } {
  const program = [process.execPath, ...CLI].map((word) => `"${word}"`).join(' ');
  const line = command.replace(/^txsim/, program).replace('apps/', `${resolve('apps')}/`);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', cwd: folder });
  return { code: status, out: stdout, err: stderr };
}

describe('docs/traces.md', () => {
  for (const command of commands) {
    it(command, () => {
      const { code, out, err } = run(command);
      assert.equal(code, 0, err);
      for (const [, file = ''] of command.matchAll(/(out\/[\w.]+)/g)) {
        if (file.endsWith('.trx')) continue;
        assert(
          existsSync(join(folder, file)) &&
            (statSync(join(folder, file)).isDirectory() || statSync(join(folder, file)).size > 0),
          file,
        );
      }
      if (command.includes('--text -')) assert.doesNotMatch(out, /^ended/m);
    });
  }

  it('shows lines as a run writes them', () => {
    const trace = readFileSync(join(folder, 'out/run.txt'), 'utf8').split('\n');
    const [, block = ''] = /```text\n([^`]+)```/.exec(document) ?? [];
    const lines = block.trimEnd().split('\n');
    assert(lines.length >= 5);
    for (const line of lines) assert(trace.includes(line), line);
    const [, json = ''] = /```json\n([^`]+)```/.exec(document) ?? [];
    const shown: unknown = JSON.parse(json);
    const records = readFileSync(join(folder, 'out/run.jsonl'), 'utf8').trimEnd().split('\n');
    assert(records.some((record) => JSON.stringify(JSON.parse(record)) === JSON.stringify(shown)));
  });

  it('names every key of a filter', () => {
    for (const key of FILTER_KEYS) assert(document.includes(`\`${key}\``), key);
  });
});
