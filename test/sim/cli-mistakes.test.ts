/** Mistakes on the command line that `run` and `explore` tell alike. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { txsim } from '../support/cli.ts';

// Within the package, so that what is written there finds txsim by its name.
mkdirSync('txsim-out', { recursive: true });
const folder = mkdtempSync(join('txsim-out', 'loading-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a scenario that cannot be run', () => {
  it('has a function that throws, for explore too', () => {
    const path = file(
      'function.ts',
      `import { defineScenario } from 'txsim';
export default defineScenario(({ boards }) => {
  if (boards === 'none') throw new Error('no boards');
  return { devices: {} };
});`,
    );
    for (const command of [['run'], ['explore', '--seeds', '1']]) {
      const { code, err } = txsim(...command, path, '--param', 'boards=none');
      assert.equal(code, 2, err);
      assert.match(err, /^txsim: .*the function of defineScenario\(\) threw Error: no boards .*\n$/);
    }
  });

  it('is told of as an object with --json', () => {
    for (const command of ['run', 'explore']) {
      const { code, out } = txsim(command, 'nowhere.ts', '--json');
      assert.equal(code, 2);
      const told: unknown = JSON.parse(out);
      assert.deepEqual(told, { ok: false, exitCode: 2, error: 'nowhere.ts: no such file' });
    }
  });
});

describe('an option that is given twice', () => {
  it('is refused, where it has one value', () => {
    for (const command of [
      ['run', '--seed', '1', '--seed', '2'],
      ['explore', '--seeds', '1', '--seeds', '2'],
    ]) {
      const { code, err } = txsim(...command, 'apps/blinky/scenario.ts');
      assert.equal(code, 2, err);
      assert.match(err, /^txsim: --seeds? is given twice /);
    }
  });

  it('is taken, where help says that it is a list', () => {
    for (const command of ['run', 'explore', 'certs']) {
      const lists = [
        ...txsim(command, '--help').out.matchAll(/^ +--([\w-]+) (?:(?!^ +--)[^])*?\[(array|string|number|boolean)\]/gm),
      ]
        .filter(([, , type]) => type === 'array')
        .map(([, name = '']) => name);
      assert.ok(lists.includes(command === 'certs' ? 'name' : 'param'), lists.join());
      const { err } = txsim(
        command,
        '/dev/null/x',
        ...lists.flatMap((name) => [`--${name}`, 'pem', `--${name}`, 'der']),
      );
      assert.doesNotMatch(err, /given twice/);
    }
  });
});
