import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import type { ReportChunk, ReportHead, ReportSummary } from '../../../sim/report-page/data.ts';
import { scratch } from '../../support/scratch.ts';
import { txsim, type CliResult } from '../../support/cli.ts';

/** The data inside of a page. */
function dataOf(file: string): {
  readonly html: string;
  readonly head: ReportHead;
  readonly chunks: readonly ReportChunk[];
  readonly summary: ReportSummary;
} {
  const html = readFileSync(file, 'utf8');
  const parts = [...html.matchAll(/data-part="(\w+)">([^<]*)</g)].map(([, part = '', base64 = '']) => ({
    part,
    json: JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString('utf8')) as unknown,
  }));
  const of = (name: string): readonly unknown[] => parts.filter(({ part }) => part === name).map(({ json }) => json);
  return {
    html,
    head: of('head')[0] as ReportHead,
    chunks: of('chunk') as readonly ReportChunk[],
    summary: of('summary')[0] as ReportSummary,
  };
}

const count = (chunks: readonly ReportChunk[]): number => chunks.reduce((sum, { time }) => sum + time.length, 0);

// Firmware written here imports 'txsim' as a project does.
mkdirSync(join(scratch, 'node_modules'));
symlinkSync(resolve('.'), join(scratch, 'node_modules', 'txsim'));
writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }');

const page = join(scratch, 'run.html');
const trace = join(scratch, 'run.jsonl');

