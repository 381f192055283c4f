import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildWorld, type DefinedScenario, type Note, type World } from 'txsim';
import { readDocument } from '../docs/document.ts';
import blocking from '../../apps/mistakes/blocking-in-connect-notify/scenario.ts';
import onePointer from '../../apps/mistakes/one-session-pointer/scenario.ts';
import shortWait from '../../apps/mistakes/short-wait/scenario.ts';
import smallPool from '../../apps/mistakes/small-packet-pool/scenario.ts';
import { CLI } from '../support/cli.ts';

interface Options {
  readonly params?: Readonly<Record<string, string>>;
  readonly seed?: number;
}

function run(scenario: DefinedScenario, options: Options = {}): World {
  const world = buildWorld(scenario, options);
  const { stopWhen, until } = scenario;
  world.run({
    ...(until === undefined ? {} : { until }),
    ...(stopWhen === undefined ? {} : { stopWhen: () => stopWhen(world) }),
  });
  return world;
}

const FIXED = { fixed: 'yes' };
const printed = (world: World, device: string): string => String(world.devices.get(device)?.output);
const notes = (world: World, kind: Note['kind']): readonly Note[] => world.notes().filter((note) => note.kind === kind);

/** Everything that a run can be reproached with. */
function assertClean(world: World): void {
  assert.deepEqual([world.leaks(), world.stalls(), world.notes()], [[], [], []]);
}

/** What `txsim run` prints, which has to end with an exit code. */
function cli(status: number, ...args: readonly string[]): string {
  const result = spawnSync(process.execPath, [...CLI, 'run', ...args], { encoding: 'utf8' });
  assert.equal(result.status, status, result.stderr);
  return result.stdout;
}

/** Times differ by what the stack's services cost. */
const comparable = (text: string): string => text.replaceAll(/^ *[\d.]+ s|[\d.]+ s\b/gm, '… s');

describe('apps/mistakes', () => {
  for (const [name, args] of [
    ['blocking-in-connect-notify', []],
    ['one-session-pointer', ['--seed', '61']],
    ['short-wait', []],
    ['small-packet-pool', []],
  ] as const) {
    it(`${name}: txsim run prints what its README quotes`, () => {
      const output = comparable(cli(1, `apps/mistakes/${name}/scenario.ts`, ...args));
      const blocks = readDocument(`apps/mistakes/${name}/README.md`).blocks('text');
      assert.equal(blocks.length, 2);
      for (const line of comparable(blocks.join('\n')).split('\n'))
        assert(output.includes(line), `${line}\nis not in\n${output}`);
    });
  }

  it('ends with exit code 0 without the mistake', () => {
    cli(0, 'apps/mistakes/short-wait/scenario.ts', '--param', 'fixed=yes');
    cli(0, 'apps/mistakes/one-session-pointer/scenario.ts', '--seed', '61', '--param', 'fixed=yes');
  });

  it('has a page and a line in the index for each of them', () => {
    const folders = readdirSync('apps/mistakes', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const index = readDocument('apps/mistakes/README.md').text;
    for (const { name } of folders) assert(index.includes(`[${name}](${name}/)`), name);
  });
});

describe('apps/mistakes/blocking-in-connect-notify', () => {
  it('stalls the IP thread for the whole wait, and the report says where', () => {
    const world = run(blocking);
    const stalls = world.stalls();
    assert(stalls.length > 0);
    for (const { device, callback, thread, service } of stalls) {
      assert.deepEqual(
        [device, callback, thread, service],
        ['server', 'connect_notify', 'IP thread', 'nx_secure_dtls_server_session_start'],
      );
    }
    const total = stalls.reduce((sum, { duration }) => sum + duration, 0);
    assert(total > 4.9e9 && total < 5.1e9, String(total));
    assert.match(printed(world, 'client'), /cannot connect/);
  });

  it('fixed, it answers', () => {
    const world = run(blocking, { params: FIXED });
    assert.equal(printed(world, 'client'), 'answered');
    assertClean(world);
  });
});

describe('apps/mistakes/one-session-pointer', () => {
  const fails = (seed: number): boolean => !isServed(run(onePointer, { seed }));
  const isServed = (world: World): boolean =>
    ['upstairs', 'downstairs'].every((name) => printed(world, name) === 'answered');

  it('serves both clients with most seeds, and loses one with some', () => {
    const seeds = Array.from({ length: 120 }, (_, index) => index + 1);
    const failing = seeds.filter(fails);
    assert(failing.length >= 2 && failing.length <= 12, String(failing));
    assert(failing.includes(61), String(failing));
  });

  it('names the client that was forgotten', () => {
    const world = run(onePointer, { seed: 61 });
    const [note, ...others] = notes(world, 'session-not-started');
    assert.deepEqual(others, []);
    assert.equal(note?.device, 'server');
    assert.match(note.text, /told of 192\.168\.1\.11:\d+ at .* nobody has called nx_secure_dtls_server_session_start/);
    assert.match(printed(world, 'downstairs'), /cannot connect/);
  });

  it('fixed, it serves both with the seeds that fail', () => {
    for (const seed of [61, 113, 119]) {
      assert(fails(seed), `seed ${seed}`);
      const world = run(onePointer, { seed, params: FIXED });
      assert(isServed(world), `seed ${seed}`);
      assertClean(world);
    }
  });
});

describe('apps/mistakes/small-packet-pool', () => {
  it('tells how often the pool was empty, who had the packets, and what is enough', () => {
    const world = run(smallPool);
    const [note, ...others] = notes(world, 'pool-empty');
    assert.deepEqual(others, []);
    assert.equal(note?.device, 'collector');
    assert.match(note.text, /pool 'packets' \(4 packets\) was empty 20 times, .*: 20 frames that arrived were lost/);
    assert.match(note.text, /4 were on the way through the stack/);
    assert.match(note.text, /try 8 packets/);
  });

  for (const params of [FIXED, { packets: '8' }]) {
    it(`with what the report suggests (${JSON.stringify(params)}) every reading is confirmed`, () => {
      const world = run(smallPool, { params });
      assertClean(world);
      for (const [name] of world.devices) {
        if (name !== 'collector') assert.match(printed(world, name), /done: 5 of 5 readings confirmed/);
      }
    });
  }

  it('with one packet less, one reading of each round is not', () => {
    const world = run(smallPool, { params: { packets: '7' } });
    assert.match(notes(world, 'pool-empty')[0]?.text ?? '', /was empty 5 times/);
  });
});

describe('apps/mistakes/short-wait', () => {
  it('names the wait option, and what the processor spent', () => {
    const world = run(shortWait);
    const [note, ...others] = notes(world, 'handshake-given-up');
    assert.deepEqual(others, []);
    assert.deepEqual([note?.device, note?.count], ['client', 3]);
    assert.match(
      note?.text ?? '',
      /given up after 1\.0\d+ s, as its own wait option was 1\.000000 s:\n +1\.0\d+ s of that its thread was computing; it had sent flight 5/,
    );
    assert(!printed(world, 'client').includes('NX_SUCCESS'));
  });

  it('fixed, it connects at the first attempt', () => {
    const world = run(shortWait, { params: FIXED });
    assert.match(printed(world, 'client'), /^attempt 1: NX_SUCCESS/);
    assertClean(world);
  });

  it('is no matter of a wait where the peer is silent', () => {
    const world = buildWorld(shortWait);
    world.network('lan').partition('client', 'server');
    world.run({ until: '60s' });
    assert.deepEqual(notes(world, 'handshake-given-up'), []);
  });
});
