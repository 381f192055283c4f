import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  at,
  buildWorld,
  clockJump,
  every,
  faults,
  heal,
  interrupt,
  linkDown,
  linkUp,
  partition,
  powerOff,
  powerOn,
  reboot,
  runScenario,
  sendDatagram,
  SimulationError,
  World,
  type DeviceObjects,
  type SimulationEvent,
  type TimelineStep,
} from 'txsim';
import { tx_semaphore_put, type Thread } from 'txsim/tx_api';
import { beater, button, chatter, clockwork } from './firmware.ts';

/** Two devices that send each other ten datagrams a second. */
const chat = {
  devices: {
    ann: { firmware: chatter, address: '192.168.1.20', params: { to: '192.168.1.21' } },
    bob: { firmware: chatter, address: '192.168.1.21', params: { to: '192.168.1.20' } },
  },
} as const;

/** The whole seconds in which a device has received something. */
function secondsHeard(timeline: readonly TimelineStep[], device: string, until: string): readonly number[] {
  const { world, failures } = runScenario({ ...chat, timeline, until });
  assert.deepEqual(failures, []);
  const lines = world.devices.get(device)?.output.lines.filter(({ text }) => text.startsWith('received')) ?? [];
  return [...new Set(lines.map(({ time }) => Math.floor(time / 1e9)))];
}

describe('verbs that change the network', () => {
  const silence: readonly (readonly [
    string,
    readonly TimelineStep[],
    ann: readonly number[],
    bob: readonly number[],
  ])[] = [
    ['partition and heal', [at('1s', partition('lan', 'ann', 'bob')), at('3s', heal('lan'))], [0, 3], [0, 3]],
    [
      'partition, one way',
      [at('1s', partition('lan', 'ann', 'bob', { oneWay: true })), at('3s', heal('lan'))],
      [0, 1, 2, 3],
      [0, 3],
    ],
    ['linkDown and linkUp', [at('1s', linkDown('ann')), at('3s', linkUp('ann', 'eth0'))], [0, 3], [0, 3]],
    [
      'faults of a network',
      [at('1s', faults('lan', { loss: 1 })), at('3s', faults('lan', { loss: 0 }))],
      [0, 3],
      [0, 3],
    ],
    ['faults of a link', [at('1s', faults({ device: 'ann' }, { down: { loss: 1 } }))], [0], [0, 1, 2, 3]],
    ['powerOff and powerOn', [at('1s', powerOff('ann')), at('3s', powerOn('ann'))], [0, 3], [0, 3]],
    ['a function', [{ at: '1s', do: (world) => void world.network('lan').partition('ann', 'bob') }], [0], [0]],
  ];
  for (const [name, timeline, ann, bob] of silence) {
    it(name, () => {
      assert.deepEqual(secondsHeard(timeline, 'ann', '3.99s'), ann);
      assert.deepEqual(secondsHeard(timeline, 'bob', '3.99s'), bob);
    });
  }
});

describe('sendDatagram', () => {
  const to = (timeline: readonly TimelineStep[]): string => {
    const { world, failures } = runScenario({
      devices: { ann: { firmware: chatter }, bob: { firmware: chatter } },
      timeline,
      until: '3s',
    });
    assert.deepEqual(failures, []);
    return String(world.devices.get('ann')?.output);
  };

  it('brings text, hexadecimal digits and bytes to a device, also over a point-to-point link', () => {
    assert.equal(to([at('1s', sendDatagram({ to: 'ann:9', text: 'hello' }))]), 'received hello');
    assert.equal(to([at('1s', sendDatagram({ to: 'ann:9', hex: '68 69', from: 'bob:1234' }))]), 'received hi');
    assert.equal(
      to([at('1s', sendDatagram({ to: 'ann:9', bytes: Uint8Array.of(89), from: '10.1.2.3:4' }))]),
      'received Y',
    );
    const { world } = runScenario({
      networks: { wire: { kind: 'link' } },
      devices: { ann: { firmware: chatter }, bob: { firmware: chatter } },
      timeline: [at('1s', sendDatagram({ to: 'bob:9', text: 'wired' }))],
      until: '2s',
    });
    assert.equal(String(world.devices.get('bob')?.output), 'received wired');
  });

  it('crosses the network, is in its trace, and is lost with its faults', () => {
    const frames: SimulationEvent[] = [];
    const run = (timeline: readonly TimelineStep[]): World =>
      runScenario(
        { devices: { ann: { firmware: chatter } }, timeline, until: '3s' },
        { prepare: (world) => void world.trace.listen(({ event }) => void frames.push(event)) },
      ).world;
    run([at('1s', sendDatagram({ to: 'ann:9', text: 'x' }))]);
    assert(frames.some((event) => event.type === 'frame-delivered' && event.to === 'ann' && event.from === 'outside'));
    const lossy = run([at('1s', faults('lan', { loss: 1 })), at('2s', sendDatagram({ to: 'ann:9', text: 'x' }))]);
    assert.equal(String(lossy.devices.get('ann')?.output), '');
  });
});

