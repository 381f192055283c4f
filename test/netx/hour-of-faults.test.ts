import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { capturePcapng, defineFirmware, World } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_time_get,
  type Thread,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { packetPools } from '../../netx/device-state.ts';
import { heldPackets } from '../../netx/packet-pool.ts';
import { bootNetwork } from '../support/dtls-firmware.ts';

const DEVICES = 50;
const FIRST = nx.IP_ADDRESS(192, 168, 1, 10);
const PORT = 7;
const HOUR = 3600 * 100;
const REQUEST = 1;
const ANSWER = 2;

interface Tally {
  requests: number;
  answers: number;
}

/** Talks to somebody at random every ten seconds or so, answers whoever asks, and stops after an hour. */
const talker = (tally: Tally) =>
  defineFirmware((board) => {
    const network = bootNetwork(board, 12, 1536);
    const socket = new nx.NX_UDP_SOCKET();
    const thread = new TX_THREAD();
    const cell = out<nx.NX_PACKET>();
    const [address, port] = [out<number>(), out<number>()];

    function* ask(): Thread {
      // Two in three fit a frame; the others go in fragments.
      const size = 1 + (board.random() % 2200);
      const bytes = new Uint8Array(size).fill(board.random() & 255);
      bytes[0] = REQUEST;
      if ((yield* nx.nx_packet_allocate(network.pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT)) !== nx.NX_SUCCESS) return;
      const packet = cell.value;
      const appended = yield* nx.nx_packet_data_append(packet, bytes, size, network.pool, nx.NX_NO_WAIT);
      const to = FIRST + (board.random() % DEVICES);
      const sent = appended === nx.NX_SUCCESS ? yield* nx.nx_udp_socket_send(socket, packet, to, PORT) : appended;
      if (sent === nx.NX_SUCCESS) tally.requests++;
      else yield* nx.nx_packet_release(packet);
    }

    function* answer(packet: nx.NX_PACKET): Thread {
      const kind = packet.nx_packet_memory[packet.nx_packet_prepend_ptr];
      if (kind === ANSWER) tally.answers++;
      let sent: number = nx.NX_NOT_SUCCESSFUL;
      if (kind === REQUEST) {
        packet.nx_packet_memory[packet.nx_packet_prepend_ptr] = ANSWER;
        yield* nx.nx_udp_source_extract(packet, address, port);
        sent = yield* nx.nx_udp_socket_send(socket, packet, address.value, port.value);
      }
      if (sent !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet);
    }

    function* main(): Thread {
      yield* nx.nx_udp_socket_create(network.ip, socket, 'talk', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 4);
      yield* nx.nx_udp_socket_bind(socket, PORT, nx.NX_NO_WAIT);
      for (let next = board.random() % 1000; ;) {
        const now = yield* tx_time_get();
        if (now >= HOUR) break;
        const wait = Math.max(0, next - now);
        const status = wait === 0 ? nx.NX_NO_PACKET : yield* nx.nx_udp_socket_receive(socket, cell, wait);
        if (status === nx.NX_SUCCESS) {
          yield* answer(cell.value);
        } else {
          yield* ask();
          next = now + 500 + (board.random() % 1000);
        }
      }
      yield* nx.nx_udp_socket_unbind(socket);
      yield* nx.nx_udp_socket_delete(socket);
    }

    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* nx.nx_icmp_enable(network.ip);
        yield* nx.nx_ip_fragment_enable(network.ip);
        const stack = network.take(1024);
        yield* tx_thread_create(thread, 'talker', main, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });

/** An hour, and five minutes more in which everything that waits for an answer gives up; the capture as a hash. */
function hour(seed: number): { readonly world: World; readonly tally: Tally; readonly digest: string } {
  const world = new World({ seed });
  const faults = { loss: 0.3, duplicate: 0.2, reorder: 0.2, corrupt: 0.1 };
  const lan = world.lan({ latency: '1ms', jitter: '2ms', ...faults });
  const hash = createHash('sha256');
  capturePcapng(world.trace, [lan.name], (chunk) => hash.update(chunk));
  const tally = { requests: 0, answers: 0 };
  const config = { NX_ARP_EXPIRATION_RATE: 60 };
  for (let index = 0; index < DEVICES; index++) {
    world.device(`device${index}`, { firmware: talker(tally), lan, config, memory: 64 * 1024 });
  }
  world.run({ until: '3900s' });
  return { world, tally, digest: hash.digest('hex') };
}

describe('fifty devices for an hour on a network that loses, doubles, swaps and garbles frames', () => {
  const first = hour(2026);

  it('gets most of its traffic through, as far as the losses let it', () => {
    const { requests, answers } = first.tally;
    assert(requests > 15_000, `${requests} requests`);
    // There and back, and each neighbour has to be found first: about half of what is asked is answered.
    assert(answers > requests * 0.25 && answers < requests, `${answers} answers to ${requests} requests`);
  });

  it('leaves no packet held, by an application or by the stack', () => {
    assert.deepEqual(first.world.leaks(), []);
    for (const { name, kernel } of first.world.devices.values()) {
      for (const pool of packetPools(kernel)) {
        const held = heldPackets(pool).map(({ holder, allocation }) => `${holder} ${allocation.service}`);
        assert.deepEqual(held, [], name);
        assert.equal(pool.nx_packet_pool_invalid_releases, 0, name);
      }
    }
  });

  it('is the same, byte for byte, with the same seed', () => {
    assert.equal(hour(2026).digest, first.digest);
  });
});
