/** Plain UDP: a server that echoes, and a client that sends a line a second and tells how long each took. */
import { defineFirmware, statusName, type Board } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_thread_create,
  tx_thread_sleep,
  tx_time_get,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_ANY_PORT,
  NX_FRAGMENT_OKAY,
  NX_IP,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_NO_WAIT,
  NX_PACKET_POOL,
  NX_SUCCESS,
  NX_UDP_PACKET,
  NX_UDP_SOCKET,
  nx_arp_enable,
  nx_ip_create,
  nx_packet_allocate,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_pool_create,
  nx_packet_release,
  nx_system_initialize,
  nx_udp_enable,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_receive,
  nx_udp_socket_send,
  nx_udp_source_extract,
  type NX_PACKET,
} from 'txsim/nx_api';

const PORT = 7;
const PAYLOAD = 512;

/** What both firmwares have in common: the network, and one thread. */
function networkFirmware(
  board: Board,
  body: (pool: NX_PACKET_POOL, socket: NX_UDP_SOCKET) => Thread,
): { tx_application_define: (memory: Uint8Array) => Generator<Suspension, void> } {
  const packet_pool = new NX_PACKET_POOL();
  const ip_instance = new NX_IP();
  const socket = new NX_UDP_SOCKET();
  const thread = new TX_THREAD();

  function* main(): Thread {
    const create = nx_udp_socket_create;
    yield* create(ip_instance, socket, 'echo', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8);
    yield* body(packet_pool, socket);
  }

  return {
    *tx_application_define(memory) {
      const [pool_memory, ip_stack] = [memory.subarray(0, 20_000), memory.subarray(20_000, 22_048)];
      const [arp_memory, stack] = [memory.subarray(22_048, 23_072), memory.subarray(23_072, 24_096)];
      const { ip_address, network_mask, network_driver } = board;
      yield* nx_system_initialize();
      yield* nx_packet_pool_create(packet_pool, 'pool', PAYLOAD, pool_memory, 20_000);
      yield* nx_ip_create(
        ip_instance,
        'IP thread',
        ip_address,
        network_mask,
        packet_pool,
        network_driver,
        ip_stack,
        2048,
        1,
      );
      yield* nx_arp_enable(ip_instance, arp_memory, 1024);
      yield* nx_udp_enable(ip_instance);
      yield* tx_thread_create(thread, 'echo', main, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
}

export const server = defineFirmware((board) =>
  networkFirmware(board, function* (_pool, socket) {
    yield* nx_udp_socket_bind(socket, PORT, TX_WAIT_FOREVER);
    board.print(`echoing on port ${PORT}`);
    for (;;) {
      const packet = out<NX_PACKET>();
      const status = yield* nx_udp_socket_receive(socket, packet, TX_WAIT_FOREVER);
      if (status !== NX_SUCCESS) continue;
      const address = out<ULONG>();
      const port = out<number>();
      yield* nx_udp_source_extract(packet.value, address, port);
      // The packet goes back as it came: the stack owns it once it is sent.
      const sent = yield* nx_udp_socket_send(socket, packet.value, address.value, port.value);
      if (sent !== NX_SUCCESS) yield* nx_packet_release(packet.value);
    }
  }),
);

export const client = defineFirmware((board) =>
  networkFirmware(board, function* (pool, socket) {
    const { print, config } = board;
    const server_address = IP_ADDRESS(192, 168, 1, 150);
    yield* nx_udp_socket_bind(socket, NX_ANY_PORT, NX_NO_WAIT);
    for (let count = 1; count <= 5; count++) {
      const packet = out<NX_PACKET>();
      const line = Uint8Array.from(`line ${count}`, (character) => character.charCodeAt(0));
      yield* nx_packet_allocate(pool, packet, NX_UDP_PACKET, TX_WAIT_FOREVER);
      yield* nx_packet_data_append(packet.value, line, line.length, pool, TX_WAIT_FOREVER);
      const begun = yield* tx_time_get();
      let status = yield* nx_udp_socket_send(socket, packet.value, server_address, PORT);
      if (status !== NX_SUCCESS) yield* nx_packet_release(packet.value);
      const answer = out<NX_PACKET>();
      status = yield* nx_udp_socket_receive(socket, answer, config.NX_IP_PERIODIC_RATE);
      if (status === NX_SUCCESS) {
        const text = new Uint8Array(answer.value.nx_packet_length);
        yield* nx_packet_data_retrieve(answer.value, text, out());
        yield* nx_packet_release(answer.value);
        print(`'${String.fromCharCode(...text)}' is back after ${(yield* tx_time_get()) - begun} ticks`);
      } else {
        print(`line ${count} is lost: ${statusName(status)}`);
      }
      yield* tx_thread_sleep(config.NX_IP_PERIODIC_RATE);
    }
    print('done');
  }),
);