describe('verbs on one device', () => {
  it('interrupt runs a routine as ISR', () => {
    function* press({ objects }: { readonly objects: DeviceObjects }): Thread {
      const semaphore = objects.semaphore('button');
      if (semaphore !== undefined) yield* tx_semaphore_put(semaphore);
    }
    const { world } = runScenario({
      devices: { panel: { firmware: button } },
      timeline: [
        at('1s', interrupt('panel', press)),
        every('2s', interrupt('panel', press), { from: '3s', until: '7s' }),
      ],
      until: '20s',
    });
    assert.deepEqual(
      world.devices.get('panel')?.output.lines.map(({ time, text }) => `${Math.floor(time / 1e9)} ${text}`),
      ['1 pressed 1', '3 pressed 2', '5 pressed 3', '7 pressed 4'],
    );
  });

  it('clockJump sets the time of day, which a reboot keeps, and leaves the ticks', () => {
    const { world } = runScenario({
      startTime: '2030-01-01T00:00:00Z',
      devices: {
        ahead: { firmware: clockwork },
        exact: { firmware: clockwork, clock: { start: 1000 } },
        none: { firmware: clockwork, clock: { start: 0 } },
      },
      timeline: [
        at('15s', clockJump('ahead', '1h')),
        at('25s', reboot('ahead')),
        at('36s', clockJump('ahead', '-30m')),
      ],
      until: '46s',
    });
    const begin = 1_893_456_000;
    const lines = (name: string): readonly string[] =>
      world.devices.get(name)?.output.lines.map(({ text }) => text) ?? [];
    assert.deepEqual(lines('ahead').slice(0, 4), [
      `unix ${begin + 10} ticks 1000`,
      `unix ${begin + 20 + 3600} ticks 2000`,
      '--- boot 2 ---',
      `unix ${begin + 35 + 3600} ticks 1000`,
    ]);
    assert.equal(lines('ahead')[4], `unix ${begin + 45 + 1800} ticks 2000`);
    assert.equal(lines('exact')[0], 'unix 1010 ticks 1000');
    assert.equal(lines('none')[0], 'unix 0 ticks 1000');
  });

  it('a skewed clock goes at its own pace, ticks and time of day', () => {
    const { world } = runScenario({
      devices: {
        fast: { firmware: clockwork, clock: { skew: '1%', start: 0.1 + 1e6 } },
        slow: { firmware: clockwork, clock: { skew: -0.01, start: 1e6 } },
      },
      until: '1001s',
    });
    const count = (name: string): number => world.devices.get(name)?.output.lines.length ?? 0;
    assert.equal(count('fast'), 101);
    assert.equal(count('slow'), 99);
    // Each tells ten of its own seconds from one line to the next, however long they are.
    assert.match(String(world.devices.get('slow')?.output), /unix 1000990 ticks 99000$/);
  });

  it('every goes on for as long as the world runs unless it has an end', () => {
    const { world } = runScenario({
      devices: { one: { firmware: beater } },
      timeline: [every('2.5s', reboot('one'))],
      until: '11s',
    });
    assert.equal(world.devices.get('one')?.boots, 5);
  });
});

describe('what a timeline does is in the trace', () => {
  it('each verb by its text, functions by their name or their place', () => {
    const texts: string[] = [];
    const cutCable = (world: World): void => world.network('lan').heal();
    const timeline: readonly TimelineStep[] = [
      at('1s', reboot('one', { off: '1s' })),
      at('3s', partition('lan', 'one', ['two'])),
      at('4s', faults({ device: 'one' }, { latency: '3ms', down: { loss: 0.5 } })),
      at('5s', cutCable),
      { at: '6s', do: (world) => world.network('lan').heal() },
      at('7s', clockJump('one', '-90s')),
      at('8s', sendDatagram({ to: 'one:5', hex: '00' })),
    ];
    runScenario(
      { devices: { one: { firmware: beater }, two: { firmware: beater } }, timeline, until: '9s' },
      {
        prepare: (world) =>
          void world.trace.listen(({ event }) => {
            if (event.type === 'world-event') texts.push(event.text);
          }),
      },
    );
    assert.deepEqual(texts, [
      'reboot one, off for 1s',
      'power on one',
      'partition of lan: one <-> two',
      'faults of the link of one: latency 3ms, down {"loss":0.5}',
      'cutCable',
      'timeline[4]',
      'clock of one jumps by -90s',
      'send 1 bytes from 203.0.113.9:9999 to one:5',
    ]);
  });
});

