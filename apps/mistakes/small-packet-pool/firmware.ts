/** A collector whose pool has fewer packets than its meters send at once, and the meters. */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  tx_time_get,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { create_network } from '../network.ts';

const PORT = 5000;
const PAYLOAD = 256;
const READING = 32;
const COLLECTOR = nx.IP_ADDRESS(192, 168, 1, 150);
const ROUNDS = 5;

export const collector = defineFirmware((board) => {
  // The mistake: eight meters report at the full second, and all their reports have to wait somewhere.
  const packets = Number(board.params['packets'] ?? (board.params['fixed'] === 'yes' ? 8 : 4));
  const network = create_network(board);
  const socket = new nx.NX_UDP_SOCKET();
  const thread = new TX_THREAD();

  function* main(): Thread {
    const { ip } = network;
    yield* nx.nx_udp_socket_create(ip, socket, 'readings', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 16);
    yield* nx.nx_udp_socket_bind(socket, PORT, nx.NX_NO_WAIT);
    for (;;) {
      const packet = out<nx.NX_PACKET>();
      if ((yield* nx.nx_udp_socket_receive(socket, packet, nx.NX_WAIT_FOREVER)) !== nx.NX_SUCCESS) continue;
      const [address, port] = [out<ULONG>(), out<number>()];
      yield* nx.nx_udp_source_extract(packet.value, address, port);
      // The reading is worked out and stored, while the packet is held.
      yield* board.consume('4ms');
      const status = yield* nx.nx_udp_socket_send(socket, packet.value, address.value, port.value);
      if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
    }
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory, packets, PAYLOAD);
      const stack = network.take(2048);
      yield* tx_thread_create(thread, 'collector', main, 0, stack, 2048, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});

export const meter = defineFirmware((board) => {
  const SECOND = board.config.NX_IP_PERIODIC_RATE;
  const network = create_network(board);
  const socket = new nx.NX_UDP_SOCKET();
  const thread = new TX_THREAD();

  /** Sends a reading and waits for its confirmation. */
  function* report(): Generator<Suspension, number> {
    const packet = out<nx.NX_PACKET>();
    yield* nx.nx_packet_allocate(network.pool, packet, nx.NX_UDP_PACKET, SECOND);
    yield* nx.nx_packet_data_append(packet.value, new Uint8Array(READING), READING, network.pool, SECOND);
    let status = yield* nx.nx_udp_socket_send(socket, packet.value, COLLECTOR, PORT);
    if (status !== nx.NX_SUCCESS) {
      yield* nx.nx_packet_release(packet.value);
      return status;
    }
    status = yield* nx.nx_udp_socket_receive(socket, packet, Math.floor(SECOND / 2));
    if (status === nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
    return status;
  }

  function* main(): Thread {
    yield* nx.nx_udp_socket_create(network.ip, socket, 'meter', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 4);
    yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, nx.NX_NO_WAIT);
    // The meters were put up one after the other, and all was well.
    yield* tx_thread_sleep((Number(board.params['number']) * SECOND) / 20);
    board.print(`installed: ${statusName(yield* report())}`);
    let confirmed = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      yield* tx_thread_sleep(round * SECOND - (yield* tx_time_get()));
      const status = yield* report();
      if (status === nx.NX_SUCCESS) confirmed++;
      else board.print(`reading ${round} is not confirmed: ${statusName(status)}`);
    }
    board.print(`done: ${confirmed} of ${ROUNDS} readings confirmed`);
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory, 8, PAYLOAD);
      const stack = network.take(2048);
      yield* tx_thread_create(thread, 'meter', main, 0, stack, 2048, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});
