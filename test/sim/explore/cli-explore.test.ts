import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shardArgument } from '../../../sim/cli/explore/options.ts';
import { after, describe, it } from 'node:test';
import { CLI, txsim, type CliResult } from '../../support/cli.ts';

// Within the package, so that what is written there finds txsim by its name.
mkdirSync('txsim-out', { recursive: true });
const folder = mkdtempSync(join('txsim-out', 'explore-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line as a shell would where txsim is installed. */
function typed(line: string): CliResult {
  const quote = (word: string): string => `'${word}'`;
  const script = `txsim() { ${[process.execPath, ...CLI].map(quote).join(' ')} "$@"; }\n${line}\n`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A firmware of one thread. */
const firmware = (body: string, before = ''): string => `
import { defineFirmware } from 'txsim';
import { TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, tx_thread_sleep } from 'txsim/tx_api';
${before}
export default defineFirmware(({ print, params, random }) => {
  function* main() {
${body}
  }
  return {
    *tx_application_define(memory: Uint8Array) {
      const stack = memory.subarray(0, 1024);
      yield* tx_thread_create(new TX_THREAD(), 'main', main, 0, stack, 1024, 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});
`;

interface Failure {
  readonly kind: string;
  readonly title: string;
  readonly count: number;
  readonly firstSeed: number;
  readonly needs: readonly string[];
  readonly reproduce: string;
  readonly report: readonly string[];
  readonly files: readonly string[];
}

interface Json {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly resumed: number;
  readonly exitCode: number;
  readonly failures: readonly Failure[];
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && 'failures' in value;

function json({ out, err }: CliResult): Json {
  const value: unknown = JSON.parse(out === '' ? `"${err}"` : out);
  assert.ok(isJson(value), out);
  return value;
}

/** Says whether JUnit XML is what readers of it expect; the schema's complaints where it is not. */
function junitProblems(path: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', 'test/support/junit.xsd', path], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : stderr;
}

describe('txsim explore', () => {
  it('finds a forgotten client, makes the run small, and prints a command that repeats it', () => {
    const [junit, out] = [join(folder, 'junit.xml'), join(folder, 'out')];
    const scenario = 'test/sim/explore/one-pointer.ts';
    const run = [
      'explore',
      scenario,
      '--seeds',
      '1..1000',
      '--stop-after',
      '1',
      '--json',
      '--junit',
      junit,
      '--out',
      out,
    ];
    const result = txsim(...run);
    assert.equal(result.code, 1, result.err);
    const { failures, failed } = json(result);
    const [failure] = failures;
    assert.ok(failure !== undefined && failures.length === 1 && failed === 1);
    assert.match(failure.title, /^(ann|bob) prints 'sent'/);
    // Latency, jitter and the speed of processors have nothing to do with it; when the clients boot has.
    assert.ok(failure.needs.some((need) => /^(ann|bob) boots .* later$/.test(need)));
    assert.ok(
      failure.needs.every((need) => /boots|lan: latency|order/.test(need)),
      failure.needs.join('; '),
    );
    assert.match(
      failure.reproduce,
      /^txsim run test\/sim\/explore\/one-pointer\.ts --seed \d+ --vary \S+ --until 8\.001s$/,
    );

    const again = typed(`${failure.reproduce} --quiet`);
    assert.equal(again.code, 1, again.err);
    assert.ok(`${again.out}${again.err}`.includes(failure.title));
    const without = typed(`txsim run ${scenario} --seed ${failure.firstSeed} --quiet`);
    assert.equal(without.code, 0, without.err);
    const drawn = typed(`txsim run ${scenario} --seed ${failure.firstSeed} --vary drawn --quiet`);
    assert.equal(drawn.code, 1);

    assert.equal(junitProblems(junit), '');
    assert.match(readFileSync(junit, 'utf8'), /<failure message="seed \d+: (ann|bob) prints/);
    const [report, page, pcap, trace] = failure.files;
    assert.ok(report !== undefined && page !== undefined && pcap !== undefined && trace !== undefined);
    assert.match(readFileSync(page, 'utf8'), /^<!doctype html>[^]*<title>test\/sim\/explore\/one-pointer\.ts · txsim/);
    assert.ok(readFileSync(report, 'utf8').includes(failure.reproduce));
    assert.ok(existsSync(trace));
    assert.equal(spawnSync('tshark', ['-r', pcap, '-c', '1']).status, 0);
  });

  it('takes away every lost frame but those that matter', () => {
    const scenario = file(
      'two-lost.ts',
      `import { defineScenario, expectOutput } from 'txsim';
import client from ${JSON.stringify(resolve('apps/dtls-echo/client.ts'))};
import server from ${JSON.stringify(resolve('apps/dtls-echo/server.ts'))};
const params = { auth: 'psk' };
export default defineScenario({
  networks: { lan: { latency: '1ms' } },
  devices: { server: { firmware: server, address: '192.168.1.150', params }, client: { firmware: client, params } },
  expect: [expectOutput('client', 'received', { by: '2s' })],
  until: '4s',
  explore: { networks: { lan: { loss: [0.2, 0.4], duplicate: [0, 0.2], latency: ['1ms', '9ms'] } }, timing: 0.05 },
});`,
    );
    const { failures } = json(txsim('explore', scenario, '--seeds', '1..40', '--stop-after', '2', '--json'));
    const [failure] = failures;
    assert.ok(failure !== undefined);
    assert.equal(failure.needs.length, 1, failure.needs.join('; '));
    assert.match(
      failure.needs[0] ?? '',
      /^[12] frames? lost \(#\d+ (client|server): [^;]+(; #\d+ (client|server): [^;]+)?\)$/,
    );
    assert.match(failure.reproduce, /--vary lan\.faults=\d+(\+\d+)?( --until 2\.\d+s)?$/);
    assert.equal(typed(`${failure.reproduce} -q`).code, 1);
  });

  it('passes where all is well, notes what is done, and leaves that out another time', () => {
    const [journal, junit] = [join(folder, 'new', 'done.jsonl'), join(folder, 'ok.xml')];
    const run = (...more: string[]): CliResult =>
      txsim('explore', 'apps/udp-echo/scenario.ts', '--resume', journal, '--jobs', '2', ...more);
    const first = run('--seeds', '1..5', '--junit', junit);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^5 of 5 seeds run: 5 passed, 0 failed\n[\d.]+ s, [\d.]+ runs\/s on 2 jobs\n$/);
    assert.equal(junitProblems(junit), '');
    assert.equal(readFileSync(junit, 'utf8').match(/<testcase /g)?.length, 5);
    // As if the machine had stopped while it wrote.
    appendFileSync(journal, '{"seed":6,"fail');
    const { resumed, passed, total } = json(run('--seeds', '3..12', '--shard', '1/2', '--json'));
    assert.deepEqual({ resumed, passed, total }, { resumed: 2, passed: 5, total: 5 });
    const lines = readFileSync(journal, 'utf8').trim().split('\n');
    assert.equal(lines.length, 1 + 5 + 3);
    const other = run('--until', '1s');
    assert.equal(other.code, 2);
    assert.match(other.err, /--resume .*: it belongs to another exploration/);
  });

  it('does not go on where a file that the scenario imports has changed', () => {
    const journal = join(folder, 'changed.jsonl');
    const text = `export const text = 'first';\n`;
    const part = file('part.ts', text);
    const path = file('of-parts.ts', firmware('    print(text);', "import { text } from './part.ts';"));
    const args = ['explore', path, '--seeds', '1..2', '--until', '1s', '--jobs', '1', '--resume', journal];
    assert.equal(txsim(...args).code, 0);
    writeFileSync(part, text.replace('first', 'second'));
    const changed = txsim(...args);
    assert.equal(changed.code, 2);
    assert.match(changed.err, /^txsim: --resume .*: the scenario, a file that it imports, or txsim itself has changed/);
    writeFileSync(part, text);
    assert.equal(json(txsim(...args, '--json')).resumed, 2);
  });

  it('names the first event in which two runs of a seed differ', () => {
    const path = file('counter.ts', firmware('    print(`run ${++runs}`);', 'let runs = 0;'));
    const { code, out, err } = txsim('explore', path, '--seeds', '1..2', '--check-determinism', '--until', '1s');
    assert.equal(code, 3, err);
    assert.match(out, /2 {2,}1 {2}nondeterminism: two runs of the same seed differ/);
    assert.match(out, /differ at event \d+, at 0\.\d+ s/);
    assert.match(out, /one run: .*"text":"run \d+"/);
    assert.match(out, /the other: .*"text":"run \d+"/);
    const sound = txsim('explore', 'apps/blinky/main.ts', '--seeds', '1..2', '--check-determinism', '--until', '2s');
    assert.equal(sound.code, 0, sound.out);
  });

  it('ends a run that hangs with its worker, and goes on with the others', () => {
    const path = file('hang.ts', firmware('    if (random() % 3 === 0) for (;;);\n    yield* tx_thread_sleep(1);'));
    const result = txsim(
      'explore',
      path,
      '--seeds',
      '1..6',
      '--timeout',
      '500ms',
      '--jobs',
      '2',
      '--until',
      '1s',
      '--json',
    );
    assert.equal(result.code, 5, result.err);
    const { failures, passed, failed } = json(result);
    assert.equal(passed + failed, 6);
    assert.ok(passed > 0);
    assert.equal(failures[0]?.kind, 'hang');
    assert.match(
      failures[0].report.join('\n'),
      /did not end within 0\.5 s[^]*reproduce with: txsim run .* --vary drawn/,
    );
  });

  it('keeps what it has when it is interrupted, and goes on from there', async () => {
    const path = file('slow.ts', firmware('    for (;;) yield* tx_thread_sleep(1);'));
    const journal = join(folder, 'slow.jsonl');
    const args = ['explore', path, '--seeds', '1..100000', '--until', '20s', '--resume', journal, '--jobs', '1'];
    const child = spawn(process.execPath, [...CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const seeds = (): number => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0);
    const ended = new Promise<number | null>((done) => child.on('exit', done));
    while (seeds() < 3 && child.exitCode === null) await new Promise((later) => setTimeout(later, 50));
    child.kill('SIGINT');
    assert.equal(await ended, 130, err);
    assert.match(out, new RegExp(`^${seeds()} of 100000 seeds run: ${seeds()} passed, 0 failed\\n`));
    assert.match(out, /interrupted with \d+ seeds left/);
    const [, line = ''] = /go on with: (txsim .*)\n/.exec(err) ?? [];
    const before = seeds();
    const { resumed } = json(typed(`${line.replace('1..100000', `1..${before + 2}`)} --json`));
    assert.equal(resumed, before);
  });

  it('prints what shows how it is called', () => {
    const { code, out } = txsim('explore', '--help');
    assert.equal(code, 0);
    for (const option of [
      'seeds',
      'jobs',
      'shard',
      'stop-after',
      'shrink',
      'check-determinism',
      'resume',
      'junit',
      'out',
    ])
      assert.ok(out.includes(`--${option}`), option);
    assert.match(out, /Exit codes: 0 all seeds passed/);
  });

  it('refuses what makes no sense, with one line', () => {
    const { code, out, err } = txsim('explore', 'apps/blinky/main.ts', '--seeds', '9..1');
    assert.equal(code, 2, err);
    assert.equal(out, '');
    assert.match(err, /^txsim: --seeds 9\.\.1: expected whole numbers [^\n]*\n$/);
  });

  it('knows its shard from its arguments or from the environment of a Kubernetes Indexed Job', () => {
    const job = { JOB_COMPLETION_INDEX: '2' };
    assert.deepEqual(shardArgument(undefined, {}), { part: 1, of: 1 });
    assert.deepEqual(shardArgument('2/8', job), { part: 2, of: 8 });
    assert.deepEqual(shardArgument('/8', job), { part: 3, of: 8 });
    assert.deepEqual(shardArgument(undefined, { ...job, JOB_COMPLETIONS: '4' }), { part: 3, of: 4 });
    assert.deepEqual(shardArgument(undefined, job), { part: 1, of: 1 });
    for (const [text, env, message] of [
      ['3/2', {}, /--shard 3\/2: there is no part 3 of 2/],
      ['0/2', {}, /there is no part 0 of 2/],
      ['/8', {}, /JOB_COMPLETION_INDEX, which says which part, is not set/],
      ['/2', job, /there is no part 3 of 2/],
      ['half', {}, /--shard half: expected a part and how many there are/],
    ] as const) {
      assert.throws(() => shardArgument(text, env), message);
    }
  });
});
