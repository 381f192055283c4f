import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { CLI, txsim } from '../support/cli.ts';

const TSX = import.meta.resolve('tsx');
const folder = mkdtempSync(join(tmpdir(), 'txsim-new-'));

describe('txsim list', () => {
  it('names every app with what it shows and how it is run', () => {
    const { code, out } = txsim('list');
    assert.equal(code, 0);
    assert.match(out, /^blinky +The smallest firmware: .*\n +txsim run apps\/blinky\/main\.ts$/m);
    assert.match(out, /^dtls-echo +A DTLS server that echoes what its clients send, and a client for it\.$/m);
  });

  it('ends without a word when nobody reads on', () => {
    const command = [process.execPath, ...CLI, 'list'].map((part) => `'${part}'`).join(' ');
    const { stdout, stderr } = spawnSync('sh', ['-c', `${command} | head -1`], { encoding: 'utf8' });
    assert.match(stdout, /^blinky/);
    assert.equal(stderr, '');
  });

  it('gives them as JSON, each with a file that is there', () => {
    const apps = JSON.parse(txsim('list', '--json').out) as { name: string; summary: string; run: string }[];
    assert(apps.length >= 3);
    for (const { name, summary, run } of apps) {
      assert(summary.length > 10, name);
      assert(existsSync(run), run);
    }
  });
});

describe('txsim new', () => {
  const project = join(folder, 'My Sensor');

  it('writes a project that type-checks, runs, and whose test passes', () => {
    const { code, out, err } = txsim('new', project);
    assert.equal(code, 0, err);
    assert.match(out, /written: .*firmware\.test\.ts/);
    assert.match(readFileSync(join(project, 'package.json'), 'utf8'), /"name": "my-sensor"/);
    // No registry need have it: it comes from where this very package lies.
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      dependencies: { txsim: string };
    };
    assert.match(manifest.dependencies.txsim, /^file:/);
    assert.equal(resolve(realpathSync(project), manifest.dependencies.txsim.slice(5)), realpathSync('.'));
    assert.match(out, /next: cd '.*My Sensor' && npm install && npm test/);
    // As npm install would leave it.
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(resolve('.'), join(project, 'node_modules', 'txsim'));
    for (const name of ['@tsconfig', '@types', 'tsx', 'typescript'])
      symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
    const conditions = '--conditions=txsim-source';
    const test = spawnSync(process.execPath, [conditions, '--import', TSX, '--test', 'firmware.test.ts'], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    assert.equal(test.status, 0, test.stdout);
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const types = spawnSync(process.execPath, [tsc, '--noEmit', '--customConditions', 'txsim-source'], {
      cwd: project,
      encoding: 'utf8',
    });
    assert.equal(types.status, 0, types.stdout);
    const run = txsim('run', join(project, 'scenario.ts'));
    assert.equal(run.code, 0, run.err);
    assert.equal(run.out.match(/degrees/g)?.length, 5);
  });

  it('leaves a folder alone that has files', () => {
    const { code, err } = txsim('new', project);
    assert.equal(code, 2);
    assert.match(err, /^txsim: new .*: the folder is not empty; name one that is, or one that does not exist/);
  });

  it('says so where the folder cannot be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, err } = txsim('new', join(file, 'inside'));
    assert.equal(code, 2);
    assert.match(err, /cannot be written/);
  });
});
