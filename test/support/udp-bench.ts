import { defineFirmware, World, type DeviceOptions } from 'txsim';
import {
  out,
  TX_AUTO_ACTIVATE,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  TX_TIMER,
  tx_thread_create,
  tx_timer_create,
  type Op,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { bootNetwork, type TestNetwork } from './dtls-firmware.ts';

/** Who calls a service. */
export type Caller = 'thread' | 'timer' | 'isr' | 'init';

/** A device with UDP, whose sockets are in every state. */
export interface UdpBench {
  readonly network: TestNetwork;
  readonly ip: nx.NX_IP;
  /** Bound to port 7. */
  readonly bound: nx.NX_UDP_SOCKET;
  readonly unbound: nx.NX_UDP_SOCKET;
  /** Never created. */
  readonly fresh: nx.NX_UDP_SOCKET;
  /** A packet with room for headers and some payload. */
  readonly packet: nx.NX_PACKET;
}

/** Runs something on a device whose sockets are set up, called as asked; gives what it gave. */
export function callWithUdp<T>(
  caller: Caller,
  call: (bench: UdpBench) => Op<T>,
  options: Partial<DeviceOptions> = {},
): T | undefined {
  let result: T | undefined;
  let bench: UdpBench | null = null;
  const world = new World();
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board);
    const { ip, pool } = network;
    const [bound, unbound, fresh] = [new nx.NX_UDP_SOCKET(), new nx.NX_UDP_SOCKET(), new nx.NX_UDP_SOCKET()];
    const [main, timer] = [new TX_THREAD(), new TX_TIMER()];

    function* measure(): Generator<Suspension, void> {
      if (bench !== null) result = yield* call(bench);
    }

    function* prepare(): Thread {
      yield* createSocket(ip, unbound);
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
      yield* nx.nx_packet_data_append(cell.value, Uint8Array.of(1, 2, 3, 4), 4, pool, nx.NX_NO_WAIT);
      bench = { network, ip, bound, unbound, fresh, packet: cell.value };
    }

    function* run(): Thread {
      yield* nx.nx_udp_socket_bind(bound, 7, nx.NX_NO_WAIT);
      if (caller === 'thread') yield* measure();
      if (caller === 'timer') yield* tx_timer_create(timer, 't', measure, 0, 1, 0, TX_AUTO_ACTIVATE);
    }

    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* createSocket(ip, bound);
        yield* prepare();
        if (caller === 'init') yield* measure();
        const stack = network.take(1024);
        yield* tx_thread_create(main, 'main', run, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
  const device = world.device('device', { firmware, lan: world.lan(), ...options });
  world.run({ until: '10ms' });
  if (caller === 'isr') {
    device.interrupt(function* () {
      if (bench !== null) result = yield* call(bench);
    });
  }
  world.run({ until: '2s' });
  return result;
}

/** Creates a socket with a queue of four. */
export function createSocket(ip: nx.NX_IP, socket: nx.NX_UDP_SOCKET, queue: ULONG = 4): Op<number> {
  return nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, queue);
}

/** Sends bytes as a datagram; gives the status, having released the packet where that is not success. */
export function* sendBytes(
  { pool }: TestNetwork,
  socket: nx.NX_UDP_SOCKET,
  bytes: Uint8Array,
  address: ULONG,
  port: number,
): Generator<Suspension, number> {
  const cell = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
  if (bytes.length > 0) yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, pool, nx.NX_WAIT_FOREVER);
  const status = yield* nx.nx_udp_socket_send(socket, cell.value, address, port);
  if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
  return status;
}

/** Receives a datagram's bytes, or gives the status. */
export function* receiveBytes(socket: nx.NX_UDP_SOCKET, wait: ULONG): Generator<Suspension, Uint8Array | number> {
  const cell = out<nx.NX_PACKET>();
  const status = yield* nx.nx_udp_socket_receive(socket, cell, wait);
  if (status !== nx.NX_SUCCESS) return status;
  const bytes = nx.packetBytes(cell.value);
  yield* nx.nx_packet_release(cell.value);
  return bytes;
}
