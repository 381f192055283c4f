import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  always,
  at,
  buildWorld,
  check,
  checkScenario,
  connected,
  eventually,
  expectOutput,
  never,
  noLeaks,
  noStalls,
  partition,
  reboot,
  runScenario,
  ScenarioError,
  SimulationError,
  World,
  type Expectation,
  type Scenario,
  type ScenarioFailure,
} from 'txsim';
import client from '../../../apps/dtls-echo/client.ts';
import server from '../../../apps/dtls-echo/server.ts';
import { beater, busy, chatter, stuck, thrower } from './firmware.ts';

/** One device that beats once a second and reboots at 4.5 s. */
const beating: Scenario = {
  devices: { one: { firmware: beater } },
  timeline: [at('4.5s', reboot('one'))],
  until: '10s',
};

const echo: Scenario = {
  devices: { server: { firmware: server, address: '192.168.1.150' }, client: { firmware: client } },
  until: '30s',
};

function failuresOf(scenario: Scenario, ...expect: readonly Expectation[]): readonly ScenarioFailure[] {
  return runScenario({ ...scenario, expect }).failures;
}

const beats = (world: World): number => world.devices.get('one')?.output.lines.length ?? 0;

describe('expectations that hold', () => {
  const good: readonly (readonly [string, Scenario, Expectation])[] = [
    ['a line, by a time', beating, expectOutput('one', 'beat 2', { by: '2.1s' })],
    ['a line that an expression matches, several times', beating, expectOutput('one', /^beat 3$/g, { times: 2 })],
    [
      'a line after something that the timeline does',
      beating,
      expectOutput('one', 'beat 1', { after: reboot('one'), within: '1.1s' }),
    ],
    ['a line that never comes', beating, expectOutput('one', 'beat 7', { times: 0 })],
    ['a line that does not come after a time', beating, expectOutput('one', 'beat 4', { times: 0, after: '8.6s' })],
    ['eventually, by a time', beating, eventually('three lines', (world) => beats(world) >= 3, { by: '3s' })],
    ['eventually, at the very end', beating, eventually('it is late', (world) => world.clock.now > 9e9)],
    [
      'eventually, looked at now and then',
      beating,
      eventually('x', (world) => beats(world) >= 3, { by: '5s', every: '1s' }),
    ],
    ['never', beating, never('it is off', (_, { device }) => !device('one').isOn, { after: '1s' })],
    [
      'always',
      beating,
      always('it has a thread', (_, { device }) => device('one').objects.thread('main') !== undefined),
    ],
    ['no leaks', echo, noLeaks()],
    ['no stalls', echo, noStalls()],
    ['a handshake', echo, connected('client', 'server', { by: '5s' })],
    ['a handshake of the other end', echo, connected('server', 'client')],
    ['a handshake with anybody', echo, connected('client')],
    ['a check', beating, check('boots', ({ device }) => assert.equal(device('one').boots, 2))],
    ['a check at a time', beating, check('boots', ({ device }) => assert.equal(device('one').boots, 1), { at: '4s' })],
    [
      'a check of the trace',
      beating,
      check('power', ({ trace }) =>
        assert.equal(
          trace.count('device-power', ({ event }) => event.isOn),
          1,
        ),
      ),
    ],
    [
      'a check of frames',
      echo,
      check('frames', ({ trace }) => assert(trace.last('frame-sent') !== undefined && trace.count('frame-sent') > 10), {
        trace: ['frame-sent'],
      }),
    ],
    [
      'a pool that is never empty',
      echo,
      never(
        'empty',
        (world) => world.devices.get('server')?.objects.packetPool('main pool')?.nx_packet_pool_available === 0,
      ),
    ],
  ];
  for (const [name, scenario, expectation] of good) {
    it(name, () =>
      assert.deepEqual(
        failuresOf(scenario, expectation).map(({ report }) => report.join('\n')),
        [],
      ),
    );
  }
});

