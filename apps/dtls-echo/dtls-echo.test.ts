/** The echo server and client in a test: copy this to begin your own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  at,
  checkScenario,
  connected,
  expectOutput,
  reboot,
  World,
  type FrameView,
  type LanOptions,
  type Verdict,
} from 'txsim';
import client from './client.ts';
import scenario from './scenario.ts';
import server from './server.ts';

/** A world with the server, and as many clients as there are names. */
function echoWorld(names: readonly string[], network: LanOptions = {}, seed = 1): World {
  const world = new World({ seed });
  const lan = world.lan(network);
  world.device('server', { firmware: server, lan, address: '192.168.1.150' });
  for (const name of names) world.device(name, { firmware: client, lan, params: { message: `I am ${name}` } });
  return world;
}

const printed = (world: World, device: string): string => String(world.devices.get(device)?.output);

describe('the echo server', () => {
  it('serves a client, and nobody leaks a packet or holds up the network', () => {
    const world = echoWorld(['client']);
    world.run({ until: '30s' });
    assert.match(printed(world, 'client'), /received 'I am client'/);
    assert.match(printed(world, 'server'), /session over: the client has closed it/);
    assert.deepEqual(world.leaks(), []);
    assert.deepEqual(world.stalls(), []);
  });

  it('serves six clients that come at once, over a network that loses one frame in ten', () => {
    const names = ['ann', 'bob', 'cid', 'dot', 'eve', 'fay'];
    for (const seed of [1, 2, 3]) {
      const world = echoWorld(names, { latency: '2ms', jitter: '1ms', loss: 0.1 }, seed);
      world.run({ until: '300s' });
      for (const name of names)
        assert.match(printed(world, name), new RegExp(`received 'I am ${name}'`), `seed ${seed}`);
      assert.deepEqual(world.leaks(), []);
    }
  });

  it('serves others after a client has vanished in the middle of its handshake', () => {
    // Flight 5 of the first client never arrives, nor anything it says after that.
    let silent = false;
    const vanish = ({ from, bytes }: FrameView): Verdict => {
      if (from === 'gone' && bytes.length > 300) silent = true;
      return { action: from === 'gone' && silent ? 'drop' : 'pass' };
    };
    const world = echoWorld(['gone', 'next'], { rules: [vanish] });
    world.run({ until: '120s' });
    assert.match(printed(world, 'next'), /received 'I am next'/);
    assert.deepEqual(world.leaks(), []);
  });

  it('gives the place of a client that says nothing any more to others', () => {
    const world = echoWorld(['gone']);
    const gone = world.devices.get('gone');
    world.run({ until: '30s', stopWhen: () => gone?.output.includes('sent') === true });
    world.lans[0]?.partition('gone', 'server');
    world.run({ until: '120s' });
    assert.match(printed(world, 'server'), /session over: the client has vanished/);
  });

  it('does what its scenario expects, whatever the network loses', () => {
    for (const seed of [1, 2, 3]) checkScenario(scenario, { seed });
  });

  it('serves its client again after a reboot of the one or the other', () => {
    const { world } = checkScenario({
      devices: {
        server: { firmware: server, address: '192.168.1.150' },
        client: { firmware: client },
      },
      timeline: [at('10s', reboot('server')), at('20s', reboot('client'))],
      expect: [
        connected('client', 'server', { by: '5s' }),
        connected('client', 'server', { after: reboot('client'), within: '5s' }),
        expectOutput('client', /^received/, { times: 2 }),
      ],
      until: '60s',
    });
    assert.equal(world.devices.get('server')?.boots, 2);
  });
});
