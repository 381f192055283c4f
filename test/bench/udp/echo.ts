import { defineFirmware, World, type Board } from 'txsim';
import {
  IP_ADDRESS,
  NX_FRAGMENT_OKAY,
  NX_IP,
  NX_IP_NORMAL,
  NX_NO_WAIT,
  NX_PACKET,
  NX_PACKET_POOL,
  NX_SUCCESS,
  NX_UDP_PACKET,
  NX_UDP_SOCKET,
  NX_WAIT_FOREVER,
  nx_arp_enable,
  nx_ip_create,
  nx_packet_allocate,
  nx_packet_data_append,
  nx_packet_pool_create,
  nx_packet_release,
  nx_system_initialize,
  nx_udp_enable,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_receive,
  nx_udp_socket_send,
  nx_udp_source_extract,
} from 'txsim/nx_api';
import { out, TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, type Op, type Thread } from 'txsim/tx_api';

const PORT = 7;
const SERVER = IP_ADDRESS(192, 168, 1, 150);

/** A device with a stack and one bound socket, and a thread that uses it. */
function device(port: number, body: (board: Board, pool: NX_PACKET_POOL, socket: NX_UDP_SOCKET) => Thread) {
  return defineFirmware((board) => {
    const pool = new NX_PACKET_POOL();
    const ip = new NX_IP();
    const socket = new NX_UDP_SOCKET();
    const thread = new TX_THREAD();

    function* run(): Thread {
      yield* nx_udp_socket_create(ip, socket, 'echo', NX_IP_NORMAL, NX_FRAGMENT_OKAY, 0x80, 16);
      yield* nx_udp_socket_bind(socket, port, NX_NO_WAIT);
      yield* body(board, pool, socket);
    }

    return {
      *tx_application_define(memory): Op<void> & Generator {
        yield* nx_system_initialize();
        yield* nx_packet_pool_create(pool, 'pool', 1536, memory.subarray(0, 40_000), 40_000);
        const { ip_address, network_mask, network_driver } = board;
        const stack = memory.subarray(40_000, 42_048);
        yield* nx_ip_create(ip, 'ip', ip_address, network_mask, pool, network_driver, stack, 2048, 1);
        yield* nx_arp_enable(ip, memory.subarray(43_000, 44_024), 1024);
        yield* nx_udp_enable(ip);
        const own = memory.subarray(45_000, 47_048);
        yield* tx_thread_create(thread, 'echo', run, 0, own, 2048, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
}

/** Sends every datagram back in the packet it came in. */
const server = device(PORT, function* (_, __, socket) {
  const cell = out<NX_PACKET>();
  const [address, port] = [out<number>(), out<number>()];
  for (;;) {
    if ((yield* nx_udp_socket_receive(socket, cell, NX_WAIT_FOREVER)) !== NX_SUCCESS) continue;
    const packet = cell.value;
    yield* nx_udp_source_extract(packet, address, port);
    if ((yield* nx_udp_socket_send(socket, packet, address.value, port.value)) !== NX_SUCCESS)
      yield* nx_packet_release(packet);
  }
});

/** Counts the echoes that a client has had. */
export interface EchoCount {
  echoes: number;
}

/** Sends a datagram, waits for its echo, and begins again. */
function client(size: number, count: EchoCount) {
  const payload = Uint8Array.from({ length: size }, (_, index) => index);
  return device(0, function* (_, pool, socket) {
    const cell = out<NX_PACKET>();
    for (;;) {
      yield* nx_packet_allocate(pool, cell, NX_UDP_PACKET, NX_WAIT_FOREVER);
      yield* nx_packet_data_append(cell.value, payload, size, pool, NX_WAIT_FOREVER);
      yield* nx_udp_socket_send(socket, cell.value, SERVER, PORT);
      if ((yield* nx_udp_socket_receive(socket, cell, 100)) !== NX_SUCCESS) continue;
      count.echoes++;
      yield* nx_packet_release(cell.value);
    }
  });
}

/** A world of one LAN on which two devices echo and others are idle. */
export function echoWorld(size: number, idle: number): { readonly world: World; readonly count: EchoCount } {
  const world = new World({ seed: 1 });
  const lan = world.lan();
  const count = { echoes: 0 };
  const quiet = device(PORT, function* (_, __, socket) {
    yield* nx_udp_socket_receive(socket, out<NX_PACKET>(), NX_WAIT_FOREVER);
  });
  const memory = 48 * 1024;
  world.device('server', { firmware: server, lan, memory, address: '192.168.1.150' });
  world.device('client', { firmware: client(size, count), lan, memory });
  for (let index = 0; index < idle; index++) world.device(`idle${index}`, { firmware: quiet, lan, memory });
  return { world, count };
}
