import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, World, type Firmware } from 'txsim';
import { out, TX_AUTO_START, TX_THREAD, tx_thread_create, tx_thread_sleep, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { bootNetwork, type TestNetwork } from '../support/dtls-firmware.ts';

/** A firmware with ICMP and IGMP on, and one thread. */
function firmware(body: (network: TestNetwork) => Thread): Firmware {
  return defineFirmware((board) => {
    const network = bootNetwork(board);
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* nx.nx_icmp_enable(network.ip);
        yield* nx.nx_igmp_enable(network.ip);
        const entry = (): Thread => body(network);
        yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, network.take(512), 512, 4, 4, 0, TX_AUTO_START);
      },
    };
  });
}

const GROUP = nx.IP_ADDRESS(239, 5, 6, 7);

describe('two devices', () => {
  it('ping each other at the same time, over a lossy network', () => {
    const world = new World({ seed: 3 });
    const lan = world.lan({ latency: '1ms', loss: 0.2 });
    const pinger = firmware(function* ({ ip, board }) {
      const other = board.ip_address === nx.IP_ADDRESS(192, 168, 1, 10) ? board.ip_address + 1 : board.ip_address - 1;
      const counts = { answered: 0, silent: 0 };
      const response = out<nx.NX_PACKET>();
      for (let count = 0; count < 50; count++) {
        const data = Uint8Array.of(count, 1, 2, 3);
        const status = yield* nx.nx_icmp_ping(ip, other, data, 4, response, 20);
        counts[status === nx.NX_SUCCESS ? 'answered' : 'silent']++;
        if (status !== nx.NX_SUCCESS) continue;
        assert.deepEqual(nx.packetBytes(response.value), data);
        yield* nx.nx_packet_release(response.value);
      }
      assert.equal(counts.silent, ip.nx_ip_ping_timeouts);
      board.print(counts.answered > 10 && counts.silent > 0 ? 'some answered' : JSON.stringify(counts));
    });
    for (const name of ['one', 'other'])
      world.device(name, { firmware: pinger, lan, config: { NX_ARP_UPDATE_RATE: 1 } });
    world.run({ until: '60s' });
    assert.deepEqual(world.leaks(), []);
    for (const { output } of world.devices.values()) assert.equal(output.toString(), 'some answered');
  });

  it('a group of two hears what the third sends', () => {
    const world = new World();
    const lan = world.lan({ latency: '1ms' });
    const member = firmware(function* ({ ip, board }) {
      const socket = new nx.NX_UDP_SOCKET();
      yield* nx.nx_udp_socket_create(ip, socket, 's', 0, 0, 128, 5);
      yield* nx.nx_udp_socket_bind(socket, 5000, nx.NX_NO_WAIT);
      if (board.params['joins'] === 'yes') yield* nx.nx_igmp_multicast_join(ip, GROUP);
      const cell = out<nx.NX_PACKET>();
      const status = yield* nx.nx_udp_socket_receive(socket, cell, 300);
      board.print(`status ${status}`);
      if (status === nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
    });
    const sender = firmware(function* ({ ip, pool }) {
      const socket = new nx.NX_UDP_SOCKET();
      yield* nx.nx_udp_socket_create(ip, socket, 's', 0, 0, 128, 5);
      yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
      yield* tx_thread_sleep(50);
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
      yield* nx.nx_packet_data_append(cell.value, Uint8Array.of(1), 1, pool, nx.NX_NO_WAIT);
      assert.equal(yield* nx.nx_udp_socket_send(socket, cell.value, GROUP, 5000), nx.NX_SUCCESS);
    });
    for (const [name, joins] of [
      ['a', 'yes'],
      ['b', 'yes'],
      ['c', 'no'],
    ] as const) {
      world.device(name, { firmware: member, lan, params: { joins } });
    }
    world.device('sender', { firmware: sender, lan });
    world.run({ until: '20s' });
    assert.deepEqual(world.leaks(), []);
    const heard = ['a', 'b', 'c'].map((name) => world.devices.get(name)?.output.toString());
    assert.deepEqual(heard, ['status 0', 'status 0', 'status 1']);
  });
});
