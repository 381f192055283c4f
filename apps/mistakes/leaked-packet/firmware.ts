/** A thermometer that forgets to release the datagrams that are too short for it, and somebody who sends it such. */
import { defineFirmware, statusName, type Board } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';

const PORT = 4000;
/** A request: a command and the number of a sensor, four bytes each. */
const REQUEST = 8;
const THERMOMETER = nx.IP_ADDRESS(192, 168, 1, 150);

/** A device with a small pool, UDP, and one thread that has a socket. */
function device(
  board: Board,
  body: (pool: nx.NX_PACKET_POOL, socket: nx.NX_UDP_SOCKET) => Thread,
): { tx_application_define: (memory: Uint8Array) => Generator<Suspension, void> } {
  const pool = new nx.NX_PACKET_POOL();
  const ip = new nx.NX_IP();
  const socket = new nx.NX_UDP_SOCKET();
  const thread = new TX_THREAD();

  function* main(): Thread {
    yield* nx.nx_udp_socket_create(ip, socket, 'requests', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, 8);
    yield* body(pool, socket);
  }

  return {
    *tx_application_define(memory) {
      const [pool_memory, ip_stack] = [memory.subarray(0, 4000), memory.subarray(4000, 6048)];
      const [arp_memory, stack] = [memory.subarray(6048, 7072), memory.subarray(7072, 8096)];
      const { ip_address, network_mask, network_driver } = board;
      yield* nx.nx_system_initialize();
      yield* nx.nx_packet_pool_create(pool, 'packets', 256, pool_memory, 4000);
      yield* nx.nx_ip_create(ip, 'IP thread', ip_address, network_mask, pool, network_driver, ip_stack, 2048, 1);
      yield* nx.nx_arp_enable(ip, arp_memory, 1024);
      yield* nx.nx_udp_enable(ip);
      yield* tx_thread_create(thread, 'main', main, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
}

export const thermometer = defineFirmware((board) =>
  device(board, function* (_pool, socket) {
    const fixed = board.params['fixed'] === 'yes';
    yield* nx.nx_udp_socket_bind(socket, PORT, nx.NX_NO_WAIT);
    for (;;) {
      const packet = out<nx.NX_PACKET>();
      if ((yield* nx.nx_udp_socket_receive(socket, packet, nx.NX_WAIT_FOREVER)) !== nx.NX_SUCCESS) continue;
      if (packet.value.nx_packet_length < REQUEST) {
        // The mistake: this way out of the loop's body does not release the packet.
        if (fixed) yield* nx.nx_packet_release(packet.value);
        continue;
      }
      const [address, port] = [out<ULONG>(), out<number>()];
      yield* nx.nx_udp_source_extract(packet.value, address, port);
      // The answer goes back in the packet of the request: the stack has it from then on.
      const status = yield* nx.nx_udp_socket_send(socket, packet.value, address.value, port.value);
      if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
    }
  }),
);

export const panel = defineFirmware((board) =>
  device(board, function* (pool, socket) {
    yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, nx.NX_NO_WAIT);
    for (let count = 1; count <= 20; count++) {
      // An old program on the same panel asks too, and leaves the sensor's number out.
      for (const size of [REQUEST / 2, REQUEST]) {
        const packet = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(pool, packet, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
        yield* nx.nx_packet_data_append(packet.value, new Uint8Array(REQUEST), size, pool, nx.NX_WAIT_FOREVER);
        const status = yield* nx.nx_udp_socket_send(socket, packet.value, THERMOMETER, PORT);
        if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
      }
      const answer = out<nx.NX_PACKET>();
      const status = yield* nx.nx_udp_socket_receive(socket, answer, board.config.NX_IP_PERIODIC_RATE);
      if (status === nx.NX_SUCCESS) yield* nx.nx_packet_release(answer.value);
      board.print(status === nx.NX_SUCCESS ? `${count}: answered` : `${count}: no answer, ${statusName(status)}`);
      yield* tx_thread_sleep(board.config.NX_IP_PERIODIC_RATE);
    }
    board.print('done');
  }),
);
