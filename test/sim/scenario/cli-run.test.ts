import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { txsim as runTxsim, type CliResult } from '../../support/cli.ts';

// Inside the repository, so that 'txsim' is found.
const folder = mkdtempSync(resolve('test/sim/scenario/tmp-'));
after(() => rmSync(folder, { recursive: true }));

const txsim = (...args: readonly string[]): CliResult => runTxsim('run', ...args);

/** A scenario of one device, `one`, that runs a firmware of the tests. */
function scenario(name: string, firmware: string, more: string): string {
  const file = join(folder, `${name}.ts`);
  writeFileSync(
    file,
    `import { at, clockJump, defineScenario, expectOutput, noLeaks, reboot } from 'txsim';
import { ${firmware} } from '../firmware.ts';
export default defineScenario({ seed: 3, devices: { one: { firmware: ${firmware} } }, ${more} });
`,
  );
  return file;
}

const good = scenario(
  'good',
  'beater',
  "until: '5s', timeline: [at('2.5s', reboot('one'))], expect: [expectOutput('one', 'beat 2')]",
);
const failing = scenario('failing', 'beater', "until: '5s', expect: [expectOutput('one', 'beat 9'), noLeaks()]");

describe('what txsim run exits with', () => {
  it('0: everything expected has happened', () => {
    const { code, out, err } = txsim(good);
    assert.equal(code, 0, err);
    assert.match(out, /2\.500000 s +\* reboot one\n[^]*--- boot 2 ---/);
  });

  it('1: an expectation failed; the report ends with the command that reproduces it', () => {
    const { code, out, err } = txsim(
      failing,
      '--seed',
      '8',
      '--until',
      '4s',
      '--param',
      'mode=a b',
      '--cpu',
      'instant',
      '-q',
    );
    assert.equal(code, 1);
    assert.match(out, /virtual time +4\.000000 s/);
    assert.match(err, /^txsim: expectation failed: one prints 'beat 9'\n/);
    const command = `reproduce with: txsim run ${failing} --seed 8 --param 'mode=a b' --cpu instant --until 4s\n`;
    assert(err.endsWith(command), err);
  });

  it('2: a mistake in the scenario, in one line, also one that is found as its module is loaded', () => {
    const wrong = [
      [
        scenario('verb', 'beater', "timeline: [at('1s', reboot('two'))]"),
        /^txsim: timeline\[0\]: reboot: there is no device 'two'; devices: one \(see/,
      ],
      [
        scenario('expect', 'beater', "expect: [expectOutput('two', 'x')]"),
        /^txsim: expect\[0\]: devices: there is no device 'two'; devices: one \(see/,
      ],
      [
        scenario('field', 'beater', 'expects: []'),
        /^txsim: the scenario: there is no option 'expects'; use one of: .*, expect, /,
      ],
      [
        scenario('device-field', 'beater', "devices: { one: { firmware: beater, lan: 'wan' } }"),
        /^txsim: device 'one': there is no option 'lan'; use one of: firmware, network, /,
      ],
      [
        scenario('no-firmware', 'beater', 'devices: { one: { firmware: undefined } }'),
        /^txsim: device 'one' has no firmware; write \{ firmware \}, with what defineFirmware\(…\) gave/,
      ],
      [
        scenario('dhcp-field', 'beater', "dhcp: { lan: { leese: '1s' } }"),
        /^txsim: the DHCP server of 'lan': there is no option 'leese'; use one of: address, /,
      ],
      [
        scenario('load', 'beater', "timeline: [at('1s', clockJump('one', 'soon'))]"),
        /^txsim: .*load\.ts: clockJump: 'soon' is no duration; /,
      ],
    ] as const;
    for (const [file, message] of wrong) {
      const { code, err } = txsim(file);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.equal(err.trimEnd().split('\n').length, 1);
    }
    const { code, err } = txsim(good, '--timeout', 'soon');
    assert.equal(code, 2);
    assert.match(err, /--timeout soon: expected a duration/);
  });

  it('3: the firmware throws', () => {
    const { code, err } = txsim(scenario('throws', 'thrower', ''), '-q');
    assert.equal(code, 3);
    assert.match(
      err,
      /^txsim: the firmware threw Error: the sensor is not there\n[^]*last events of one:[^]*reproduce with: txsim run /,
    );
  });

  it('4: a deadlock', () => {
    const { code, err } = txsim(scenario('stuck', 'stuck', ''), '-q');
    assert.equal(code, 4);
    assert.match(err, /^txsim: deadlock: [^]*reproduce with: /);
  });

  it('5: it takes too long by the wall clock, at either pace', () => {
    const endless = scenario('busy', 'busy', '');
    for (const args of [
      ['--timeout', '0.3'],
      ['--timeout', '300ms', '--real-time'],
    ]) {
      const { code, err, out } = txsim(endless, '-q', ...args);
      assert.equal(code, 5, err);
      assert.match(err, /^txsim: the run took longer by the wall clock than it was given\n/);
      assert.match(out, /ended +it took too long by the wall clock/);
    }
  });
});

describe('txsim run --json', () => {
  const parsed = (...args: readonly string[]): Record<string, unknown> => {
    const { out, err } = txsim('--json', ...args);
    assert.equal(err, '');
    const value: unknown = JSON.parse(out);
    assert(typeof value === 'object' && value !== null);
    return { ...value };
  };

  it('prints one object that tells everything', () => {
    const run = parsed(good);
    assert.equal(run['ok'], true);
    assert.deepEqual([run['exitCode'], run['seed'], run['result'], run['virtualTime']], [0, 3, 'until', 5e9]);
    assert.deepEqual(
      [run['failures'], run['leaks'], run['stalls'], run['notes'], run['written']],
      [[], [], [], [], []],
    );
    assert.match(
      JSON.stringify(run['devices']),
      /^\[\{"name":"one","boots":2,"isOn":true,"output":\[\{"time":\d+,"thread":"main","text":"random/,
    );
  });

  it('failures, errors and mistakes too', () => {
    const failed = parsed(failing);
    assert.deepEqual([failed['ok'], failed['exitCode']], [false, 1]);
    assert.match(
      JSON.stringify(failed['failures']),
      /"kind":"expectation","title":"one prints 'beat 9'","time":5000000000,"report":\[/,
    );
    const thrown = parsed(scenario('throws', 'thrower', ''));
    assert.deepEqual([thrown['exitCode'], thrown['result']], [3, 'error']);
    assert.deepEqual(parsed(good, '--nix'), { ok: false, exitCode: 2, error: 'Unknown argument: nix' });
    assert.match(String(parsed('nowhere.ts')['error']), /nowhere\.ts: no such file/);
  });
});
