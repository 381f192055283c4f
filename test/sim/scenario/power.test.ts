import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, powerOff, reboot, runScenario, World, type Scenario, type TraceRecord } from 'txsim';
import client from '../../../apps/dtls-echo/client.ts';
import server from '../../../apps/dtls-echo/server.ts';
import { jsonLine } from '../../../sim/export/json-lines.ts';
import { beater, chatter } from './firmware.ts';

const lines = (world: World, name: string): readonly string[] =>
  world.devices.get(name)?.output.lines.map(({ text }) => text) ?? [];

describe('a device that loses its power', () => {
  it('stops at once, and boots from the beginning, with a random stream of its own', () => {
    const world = new World();
    const device = world.device('one', { firmware: beater });
    world.at('2.5s', reboot('one'));
    world.run({ until: '4s' });
    const [first = '', second = ''] = lines(world, 'one').filter((line) => line.startsWith('random'));
    assert.deepEqual(lines(world, 'one'), [first, 'beat 1', 'beat 2', '--- boot 2 ---', second, 'beat 1']);
    assert.notEqual(first, second);
    assert.equal(device.boots, 2);
    assert.equal(device.isOn, true);
    device.powerOff();
    assert.equal(device.isOn, false);
    assert.deepEqual([...device.kernel.threads], []);
    world.run({ until: '100s' });
    assert.equal(lines(world, 'one').length, 6);
  });

  it('is left alone by a second switch, and may be off before it has ever booted', () => {
    const world = new World();
    const late = world.device('late', { firmware: beater, bootAt: '5s' });
    const never = world.device('never', { firmware: beater, bootAt: '5s' });
    world.at('1s', () => late.powerOn());
    world.at('2s', () => late.powerOn());
    world.at('3s', () => never.powerOff());
    world.run({ until: '8s' });
    assert.deepEqual([late.boots, never.boots], [1, 0]);
    assert.equal(lines(world, 'late').length, 7);
  });

  it('can lose it by what it does itself: the moment is finished, and nothing comes after it', () => {
    const world = new World();
    const lan = world.lan({
      rules: [
        ({ from, time }) => {
          if (from === 'ann' && time > 1e9) world.devices.get('ann')?.powerOff();
          return { action: 'pass' };
        },
      ],
    });
    world.device('ann', { firmware: chatter, lan, params: { to: '192.168.1.11' } });
    world.device('bob', { firmware: chatter, lan });
    world.run({ until: '3s' });
    const last = world.devices.get('bob')?.output.lines.at(-1)?.time ?? 0;
    assert(last > 1e9 && last < 1.2e9, `${last}`);
    assert.deepEqual(world.leaks(), []);
  });

  it('loses the frames that come to it, with that reason, and what it held is no leak', () => {
    const reasons = new Set<string>();
    const world = new World();
    const lan = world.lan();
    world.device('ann', { firmware: chatter, lan, params: { to: '192.168.1.11' } });
    const bob = world.device('bob', { firmware: chatter, lan, params: { leak: 'yes' } });
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-dropped') reasons.add(event.reason);
    });
    world.run({ until: '2s' });
    assert.notDeepEqual(world.leaks(), []);
    bob.powerOff();
    assert.deepEqual(world.leaks(), []);
    world.run({ until: '4s' });
    assert.deepEqual([...reasons], ['powered off']);
    assert.deepEqual([...world.stalls(), ...world.notes()], []);
    // A repeated run, which finds the lines, has gone the same way.
    bob.powerOn();
    world.run({ until: '6s' });
    const [leak] = world.leaks();
    assert.equal(leak?.device, 'bob');
    assert.match(leak.site ?? '', /firmware\.ts:\d+/);
    assert(leak.since > 4e9);
  });
});

describe('a server that reboots in the middle of a session', () => {
  const scenario: Scenario = {
    networks: { lan: { latency: '2ms', jitter: '1ms', loss: 0.05 } },
    devices: {
      server: { firmware: server, address: '192.168.1.150' },
      client: { firmware: client },
    },
    timeline: [
      at('103ms', reboot('server', { off: '2s' })),
      at('60s', reboot('client')),
      at('150s', powerOff('server')),
    ],
    until: '200s',
  };

  const run = (seed: number): { readonly text: string; readonly world: World } => {
    const records: string[] = [];
    const note = (record: TraceRecord): void => void records.push(jsonLine(record));
    const { world, failures } = runScenario(scenario, {
      seed,
      prepare: (built) => void built.trace.listen(note, { detail: true }),
    });
    assert.deepEqual(failures, []);
    return { text: records.join(''), world };
  };

  it('gives the same events twice, with new randoms in each boot', () => {
    const [first, second, other] = [run(3), run(3), run(4)];
    assert(first.text === second.text);
    assert(first.text !== other.text);
    const randoms = new Set(first.text.match(/CLIENT_RANDOM [0-9a-f]+/g));
    assert(randoms.size >= 2, `${randoms.size}`);
  });

  it('serves its client again after each boot', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { world } = run(seed);
      const received = lines(world, 'client').filter((line) => line === "received 'hello'");
      assert.equal(received.length, 2, `seed ${seed}`);
      assert.equal(lines(world, 'server').filter((line) => line.startsWith('listening')).length, 2);
      assert.deepEqual(world.leaks(), []);
    }
  });
});