describe('expectations that do not hold', () => {
  const bad: readonly (readonly [Scenario, Expectation, title: string, time: number | null, seen: RegExp])[] = [
    [
      beating,
      expectOutput('one', 'beat 3', { by: '2.5s' }),
      "one prints 'beat 3'",
      2.5e9,
      /the closest of 3 lines:\n.* beat 1\n.* beat 2\n/,
    ],
    [
      beating,
      expectOutput('one', /beat 9/),
      'one prints /beat 9/',
      10e9,
      /expected: one prints \/beat 9\/, by the end of the run/,
    ],
    [beating, expectOutput('one', 'nothing like it'), "one prints 'nothing like it'", 10e9, /the last of 12 lines:\n/],
    [beating, expectOutput('one', 'beat 1', { times: 3 }), "one prints 'beat 1', 3 times", 10e9, /2 of 3 lines came/],
    [
      beating,
      expectOutput('one', 'beat 2', { times: 0 }),
      "one never prints 'beat 2'",
      null,
      /seen: 2\.0\d+ s {2}beat 2/,
    ],
    [
      beating,
      expectOutput('one', 'beat 2', { after: reboot('one'), within: '1s' }),
      "one prints 'beat 2' after reboot one",
      5.5e9,
      /within 1s after reboot one/,
    ],
    [
      beating,
      expectOutput('one', 'beat 2', { after: reboot('one', { off: '1s' }) }),
      "one prints 'beat 2' after reboot one, off for 1s: 'reboot one, off for 1s' has not happened",
      10e9,
      /seen: 'reboot one, off for 1s' has not happened/,
    ],
    [
      beating,
      eventually('much', (world) => beats(world) > 9, { by: '3s' }),
      'eventually much',
      3e9,
      /it has not come to hold/,
    ],
    [beating, eventually('more', (world) => beats(world) > 99), 'eventually more', 10e9, /by the end of the run/],
    [beating, never('three', (world) => beats(world) === 3), 'never three', null, /it holds/],
    [
      beating,
      always('one boot', (_, { device }) => device('one').boots === 1),
      'always one boot',
      null,
      /4\.500\d* s: reboot one/,
    ],
    [
      beating,
      always('sane', () => assert.fail('insane')),
      'always sane',
      null,
      /its condition threw AssertionError: insane/,
    ],
    [
      beating,
      check('boots', ({ device }) => assert.equal(device('one').boots, 1, 'one boot')),
      'check boots',
      10e9,
      /seen: one boot/,
    ],
    [beating, check('text', () => 'not so'), 'check text', 10e9, /seen: not so/],
    [beating, check('text', () => 'not so', { at: '3.3s' }), 'check text', 3.3e9, /at 3\.300000 s/],
    [beating, check('late', () => undefined, { at: '30s' }), 'check late', 10e9, /the run ended before 30\.000000 s/],
    [
      beating,
      check('frames', ({ trace }) => String(trace.count('frame-sent'))),
      'check frames',
      10e9,
      /are not kept\n.*trace: \['frame-sent'\]/,
    ],
    [
      {
        devices: {
          ann: { firmware: chatter, params: { to: '192.168.1.11' } },
          bob: { firmware: chatter, params: { leak: '1' } },
        },
        until: '1s',
      },
      noLeaks(),
      'no packet is leaked',
      1e9,
      /packets of pool '.*' of device 'bob', from nx_udp_socket_receive\(\) in thread 'receive' at .*firmware\.ts:\d+/,
    ],
    [
      { ...echo, timeline: [at('0s', partition('lan', 'server', 'client'))] },
      connected('client', 'server', { by: '2s' }),
      'client is connected with server',
      2e9,
      /no handshake was completed/,
    ],
    [
      echo,
      connected('client', 'client', { by: '2s' }),
      'client is connected with client',
      2e9,
      /it is connected with 192\.168\.1\.150:4443/,
    ],
  ];
  for (const [scenario, expectation, title, time, seen] of bad) {
    it(title, () => {
      const [failure, ...more] = failuresOf(scenario, expectation);
      assert(failure !== undefined);
      assert.deepEqual(more, []);
      assert.equal(failure.kind, 'expectation');
      assert.equal(failure.title, title);
      if (time !== null) assert.equal(failure.time, time);
      const text = failure.report.join('\n');
      assert.match(text, seen);
      assert.match(text, /^expectation failed: .*\n {2}expected: .*\n {2}judged at: \d+\.\d{6} s\n {2}seen: /);
      assert.match(text, /\n {2}last events.*:\n(.+\n)+ {2}reproduce with: seed 1$/);
    });
  }

  it('the first that fails ends the run; several that fail at its end are all told', () => {
    const { result, failures } = runScenario({
      ...beating,
      expect: [
        expectOutput('one', 'beat 9'),
        expectOutput('one', 'beat 8', { by: '3s' }),
        expectOutput('one', 'beat 7'),
      ],
    });
    assert.equal(result?.reason, 'stopped');
    assert.deepEqual(
      failures.map(({ title }) => title),
      ["one prints 'beat 8'"],
    );
    assert.equal(failuresOf(beating, expectOutput('one', 'beat 9'), expectOutput('one', 'beat 7')).length, 2);
  });

  it('the last events are those of the devices concerned, and of the timeline, up to the failure', () => {
    const devices = { one: { firmware: beater }, two: { firmware: beater } };
    const scenario = { ...beating, devices, expect: [expectOutput('two', 'tock', { by: '5s' })] };
    const run = { reproduce: 'txsim run x.ts --seed 1' };
    const report = runScenario(scenario, run).failures[0]?.report ?? [];
    const text = report.join('\n');
    assert.match(text, /last events of two:/);
    assert.match(text, /4\.500000 s +\* reboot one/);
    assert.match(text, /4\.0\d+ s {2}two +main +beat 4/);
    assert.doesNotMatch(text, / one +main /);
    assert.match(text, /reproduce with: txsim run x\.ts --seed 1$/);
    // A run that keeps them as it goes, as for a page, tells the same as one that is repeated.
    assert.deepEqual(runScenario(scenario, { ...run, captureSites: true }).failures[0]?.report, report);
    assert.doesNotMatch(runScenario(scenario, { tail: 0 }).failures[0]?.report.join('\n') ?? '', /last events/);
  });
});