describe('txsim run --report', () => {
  const { code, out, err } = txsim('run', 'apps/dtls-echo/scenario.ts', '-q', '--report', page, '--trace', trace);

  it('writes one page, says so, and runs as it would without', () => {
    assert.equal(code, 0, err);
    assert(out.includes(`written: ${page}`));
    assert.match(out, /virtual time +1\.116591 s/);
  });

  it('has everything in the page, and lets it load nothing', () => {
    const { html, head, chunks, summary } = dataOf(page);
    assert.equal(head.title, 'apps/dtls-echo/scenario.ts');
    assert.equal(head.seed, '7');
    assert.equal(count(chunks), summary.events);
    assert.equal(summary.ending, 'stopped');
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
    assert(html.includes("connect-src 'none'"));
    assert.deepEqual(html.match(/(?:src|href)="(?!data:)[^"]*"/g), null);
    assert(!html.includes('CLIENT_RANDOM'));
  });

  it('lists what went wrong with its place', () => {
    const file = join(scratch, 'leak.html');
    const result = txsim('run', 'apps/mistakes/leaked-packet/scenario.ts', '-q', '--report', file);
    assert.equal(result.code, 1, result.err);
    const [leak, empty, failed] = dataOf(file).summary.problems;
    assert.equal(leak?.kind, 'leak');
    assert.equal(empty?.kind, 'pool-empty');
    assert.equal(failed?.kind, 'expectation');
    assert.match(leak.text, /12 packets .* at apps\/mistakes\/leaked-packet\/firmware\.ts:57/);
    assert.equal(leak.device, 'thermometer');
    assert(leak.time > 0);
  });

  it('is written, with the error on top, also where the run ends by one', () => {
    const file = join(scratch, 'broken.ts');
    writeFileSync(
      file,
      `import { defineFirmware } from 'txsim';
import { TX_THREAD, tx_thread_create, tx_thread_sleep } from 'txsim/tx_api';
export default defineFirmware(() => ({
  *tx_application_define(memory) {
    const entry = function* () {
      yield* tx_thread_sleep(1);
      throw new Error('</script><b>boom</b>');
    };
    yield* tx_thread_create(new TX_THREAD(), 'worker', entry, 0, memory.subarray(0, 512), 512, 5, 5, 0, 1);
  },
}));
`,
    );
    const broken = join(scratch, 'broken.html');
    const result = txsim('run', file, '-q', '--report', broken);
    assert.equal(result.code, 3, result.err);
    const { summary, html } = dataOf(broken);
    const [error] = summary.problems;
    assert.equal(error?.severity, 'error');
    assert.match(error.text, /boom/);
    assert.equal(error.thread, 'worker');
    assert.equal(summary.ending, 'ended by an error');
    assert(!html.includes('boom'), 'text of the run stands in the page as it is');
  });

  it('keeps the newest events within its limit, and says what it left out', () => {
    const file = join(scratch, 'cut.html');
    // Chunks have 16,384 events: this run makes more.
    const busy = join(scratch, 'busy.ts');
    writeFileSync(
      busy,
      `import { defineFirmware } from 'txsim';
import { TX_THREAD, tx_thread_create, tx_thread_relinquish } from 'txsim/tx_api';
export default defineFirmware(() => ({
  *tx_application_define(memory) {
    const entry = function* () {
      for (let n = 0; n < 40000; n++) yield* tx_thread_relinquish();
    };
    yield* tx_thread_create(new TX_THREAD(), 'worker', entry, 0, memory.subarray(0, 512), 512, 5, 5, 0, 1);
  },
}));
`,
    );
    const { code: status, err: message } = txsim('run', busy, '-q', '--report', file, '--report-limit', '20000');
    assert.equal(status, 0, message);
    const { chunks, summary } = dataOf(file);
    assert(count(chunks) <= 20_000 && count(chunks) > 0);
    assert(summary.events > 40_000);
    assert.equal(summary.cut + count(chunks), summary.events);
    assert.equal(chunks.find(({ time }) => time.length > 0)?.first, summary.cut);
    const lanes = chunks.flatMap((chunk) => chunk.lanes);
    assert(
      lanes.some(({ name }) => name === 'worker'),
      'lanes of events that were left out are still known',
    );
  });

  it('refuses a limit that is none', () => {
    for (const limit of ['0', '-1', '1.5', 'many']) {
      const result = txsim('run', 'apps/blinky/main.ts', '--until', '1s', '--report', page, `--report-limit=${limit}`);
      assert.equal(result.code, 2);
      assert.match(result.err, /^txsim: --report-limit .*expected a number of events, 1 or more/);
    }
  });
});

describe('txsim report', () => {
  it('makes from a trace the page that the run would have made, but for what only the run knows', () => {
    const { code, out, err } = txsim('report', trace);
    assert.equal(code, 0, err);
    const made = join(scratch, 'run.html');
    assert(out.includes(`written: ${made}`));
  });

  it('has the same events and tables', () => {
    const file = join(scratch, 'again.html');
    const fresh = join(scratch, 'fresh.html');
    assert.equal(txsim('run', 'apps/dtls-echo/scenario.ts', '-q', '--report', fresh).code, 0);
    assert.equal(txsim('report', trace, '-o', file).code, 0);
    const [one, other] = [dataOf(fresh), dataOf(file)];
    assert.deepEqual(other.chunks, one.chunks);
    for (const table of ['threads', 'sessions', 'networks', 'statuses', 'events', 'time'] as const) {
      assert.deepEqual(other.summary[table], one.summary[table], table);
    }
  });

  const lines = readFileSync(trace, 'utf8').split('\n');

  /** The trace with one of its lines replaced. */
  function damaged(at: number, line: string): CliResult {
    const file = join(scratch, 'damaged.jsonl');
    writeFileSync(file, lines.with(at - 1, line).join('\n'));
    return txsim('report', file);
  }

  it('says on one line what is wrong with a trace, and where', () => {
    for (const [line, message] of [
      ['nonsense', /damaged\.jsonl:7: no JSON; /],
      ['[]', /:7: no JSON object; /],
      [
        '{"time":"now","device":null,"thread":"","type":"print"}',
        /:7: time is "now", expected a number of nanoseconds/,
      ],
      ['{"time":0,"device":4,"thread":"","type":"print"}', /:7: device is 4, expected a text or null/],
      ['{"time":0,"device":null,"thread":"","type":"print"}', /:7: text of print is missing, expected a text/],
      [
        '{"time":0,"device":"x","thread":"","type":"service","service":"f","status":0}',
        /:7: began of service is missing/,
      ],
      [
        '{"time":0,"device":null,"thread":"","type":"frame-sent","network":"lan","from":"a","bytes":"xyz","lost":null,"faults":[]}',
        /:7: bytes of frame-sent is "xyz", expected bytes as hexadecimal digits/,
      ],
    ] as const) {
      const { code, err } = damaged(7, line);
      assert.equal(code, 2, err);
      assert.match(err, message);
      assert.equal(err.trimEnd().split('\n').length, 1);
    }
    const back = damaged(lines.length - 2, '{"time":1,"device":null,"thread":"","type":"bridge","text":"x"}');
    assert.match(back.err, /time goes back: 1 after \d+/);
  });

  it('takes a trace whose last line was cut, and says so in the page', () => {
    const file = join(scratch, 'short.jsonl');
    writeFileSync(file, readFileSync(trace, 'utf8').slice(0, 20_000));
    const { code, out, err } = txsim('report', file);
    assert.equal(code, 0, err);
    assert.match(out, /note: The trace ends within its line \d+, which is left out\./);
    assert.match(dataOf(join(scratch, 'short.html')).summary.remarks[0] ?? '', /ends within its line/);
  });

  it('wants a file that is there and holds something', () => {
    assert.match(txsim('report', join(scratch, 'nowhere.jsonl')).err, /nowhere\.jsonl: no such file/);
    const empty = join(scratch, 'empty.jsonl');
    writeFileSync(empty, '');
    const { code, err } = txsim('report', empty);
    assert.equal(code, 2);
    assert.match(err, /empty\.jsonl: the trace is empty/);
    assert(!existsSync(join(scratch, 'empty.html')));
  });
});
