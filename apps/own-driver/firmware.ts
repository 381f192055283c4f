/** UDP echo over a driver of one's own: a server, and a client that counts what comes back whole. */
import { defineFirmware, type Board } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_thread_create,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_FRAGMENT_OKAY,
  NX_IP,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
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
import { NX_DRIVER_MEMORY, nx_driver } from './nx_driver.ts';

const PORT = 7;
const POOL = 60_000;

/** A number among the device's parameters. */
const parameter = ({ params }: Board, name: string, fallback: number): number => Number(params[name] ?? fallback);

/**
 * The network and one thread. `driver=board` takes the simulator's own driver, for comparison; `payload` is the size of a
 * packet: where it is smaller than a frame, packets are chained.
 */
function networkFirmware(
  board: Board,
  body: (pool: NX_PACKET_POOL, socket: NX_UDP_SOCKET) => Thread,
): { tx_application_define: (memory: Uint8Array) => Generator<Suspension, void> } {
  const [packet_pool, ip, socket, thread] = [new NX_PACKET_POOL(), new NX_IP(), new NX_UDP_SOCKET(), new TX_THREAD()];
  const own = board.params['driver'] === 'board' ? null : nx_driver(board);

  function* main(): Thread {
    const create = nx_udp_socket_create;
    yield* create(ip, socket, 'echo', NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 8);
    yield* nx_udp_socket_bind(socket, PORT, TX_WAIT_FOREVER);
    yield* body(packet_pool, socket);
  }

  return {
    *tx_application_define(memory) {
      own?.nx_driver_memory_set(memory);
      let free = memory.subarray(NX_DRIVER_MEMORY);
      const take = (bytes: number): Uint8Array => {
        const taken = free.subarray(0, bytes);
        free = free.subarray(bytes);
        return taken;
      };
      const { ip_address, network_mask } = board;
      const driver = own?.nx_driver_entry ?? board.network_driver;
      yield* nx_system_initialize();
      yield* nx_packet_pool_create(packet_pool, 'pool', parameter(board, 'payload', 1568), take(POOL), POOL);
      yield* nx_ip_create(ip, 'IP thread', ip_address, network_mask, packet_pool, driver, take(2048), 2048, 1);
      yield* nx_arp_enable(ip, take(1024), 1024);
      yield* nx_udp_enable(ip);
      yield* tx_thread_create(thread, 'echo', main, 0, take(1024), 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
}

export const server = defineFirmware((board) =>
  networkFirmware(board, function* (_pool, socket) {
    board.print(`echoing on port ${PORT}`);
    for (;;) {
      const packet = out<NX_PACKET>();
      if ((yield* nx_udp_socket_receive(socket, packet, TX_WAIT_FOREVER)) !== NX_SUCCESS) continue;
      const [address, port] = [out<ULONG>(), out<number>()];
      yield* nx_udp_source_extract(packet.value, address, port);
      const sent = yield* nx_udp_socket_send(socket, packet.value, address.value, port.value);
      if (sent !== NX_SUCCESS) yield* nx_packet_release(packet.value);
    }
  }),
);

/** Bytes that tell one datagram from another. */
const pattern = (number: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (number * 7 + index) & 255);

export const client = defineFirmware((board) =>
  networkFirmware(board, function* (pool, socket) {
    const [count, size] = [parameter(board, 'count', 5), parameter(board, 'size', 1000)];
    const server_address = IP_ADDRESS(192, 168, 1, 150);
    const wait = board.config.NX_IP_PERIODIC_RATE / 10;
    let good = 0;
    for (let number = 1; number <= count; number++) {
      const sent = pattern(number, size);
      const packet = out<NX_PACKET>();
      yield* nx_packet_allocate(pool, packet, NX_UDP_PACKET, TX_WAIT_FOREVER);
      yield* nx_packet_data_append(packet.value, sent, size, pool, TX_WAIT_FOREVER);
      const status = yield* nx_udp_socket_send(socket, packet.value, server_address, PORT);
      if (status !== NX_SUCCESS) yield* nx_packet_release(packet.value);
      const answer = out<NX_PACKET>();
      if ((yield* nx_udp_socket_receive(socket, answer, wait)) !== NX_SUCCESS) continue;
      const received = new Uint8Array(answer.value.nx_packet_length);
      yield* nx_packet_data_retrieve(answer.value, received, out());
      yield* nx_packet_release(answer.value);
      if (received.length === size && received.every((byte, index) => byte === sent[index])) good++;
    }
    board.print(`${good} of ${count} came back whole`);
  }),
);
