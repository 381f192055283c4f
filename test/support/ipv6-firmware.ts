import assert from 'node:assert/strict';
import { defineFirmware, World, type Firmware, type LanOptions } from 'txsim';
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
import { parseIpv6 } from '../../netx/ipv6/address-text.ts';
import { formatIpv6 } from '../../netx/nxd-address.ts';
import { bootNetwork, type TestNetwork } from './dtls-firmware.ts';

/** An IPv6 address for services. */
export function ipv6(text: string): nx.NXD_ADDRESS {
  const words = parseIpv6(text);
  assert(words !== null, text);
  const address = new nx.NXD_ADDRESS();
  address.nxd_ip_version = nx.NX_IP_VERSION_V6;
  address.nxd_ip_address.v6.set(words);
  return address;
}

/** The words of an IPv6 address. */
export const words6 = (text: string): Uint32Array => ipv6(text).nxd_ip_address.v6;

export interface Ipv6Boot {
  readonly packets?: number;
  readonly payload?: number;
  /** Addresses to set once the interface is up, each with a prefix of 64 bits. Default: none besides the link-local one. */
  readonly addresses?: readonly string[];
  /** Whether the link-local address is set. Default: yes. */
  readonly linkLocal?: boolean;
  /** Whether the thread waits until the addresses are known to be unique. Default: yes. */
  readonly settle?: boolean;
  /** Whether packets may be fragmented. */
  readonly fragments?: boolean;
  /** Whether ICMP is on. Default: yes. */
  readonly icmp?: boolean;
}

/** Lets packets be sent and received in fragments. */
export function enableFragments(ip: nx.NX_IP): void {
  ip.ipv6Fragments = true;
}

/** A firmware with IPv6, a UDP socket and one thread. */
export function ipv6Firmware(
  body: (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Thread,
  options: Ipv6Boot = {},
): Firmware {
  return defineFirmware((board) => {
    const network = bootNetwork(board, options.packets ?? 40, options.payload ?? 1536);
    const thread = new TX_THREAD();
    const socket = new nx.NX_UDP_SOCKET();
    const { ip } = network;
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* nx.nxd_ipv6_enable(ip);
        if (options.icmp !== false) yield* nx.nxd_icmp_enable(ip);
        if (options.fragments === true) enableFragments(ip);
        const entry = function* (): Thread {
          const { NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_SUCCESS } = nx;
          yield* nx.nx_ip_status_check(ip, nx.NX_IP_INITIALIZE_DONE, out(), nx.NX_WAIT_FOREVER);
          if (options.linkLocal !== false) yield* nx.nxd_ipv6_address_set(ip, 0, null, 10, null);
          for (const text of options.addresses ?? []) {
            assert.equal(yield* nx.nxd_ipv6_address_set(ip, 0, ipv6(text), 64, null), NX_SUCCESS);
          }
          yield* nx.nx_udp_socket_create(ip, socket, 'socket', NX_IP_NORMAL, NX_FRAGMENT_OKAY, 0x80, 4);
          if (options.settle !== false) yield* tx_thread_sleep(600);
          yield* body(network, socket);
        };
        const stack = network.take(1024);
        yield* tx_thread_create(thread, 'main', entry, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
}

/** Sends a text as a datagram; the packet is released where it could not be sent. */
export function* sendText6(
  { pool }: TestNetwork,
  socket: nx.NX_UDP_SOCKET,
  text: string,
  address: nx.NXD_ADDRESS,
  port: number,
): Generator<Suspension, number> {
  const cell = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 0) yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, pool, nx.NX_WAIT_FOREVER);
  const status = yield* nx.nxd_udp_socket_send(socket, cell.value, address, port);
  if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
  return status;
}

/** Receives a datagram: its text and its sender, or the status. */
export function* receiveText6(
  socket: nx.NX_UDP_SOCKET,
  wait: ULONG,
): Generator<Suspension, { text: string; from: nx.NXD_ADDRESS; port: number }> {
  const cell = out<nx.NX_PACKET>();
  const [from, port] = [new nx.NXD_ADDRESS(), out<number>()];
  const status = yield* nx.nx_udp_socket_receive(socket, cell, wait);
  if (status !== nx.NX_SUCCESS) return { text: `status ${status}`, from, port: 0 };
  yield* nx.nxd_udp_source_extract(cell.value, from, port);
  const text = new TextDecoder().decode(nx.packetBytes(cell.value));
  yield* nx.nx_packet_release(cell.value);
  return { text, from, port: port.value };
}

/** Sends every datagram back where it came from. */
export const echoServer6 = (options: Ipv6Boot = {}): Firmware =>
  ipv6Firmware(function* (network, socket) {
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (;;) {
      const { text, from, port } = yield* receiveText6(socket, nx.NX_WAIT_FOREVER);
      yield* sendText6(network, socket, text, from, port);
    }
  }, options);

/** The address of a device's table, as text, or null. */
export function addressText(ip: nx.NX_IP, index: number): string | null {
  const own = ip.ipv6?.addresses[index];
  return own?.nxd_ipv6_address_valid === 1 ? formatIpv6(own.nxd_ipv6_address) : null;
}

/** A world of two devices on one network, run for a time; no packet may be lost in it. */
export function twoDevices6(server: Firmware, client: Firmware, options: LanOptions = {}, until = '30s'): World {
  const world = new World();
  const lan = world.lan(options);
  world.device('server', { firmware: server, lan });
  world.device('client', { firmware: client, lan });
  world.run({ until });
  assert.deepEqual(world.leaks(), []);
  return world;
}
