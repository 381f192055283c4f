import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { CLI, txsim } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-cli-'));

const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function firmware(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('txsim run', () => {
  it('tells the story, ends with a summary, writes the capture, and repeats itself to the byte', () => {
    const [first, second, other] = ['1.pcapng', '2.pcapng', '3.pcapng'].map((name) => join(folder, 'new', name));
    assert(first !== undefined && second !== undefined && other !== undefined);
    const { code, out, err } = txsim('run', 'apps/dtls-echo/scenario.ts', '--pcap', first);
    assert.equal(code, 0, err);
    assert.match(out, /s {2}client {2}client +DTLS ClientHello to 192\.168\.1\.150:4443 \(flight 1\)/);
    assert.match(out, /lan: frame of (client|server) lost \(loss\)/);
    assert.match(out, /\(flight 5, again\)/);
    assert.match(out, /received 'hello'/);
    for (const row of ['virtual time', 'wall time', 'frames', 'DTLS', 'packets leaked  0'])
      assert.match(out, new RegExp(row));
    txsim('run', 'apps/dtls-echo/scenario.ts', '--pcap', second, '-q');
    txsim('run', 'apps/dtls-echo/scenario.ts', '--pcap', other, '-q', '--seed', '2');
    assert.equal(hash(first), hash(second));
    assert.notEqual(hash(first), hash(other));
  });

  it('runs a firmware as one device, until the time given', () => {
    const { code, out } = txsim('run', 'apps/blinky/main.ts', '--until', '2s');
    assert.equal(code, 0);
    assert.equal(out.match(/LED on/g)?.length, 2);
    assert.match(out, /ended +time is up/);
    assert.match(out, /virtual time +2\.000000 s/);
  });

  it('lets a handshake take as long as on a board, and tells what every thread did', () => {
    const { code, out, err } = txsim('run', 'apps/dtls-echo/scenario.ts', '--cpu', 'cortex-m4-120mhz', '--stats', '-q');
    assert.equal(code, 0, err);
    // Two key generations, two agreements, a signature and its check, and a certificate's, at several hundred ms each.
    const time = Number(/virtual time +([\d.]+) s/.exec(out)?.[1]);
    assert.ok(time > 2.5 && time < 10, `${time} s`);
    assert.match(out, /device 'client': CPU cortex-m4-120mhz, busy \d+\.\d\d % of the time/);
    assert.match(out, /thread +priority +runs +CPU ms +share +waits/);
    assert.match(out, /IP thread +1 +\d+/);
    const unknown = txsim('run', 'apps/blinky/main.ts', '--cpu', 'z80');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /cortex-m0plus-64mhz/);
  });

  it('writes a key log, and hands parameters on', () => {
    const keys = join(folder, 'keys.log');
    const args = [
      '--keylog',
      keys,
      '--param',
      'auth=psk',
      '--param',
      'message=over psk',
      '--pcap',
      join(folder, 'p.pcapng'),
    ];
    const { code, out } = txsim('run', 'apps/dtls-echo/scenario.ts', ...args);
    assert.equal(code, 0);
    assert.match(out, /TLS_PSK_WITH_AES_128_CBC_SHA256|TLS_PSK_WITH_AES_128_CCM_8/);
    assert.match(out, /received 'over psk'/);
    assert.match(readFileSync(keys, 'utf8'), /^CLIENT_RANDOM /);
  });

  it('ends a real-time run on an interrupt, with the summary', async () => {
    const child = spawn(process.execPath, [...CLI, 'run', 'apps/blinky/main.ts', '--real-time']);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('LED off') && !child.killed) child.kill('SIGINT');
    });
    const code = await new Promise((done) => child.on('close', done));
    assert.equal(code, 0);
    assert.match(out, /ended +stopped/);
    assert.match(out, /packets leaked +0/);
  });

  it('reports a forgotten yield* with file and line, and exits 3', () => {
    const file = firmware(
      'forgotten.ts',
      `import { defineFirmware } from 'txsim';
import { TX_THREAD, tx_thread_create, tx_thread_sleep } from 'txsim/tx_api';
export default defineFirmware(() => ({
  *tx_application_define(memory) {
    const entry = function* () {
      tx_thread_sleep(1);
      yield* tx_thread_sleep(1);
    };
    yield* tx_thread_create(new TX_THREAD(), 'worker', entry, 0, memory.subarray(0, 512), 512, 5, 5, 0, 1);
  },
}));
`,
    );
    const inside = resolve('apps/blinky/forgotten.tmp.ts');
    writeFileSync(inside, readFileSync(file));
    try {
      const { code, err } = txsim('run', inside);
      assert.equal(code, 3, err);
      assert.match(
        err,
        /^txsim: thread 'worker': tx_thread_sleep\(\) was called without yield\* \(.*forgotten\.tmp\.ts:6\)/,
      );
      assert.match(err, /device 'device'/);
    } finally {
      spawnSync('rm', [inside]);
    }
  });
});

describe('bad usage: one line, exit code 2', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no command', [], /a command is missing/],
    ['an unknown command', ['dance'], /Unknown (argument|command): dance/],
    ['an unknown option', ['run', 'apps/blinky/main.ts', '--colour'], /Unknown argument: colour/],
    ['no file', ['run'], /Not enough non-option arguments/],
    ['a file that is not there', ['run', 'nowhere.ts'], /nowhere\.ts: no such file/],
    ['a file that is no firmware', ['run', 'sim/duration.ts'], /its default export is no firmware and no scenario/],
    ['a bad duration', ['run', 'apps/blinky/main.ts', '--until', 'soon'], /--until soon: expected a duration/],
    ['a bad parameter', ['run', 'apps/blinky/main.ts', '--param', 'x'], /--param x: expected name=value/],
    [
      'a bad way in',
      ['run', 'apps/blinky/main.ts', '--real-time', '--listen', 'x'],
      /--listen 'x': expected HOST:PORT=/,
    ],
    [
      'a tunnel that is none',
      ['run', 'apps/blinky/main.ts', '--real-time', '--tunnel', '127.0.0.1:1'],
      /expected LOCAL:PORT=REMOTE:PORT/,
    ],
    ['a way in without real time', ['run', 'apps/blinky/main.ts', '--listen', '127.0.0.1:1=d:1'], /need --real-time/],
    ['a capture nowhere', ['run', 'apps/blinky/main.ts', '--pcap', '/dev/null/x'], /--pcap .*cannot be written/],
  ];
  for (const [name, args, expected] of cases) {
    it(name, () => {
      const { code, out, err } = txsim(...args);
      assert.equal(code, 2, err);
      assert.equal(out, '');
      assert.match(err, expected);
      assert.equal(err.trim().split('\n').length, 1, err);
    });
  }
  it('no capture is begun for a run that cannot start', () => {
    const file = join(folder, 'never.pcapng');
    txsim('run', 'apps/blinky/main.ts', '--until', 'soon', '--pcap', file);
    assert(!existsSync(file));
  });
});

describe('help', () => {
  it('names the commands and exit codes', () => {
    const { code, out } = txsim('--help');
    assert.equal(code, 0);
    for (const part of ['txsim run <file>', 'Exit codes', '--version']) assert(out.includes(part), part);
  });
  it('of run has every option and examples', () => {
    const { out } = txsim('run', '--help');
    for (const part of [
      '--seed',
      '--until',
      '--pcap',
      '--keylog',
      '--param',
      '--real-time',
      '--listen',
      '--connect',
      'Examples:',
    ]) {
      assert(out.includes(part), part);
    }
  });
  it('the version is that of the package', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal(txsim('--version').out.trim(), manifest.version);
  });
});