describe('mistakes are said in one line when the scenario is built', () => {
  const wrong: readonly (readonly [TimelineStep | (() => TimelineStep), string, string])[] = [
    [at('1s', reboot('sevrer')), "timeline[0]: reboot: there is no device 'sevrer'", 'devices: server, client'],
    [at('1s', powerOff('x')), "timeline[0]: powerOff: there is no device 'x'", 'devices: server, client'],
    [at('1s', powerOn('x')), "timeline[0]: powerOn: there is no device 'x'", 'devices: server, client'],
    [at('1s', clockJump('x', 1)), "timeline[0]: clockJump: there is no device 'x'", 'devices: server, client'],
    [() => at('1s', clockJump('client', 'soon')), "clockJump: 'soon' is no duration", ''],
    [
      at(
        '1s',
        interrupt('x', () => undefined),
      ),
      "timeline[0]: interrupt: there is no device 'x'",
      'devices: server, client',
    ],
    [at('1x', reboot('server')), "timeline[0]: at: '1x' is no duration", ''],
    [every('1x', reboot('server')), "timeline[0]: every: '1x' is no duration", ''],
    [every(0, reboot('server')), 'timeline[0]: every is 0', "give a period, such as '10s'"],
    [
      every('5s', reboot('server'), { until: '2s' }),
      'timeline[0]: until is 2s',
      'give a time from 5s on, when it happens first',
    ],
    [
      at('1s', partition('wan', 'server', 'client')),
      "timeline[0]: partition: there is no network 'wan'",
      'networks: lan',
    ],
    [
      at('1s', partition('lan', 'server', 'x')),
      "timeline[0]: partition: nothing named 'x' is plugged into network 'lan'",
      'plugged in: server, client',
    ],
    [at('1s', heal('wan')), "timeline[0]: heal: there is no network 'wan'", 'networks: lan'],
    [
      at('1s', linkDown('client', 'eth7')),
      "timeline[0]: linkDown: device 'client' has no interface 'eth7'",
      'interfaces: eth0',
    ],
    [
      at('1s', faults('lan', { loss: 3 })),
      "timeline[0]: faults: network 'lan': loss is 3",
      'write a probability from 0 to 1',
    ],
    [
      at('1s', faults({ device: 'x' }, { loss: 1 })),
      "timeline[0]: faults: there is no device 'x'",
      'devices: server, client',
    ],
    [
      () => at('1s', sendDatagram({ to: 'server', text: '' })),
      "sendDatagram: to is 'server'",
      "write it as 'server:4443'",
    ],
    [() => at('1s', sendDatagram({ to: 'server:1' })), 'sendDatagram: its content is not said, or said twice', ''],
    [() => at('1s', sendDatagram({ to: 'server:1', hex: '0' })), "sendDatagram: hex is '0'", ''],
    [at('1s', sendDatagram({ to: 'x:1', text: '' })), "timeline[0]: sendDatagram: to: there is no device 'x'", ''],
    [
      at('1s', sendDatagram({ to: 'server:1', from: 'x:1', text: '' })),
      "timeline[0]: sendDatagram: from: there is no device 'x'",
      '',
    ],
    [
      at('1s', sendDatagram({ to: 'server:1', network: 'wan', text: '' })),
      "timeline[0]: sendDatagram: there is no network 'wan'",
      '',
    ],
  ];
  for (const [step, what, fix] of wrong) {
    it(what, () => {
      const build = (): World =>
        buildWorld({
          devices: { server: { firmware: beater }, client: { firmware: beater } },
          timeline: [typeof step === 'function' ? step() : step],
        });
      assert.throws(build, (error) => {
        assert(error instanceof SimulationError);
        assert.equal(error.kind, 'world');
        assert.equal(error.what, what);
        if (fix !== '') assert.equal(error.fix, fix);
        return true;
      });
    });
  }

  it('for a world too, as world.at is called', () => {
    const world = new World();
    world.device('one', { firmware: beater });
    assert.throws(() => world.at('1s', reboot('two')), /reboot: there is no device 'two'/);
    world.at('1s', reboot('one'));
    world.run({ until: '2s' });
    assert.equal(world.devices.get('one')?.boots, 2);
  });

  it('and for the options of a device', () => {
    const devices: readonly (readonly [object, RegExp])[] = [
      [{ clock: { skew: 'fast' } }, /device 'one': clock\.skew is 'fast'/],
      [{ clock: { skew: 2 } }, /device 'one': clock\.skew is 2/],
      [{ clock: { start: '2026-13-01' } }, /device 'one': clock\.start is '2026-13-01'/],
      [{ config: { TX_TIMER_TICKS_PER_SECONDS: 1000 } }, /device 'one': there is no macro TX_TIMER_TICKS_PER_SECONDS/],
      [{ config: { TX_TIMER_TICKS_PER_SECOND: '1000' } }, /device 'one': config\.TX_TIMER_TICKS_PER_SECOND is '1000'/],
    ];
    for (const [options, text] of devices) {
      assert.throws(() => new World().device('one', { firmware: beater, ...options }), text);
    }
    new World().device('one', { firmware: beater, config: { MY_OWN: 1, NX_IPV6_MAX_REASSEMBLY_TIME: 5 } });
    assert.throws(() => new World({ startTime: 'now' }), /startTime is 'now'/);
  });
});
