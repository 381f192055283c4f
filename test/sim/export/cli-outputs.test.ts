import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { scratch } from '../../support/scratch.ts';
import { CLI } from '../../support/cli.ts';

const SCENARIO = 'apps/dtls-echo/scenario.ts';

function run(...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const pcap = args.includes('--pcap') ? [] : ['--pcap', join(scratch, 'default.pcapng')];
  const command = [...CLI, 'run', SCENARIO, ...pcap, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

const text = (name: string): string => readFileSync(join(scratch, name), 'utf8');

describe('txsim run, asked for traces and captures', () => {
  it('writes a text trace to the terminal, and keeps everything else out of its way', () => {
    const { code, out, err } = run('--text', '-', '--filter', 'device:server type:service status:!=0');
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^ +1\.\d{9} s {2}server {2}server +service +nx_secure_dtls_session_receive\(\) gave NX_NO_PACKET/,
    );
    for (const line of out.trimEnd().split('\n')) assert.match(line, / gave NX_(?!SUCCESS)/);
    assert.match(err, /ended +stopped/);
    assert.doesNotMatch(err, /written: -/);
  });

  it('filters text and JSON Lines alike', () => {
    const [lines, json] = [join(scratch, 'a.txt'), join(scratch, 'a.jsonl')];
    const { code, out, err } = run('-q', '--text', lines, '--trace', json, '--filter=-device:client type:dtls-*,print');
    assert.equal(code, 0, err);
    for (const file of [lines, json]) assert(out.includes(`written: ${file}`));
    const records = text('a.jsonl').trimEnd().split('\n');
    assert(records.length > 3);
    assert.equal(text('a.txt').trimEnd().split('\n').length, records.length);
    for (const record of records) assert.match(record, /"device":"server".*"type":"(dtls-[a-z]+|print)"/);
  });

  it('ends quietly where nobody reads to the end', () => {
    const command = `"${process.execPath}" ${CLI.map((one) => `"${one}"`).join(' ')} run ${SCENARIO} --text - 2>&1 | head -1`;
    const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    assert.match(stdout, /^ +0\.000000000 s .*\n$/);
  });

  it('writes a capture of each network into a folder, and of one link into a file', () => {
    const [folder, link] = [join(scratch, 'captures/'), join(scratch, 'server.pcapng')];
    const { code, err } = run('-q', '--pcap', folder, '--pcap-link', `server=${link}`, '--pcap-link', `lan=${link}2`);
    assert.equal(code, 0, err);
    assert.deepEqual(readdirSync(folder), ['lan.pcapng']);
    assert.deepEqual(readFileSync(join(folder, 'lan.pcapng')), readFileSync(`${link}2`));
    assert(readFileSync(link).includes('lan/server'));
  });

  it('writes a TraceX file of each device', () => {
    const { code, out, err } = run('-q', '--tracex', join(scratch, 'run.trx'));
    assert.equal(code, 0, err);
    for (const device of ['server', 'client']) {
      assert(out.includes(`run-${device}.trx`));
      assert.equal(readFileSync(join(scratch, `run-${device}.trx`)).readUInt32LE(0), 0x54585442);
    }
    assert(!existsSync(join(scratch, 'run.trx')));
  });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['--filter', 'type:print'], /--filter says which events --text or --trace write: give one of them/],
    [['--text', '-', '--filter', 'typ:print'], /--filter: 'typ:print' has an unknown key 'typ'; keys are device, /],
    [['--text', '-', '--filter', 'status!=0'], /--filter: 'status!=0' needs a colon: status:!=0/],
    [['--pcap-link', 'server'], /--pcap-link server: expected a device or a network, and a file/],
    [['--pcap-link', 'sever=a'], /--pcap-link sever=a: there is no 'sever'; there are lan, lan\/server, lan\/client/],
    [['--text', 'a', '--text', 'b'], /--text is given twice/],
    [['--text', '/dev/null/x'], /--text \/dev\/null\/x: cannot be written/],
    [['--tracex', '/dev/null/x.trx'], /--tracex \/dev\/null\/x-server\.trx: cannot be written/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(' ')} in one line`, () => {
      const { code, err } = run('-q', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.equal(err.trimEnd().split('\n').length, 1, err);
    });
  }
});