describe('mistakes in expectations', () => {
  const wrong: readonly (readonly [Expectation, string])[] = [
    [expectOutput('x', 'a'), "expect[0]: devices: there is no device 'x'"],
    [expectOutput('one', 'a', { by: 'soon' }), "expect[0]: by: 'soon' is no duration"],
    [expectOutput('one', 'a', { times: -1 }), 'expect[0]: expectOutput: times is -1'],
    [expectOutput('one', 'a', { by: '1s', after: '2s' }), 'expect[0]: by is 1s, and after 2s'],
    [eventually('a', () => true, { devices: ['y'] }), "expect[0]: devices: there is no device 'y'"],
    [connected('one', 'z'), "expect[0]: devices: there is no device 'z'"],
    [check('a', () => undefined, { at: '1' }), "expect[0]: check: at: '1' is no duration"],
  ];
  for (const [expectation, what] of wrong) {
    it(what, () => {
      const run = (): unknown => runScenario({ ...beating, expect: [expectation] });
      assert.throws(run, (error) => error instanceof SimulationError && error.what === what);
    });
  }
});

describe('how else a run can fail', () => {
  const kinds: readonly (readonly [Scenario, ScenarioFailure['kind'], title: RegExp, report: RegExp])[] = [
    [
      { devices: { one: { firmware: thrower } } },
      'simulation',
      /^the firmware threw Error: the sensor is not there$/,
      /thread 'main' of device 'one'[^]*last events of one:[^]*about to throw/,
    ],
    [{ devices: { one: { firmware: stuck } } }, 'deadlock', /^deadlock: /, /thread 'two' is waiting for a mutex/],
  ];
  for (const [scenario, kind, title, report] of kinds) {
    it(kind, () => {
      const { failures, result } = runScenario(scenario);
      assert.equal(result, null);
      assert.equal(failures[0]?.kind, kind);
      assert.match(failures[0].title, title);
      assert.match(failures[0].report.join('\n'), report);
      assert(failures[0].error instanceof SimulationError);
    });
  }

  it('a run that takes too long is given up, also one in which no event ever happens', () => {
    for (const firmware of [beater, busy]) {
      let asked = 0;
      const { failures, result } = runScenario({ devices: { one: { firmware } } }, { expired: () => ++asked > 20 });
      assert.equal(result?.reason, 'expired');
      assert.equal(failures[0]?.kind, 'timeout');
      assert.match(failures[0].report.join('\n'), /virtual time: \d+[^]*thread 'main' is (ready|sleeping)/);
    }
  });

  it('asking for the time changes nothing of the run', () => {
    const [plain, asked] = [{}, { expired: () => false }].map(
      (run) => runScenario(beating, run).world.devices.get('one')?.output.lines,
    );
    assert.deepEqual(plain, asked);
  });
});

describe('in a test of any library', () => {
  it('checkScenario throws the whole report, or gives the outcome', () => {
    assert.equal(checkScenario({ ...beating, expect: [expectOutput('one', 'beat 2')] }, { seed: 9 }).seed, 9);
    const run = (): unknown => checkScenario({ ...beating, expect: [expectOutput('one', 'beat 9')] }, { seed: 9 });
    assert.throws(run, (error) => {
      assert(error instanceof ScenarioError);
      assert.equal(error.outcome.failures.length, 1);
      assert.match(error.message, /^expectation failed: one prints 'beat 9'\n[^]*reproduce with: seed 9$/);
      return true;
    });
  });

  it('what world.run throws carries the last events, in its message and its stack', () => {
    const world = new World();
    world.device('one', { firmware: thrower });
    assert.throws(
      () => world.run(),
      (error) => {
        assert(error instanceof SimulationError);
        assert(error.tail.some((line) => line.includes('about to throw')));
        assert.match(error.message, /the last events:\n[^]*about to throw/);
        assert.match(error.stack ?? '', /about to throw/);
        return true;
      },
    );
  });

  it('world.tail tells the last events of a device', () => {
    const world = buildWorld({ ...beating, devices: { one: { firmware: beater }, two: { firmware: beater } } });
    world.run({ until: '3.5s' });
    const tail = world.tail('two', 4);
    assert.equal(tail.length, 4);
    assert(tail.every((line) => line.includes(' two ')));
    assert.match(tail.join('\n'), /3\.0\d+ s {2}two +main +beat 3/);
    assert(world.tail().some((line) => line.includes(' one ')));
  });
});
