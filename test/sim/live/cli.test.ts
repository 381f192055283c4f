import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { scratch } from '../../support/scratch.ts';
import { WatchedRun } from '../../support/watched-run.ts';
import { CLI } from '../../support/cli.ts';

const SCENARIO = 'apps/dtls-echo/scenario.ts';

function txsim(...args: readonly string[]): { readonly code: number | null; readonly err: string } {
  const { status, stderr } = spawnSync(process.execPath, [...CLI, 'run', ...args], { encoding: 'utf8' });
  return { code: status, err: stderr };
}

describe('txsim run --ui', () => {
  it('leaves behind what a run without it leaves behind, however it is stepped through', async () => {
    const [plain, watched] = ['plain', 'watched'].map((name) => [
      join(scratch, `${name}.pcapng`),
      join(scratch, `${name}.jsonl`),
    ]);
    assert(
      plain?.[0] !== undefined && plain[1] !== undefined && watched?.[0] !== undefined && watched[1] !== undefined,
    );
    assert.equal(txsim(SCENARIO, '-q', '--pcap', plain[0], '--trace', plain[1]).code, 0);
    const run = new WatchedRun(SCENARIO, '--pcap', watched[0], '--trace', watched[1]);
    for (const step of [
      ...Array<object>(5).fill({ do: 'step', kind: 'event' }),
      ...Array<object>(5).fill({ do: 'step', kind: 'thread' }),
      ...Array<object>(5).fill({ do: 'step', kind: 'frame' }),
      { do: 'until', time: '500ms' },
      { do: 'match', filter: 'type:dtls-connected' },
      { do: 'speed', speed: 'max' },
      { do: 'play' },
    ]) {
      assert.equal((await run.command(step)).status, 204);
    }
    await run.until(() => run.err.includes('the page stays until Ctrl-C'));
    assert.match(run.out, /ended +stopped/);
    assert.match(run.out, new RegExp(`written: ${watched[0]}`));
    for (const nth of [0, 1]) {
      assert.deepEqual(readFileSync(watched[nth] ?? ''), readFileSync(plain[nth] ?? ''), `file ${nth}`);
    }
    assert.equal(await run.interrupt(), 0);
  });

  it('begins anew, tells what was done by hand, and ends with Ctrl-C in the middle', async () => {
    const run = new WatchedRun(SCENARIO, '--pcap', join(scratch, 'again.pcapng'));
    await run.command({ do: 'until', time: '1s' });
    await run.command({ do: 'restart' });
    await run.command({ do: 'drop', from: 'client' });
    await run.command({ do: 'match', filter: 'type:frame-dropped' });
    await run.until(() => run.out.includes('lost (request)'));
    // What the scenario expects and has not come about by then is not judged.
    assert.equal(await run.interrupt(), 0);
    assert.match(run.out, /expectations +[0-4] of 5 held/);
    assert.equal(run.out.match(/frame of client lost \(request\)/g)?.length, 1);
    assert.match(
      run.err,
      /done by hand, as the timeline of a scenario:\n +\{ at: \d+, do: \(world\) => world\.network\('lan'\)\.dropNext\('client'\) \},/,
    );
  });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[SCENARIO, '--ui', 'home'], /--ui home: expected a port from 0 to 65535, or nothing for any that is free/],
    [[SCENARIO, '--ui', '70000'], /--ui 70000: expected a port/],
    [[SCENARIO, '--ui', '--timeout', '5s'], /--timeout does not go with --ui: a run that is watched takes as long/],
    [[SCENARIO, '--ui', '--real-time'], /--ui does not go with --real-time: whoever watches may stop the time/],
    [
      [SCENARIO, '--ui', '--listen', '127.0.0.1:4433=server:4443'],
      /--ui does not go with --listen, --connect and --tunnel/,
    ],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.slice(1).join(' ')} in one line`, () => {
      const { code, err } = txsim(...args);
      assert.equal(code, 2, err);
      assert.match(err, message);
      assert.equal(err.trimEnd().split('\n').length, 1);
    });
  }

  it('refuses a port that somebody has', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    assert(typeof address === 'object' && address !== null);
    const { code, err } = txsim(SCENARIO, '--ui', String(address.port));
    other.close();
    assert.equal(code, 2);
    assert.match(err, /that port cannot be had/);
  });
});
