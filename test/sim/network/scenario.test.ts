import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, defineFirmware, defineScenario, World, type Scenario } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { parseIpv4 } from '../../../sim/ipv4-text.ts';
import { bootNetwork } from '../../support/dtls-firmware.ts';

/** Sends a datagram ten times a second to the address in `to`, and prints what it receives itself. */
const chatter = defineFirmware((board) => {
  const network = bootNetwork(board);
  const [sender, receiver] = [new TX_THREAD(), new TX_THREAD()];
  const socket = new nx.NX_UDP_SOCKET();
  function* send(): Thread {
    for (;;) {
      yield* tx_thread_sleep(10);
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(network.pool, cell, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
      yield* nx.nx_packet_data_append(cell.value, new Uint8Array(40), 40, network.pool, nx.NX_WAIT_FOREVER);
      const to = parseIpv4(board.params['to'] ?? '');
      if ((yield* nx.nx_udp_socket_send(socket, cell.value, to, 9)) !== nx.NX_SUCCESS) {
        yield* nx.nx_packet_release(cell.value);
      }
    }
  }
  function* receive(): Thread {
    yield* nx.nx_udp_socket_bind(socket, 9, nx.NX_NO_WAIT);
    for (;;) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      board.print('received');
      if (board.params['leak'] === undefined) yield* nx.nx_packet_release(cell.value);
    }
  }
  return {
    *tx_application_define(memory) {
      yield* network.define(memory);
      yield* nx.nx_ip_gateway_address_set(network.ip, board.gateway_address);
      yield* nx.nx_udp_socket_create(network.ip, socket, 'socket', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 30);
      const stack = network.take(1024);
      yield* tx_thread_create(receiver, 'receiver', receive, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      if (board.params['to'] === undefined) return;
      const another = network.take(1024);
      yield* tx_thread_create(sender, 'sender', send, 0, another, 1024, 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});

/** The second of virtual time in which each line was printed. */
const seconds = (world: World, device: string): readonly number[] =>
  world.devices.get(device)?.output.lines.map(({ time }) => Math.floor(time / 1e9)) ?? [];

/** How often each second is there. */
const tally = (list: readonly number[], length: number): readonly number[] =>
  Array.from({ length }, (_, second) => list.filter((one) => one === second).length);

describe('a scenario of several networks', () => {
  const scenario = defineScenario({
    networks: {
      office: { latency: '1ms' },
      hall: { kind: 'switch', latency: '10us', subnet: '10.2.0.0/16' },
      attic: { kind: 'switch', latency: '10us', bandwidth: '10Mbit/s' },
      uplink: { kind: 'link', latency: '5ms', subnet: '10.9.0.0/30' },
    },
    trunks: [{ between: ['hall', 'attic'], latency: '20us' }],
    routers: {
      r1: {
        interfaces: [{ network: 'office' }, { network: 'uplink', address: '10.9.0.1/30' }],
        routes: [{ to: '10.2.0.0/16', via: '10.9.0.2' }],
      },
      r2: {
        interfaces: [{ network: 'uplink', address: '10.9.0.2/30' }, { network: 'hall' }],
        routes: [{ to: '0.0.0.0/0', via: '10.9.0.1' }],
      },
    },
    devices: {
      sensor: { firmware: chatter, params: { to: '10.2.0.77' } },
      collector: { firmware: chatter, interfaces: [{ network: 'attic', address: '10.2.0.77', link: { loss: 0 } }] },
    },
    timeline: [
      { at: '2s', do: (world) => world.network('uplink').set({ loss: 1 }) },
      { at: '3s', do: (world) => world.network('uplink').set({ loss: 0 }) },
      { at: '4s', do: (world) => world.devices.get('collector')?.nic.link?.down() },
      { at: '5s', do: (world) => world.devices.get('collector')?.nic.link?.up() },
    ],
  });

  it('carries datagrams over routers and trunks, and changes as it was told', () => {
    const world = buildWorld(scenario);
    world.run({ until: '6s' });
    const heard = tally(seconds(world, 'collector'), 6);
    assert.deepEqual(
      heard.map((count) => count >= 8),
      [true, true, false, true, false, true],
      String(heard),
    );
    assert.deepEqual([heard[2], heard[4]], [0, 0]);
    assert.deepEqual(world.leaks(), []);
  });

  it('is the same twice', () => {
    const story = (): string => {
      const world = buildWorld(scenario, { seed: 7 });
      const lines: string[] = [];
      world.trace.listen(({ time, event }) => {
        if ('bytes' in event) lines.push(`${time} ${event.type} ${Buffer.from(event.bytes).toString('hex')}`);
      });
      world.run({ until: '3s' });
      return lines.join('\n');
    };
    assert.equal(story(), story());
  });

  for (const [what, parts, expected] of [
    ['a device', { devices: { d: { firmware: chatter, network: 'x' } } }, /device 'd': there is no network 'x'/],
    [
      'an interface',
      { devices: { d: { firmware: chatter, interfaces: [{ network: 'x' }] } } },
      /device 'd': there is no network 'x'/,
    ],
    [
      'a router',
      { devices: {}, routers: { r: { interfaces: [{ network: 'x' }] } } },
      /router 'r': there is no network 'x'/,
    ],
    ['a trunk', { devices: {}, trunks: [{ between: ['lan', 'x'] }] }, /a trunk: there is no network 'x'/],
  ] as readonly (readonly [string, Scenario, RegExp])[]) {
    it(`names what ${what} misses`, () => assert.throws(() => buildWorld(parts), expected));
  }
});

describe('a run that is repeated', () => {
  it('repeats what was changed while it ran', () => {
    const world = new World();
    const lan = world.lan();
    world.device('a', { firmware: chatter, lan, params: { to: '192.168.1.11' } });
    world.device('b', { firmware: chatter, lan, params: { leak: 'yes' } });
    world.run({ until: '1s' });
    const cut = lan.partition('a', 'b');
    world.run({ until: '2s' });
    cut.heal();
    lan.link('b').set({ loss: 1 });
    world.run({ until: '3s' });
    lan.link('b').set({ loss: 0 });
    lan.set({ latency: '1ms' });
    world.at('3500ms', (present) => present.network('lan').link('a').down());
    world.run({ until: '5s' });
    const heard = tally(seconds(world, 'b'), 5);
    assert.deepEqual(
      heard.map((count) => count > 3),
      [true, false, false, true, false],
      String(heard),
    );
    const [leak] = world.leaks();
    // The repeated run, which knows the lines, has leaked as much.
    assert.equal(leak?.count, seconds(world, 'b').length);
    assert.match(JSON.stringify(leak), /\.ts/);
  });
});
