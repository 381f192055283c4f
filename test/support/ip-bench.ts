import assert from 'node:assert/strict';
import { defineFirmware, World, type Board } from 'txsim';
import { TX_AUTO_START, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { deferReceive } from '../../netx/ip-receive.ts';
import { appendBytes } from '../../netx/packet-data.ts';
import { takePacket } from '../../netx/packet-pool.ts';
import { emitIpv4Header, IPV4_HEADER, type Ipv4Header } from '../../netx/wire/ipv4.ts';
import type { Device } from '../../sim/device.ts';

/** A link driver of a test's own: it notes every command and keeps what it is to send. */
export class TestLink {
  readonly commands: number[] = [];
  /** The IP packets given to it to send, in order. */
  readonly sent: Uint8Array[] = [];
  networkInterface: nx.NX_INTERFACE | null = null;
  mtu = 1500;
  /** What `NX_LINK_GET_STATUS` answers. */
  up = 1;
  /** Status of commands that it does not know. */
  unknown = nx.NX_UNHANDLED_COMMAND;

  readonly entry: nx.NetworkDriver = (request) => this.#serve(request);

  *#serve(request: nx.NX_IP_DRIVER): Thread {
    const { nx_ip_driver_command: command, nx_ip_driver_packet: packet, nx_ip_driver_interface: one } = request;
    this.commands.push(command);
    if (packet !== null) {
      this.sent.push(nx.packetBytes(packet));
      yield* nx.nx_packet_release(packet);
      return;
    }
    if (command === nx.NX_LINK_INTERFACE_ATTACH) this.networkInterface = one;
    else if (command === nx.NX_LINK_INITIALIZE) one.nx_interface_ip_mtu_size = this.mtu;
    else if (command === nx.NX_LINK_GET_STATUS && request.nx_ip_driver_return_ptr !== null) {
      request.nx_ip_driver_return_ptr.value = this.up;
    } else if (command > nx.NX_LINK_DISABLE && command !== nx.NX_LINK_UNINITIALIZE) {
      request.nx_ip_driver_status = this.unknown;
    }
  }
}

/** An IP instance over links of the test's own; link `n` has 10.0.n.1/24. */
export interface IpBench {
  readonly board: Board;
  readonly pool: nx.NX_PACKET_POOL;
  readonly ip: nx.NX_IP;
  readonly links: readonly TestLink[];
  readonly take: (bytes: number) => Uint8Array;
}

export interface IpBenchOptions {
  readonly macros?: Readonly<Record<string, number | boolean>>;
  readonly packets?: number;
  readonly payload?: number;
  readonly links?: number;
  readonly mtu?: number;
  /** In the thread that the test has, of lower priority than the IP thread. */
  readonly body?: (bench: IpBench) => Thread;
}

/** A device with such an instance, and its world. */
export interface IpStage extends IpBench {
  readonly device: Device;
  readonly world: World;
  /** Has a link's driver receive an IP packet by interrupt, and runs the device for a moment. */
  readonly inject: (packet: Uint8Array, link?: number) => void;
  /** Runs on for a time. */
  readonly wait: (duration: string) => void;
  /** Fails where a packet of the pool is not free. */
  readonly assertAllFree: () => void;
}

export const bringUpStatus = (statuses: readonly number[]): void => {
  assert(
    statuses.every((status) => status === nx.NX_SUCCESS),
    `the instance does not come up: ${statuses.join()}`,
  );
};

/** Boots a device with an IP instance and runs it for 100 ms. */
export function ipStage(options: IpBenchOptions = {}): IpStage {
  const { packets = 30, payload = 1536, links: count = 1, mtu = 1500, macros = {}, body } = options;
  const links = Array.from({ length: count }, () => new TestLink());
  for (const link of links) link.mtu = mtu;
  const world = new World();
  const benches: IpBench[] = [];
  const firmware = defineFirmware((board) => ({
    *tx_application_define(memory) {
      let free = memory;
      const take = (bytes: number): Uint8Array => {
        const taken = free.subarray(0, bytes);
        free = free.subarray(bytes);
        return taken;
      };
      const bench: IpBench = { board, pool: new nx.NX_PACKET_POOL(), ip: new nx.NX_IP(), links, take };
      benches.push(bench);
      yield* define(bench, packets, payload);
      if (body === undefined) return;
      const entry = (): Thread => body(bench);
      yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, take(1024), 1024, 5, 5, 0, TX_AUTO_START);
    },
  }));
  const config = { NX_MAX_PHYSICAL_INTERFACES: count, ...macros };
  const device = world.device('device', { firmware, config, cpu: 'instant', memory: 4 << 20 });
  let now = 100;
  world.run({ until: `${now}ms` });
  const [bench] = benches;
  assert(bench !== undefined);
  const wait = (duration: string): void => {
    now += Number.parseFloat(duration) * (duration.endsWith('ms') ? 1 : 1000);
    world.run({ until: `${now}ms` });
  };
  return {
    ...bench,
    device,
    world,
    wait,
    inject: (packet, link = 0) => {
      device.interrupt(() => receive(bench, device, packet, link));
      wait('1ms');
    },
    assertAllFree: () => {
      assert.equal(bench.pool.nx_packet_pool_available, bench.pool.nx_packet_pool_total);
    },
  };
}

function* define({ pool, ip, links, take }: IpBench, packets: number, payload: number): Thread {
  const size = packets * (payload + nx.NX_PACKET.sizeof);
  const mask = 0xffffff00;
  const address = nx.IP_ADDRESS(10, 0, 0, 1);
  const [first, ...others] = links;
  const statuses = [
    yield* nx.nx_packet_pool_create(pool, 'pool', payload, take(size), size),
    yield* nx.nx_ip_create(ip, 'IP', address, mask, pool, first?.entry ?? null, take(1024), 1024, 1),
    yield* nx.nx_udp_enable(ip),
  ];
  for (const [index, { entry }] of others.entries()) {
    const own = nx.IP_ADDRESS(10, 0, index + 1, 1);
    statuses.push(yield* nx.nx_ip_interface_attach(ip, `link ${index + 1}`, own, mask, entry));
  }
  bringUpStatus(statuses);
}

function receive({ pool, ip }: IpBench, { kernel }: Device, bytes: Uint8Array, link: number): void {
  const packet = takePacket(kernel, pool, nx.NX_PHYSICAL_HEADER);
  assert(packet !== null, 'the pool is empty');
  packet.holder = 'stack';
  assert(appendBytes(kernel, packet, bytes, pool), 'the pool is empty');
  packet.nx_packet_ip_interface = ip.nx_ip_interface[link] ?? null;
  deferReceive(kernel, ip, packet);
}

export const US = nx.IP_ADDRESS(10, 0, 0, 1);
export const PEER = nx.IP_ADDRESS(10, 0, 0, 2);

/** An IPv4 packet from the peer to the device, with whatever else its header says. */
export function ipPacket(fields: Partial<Ipv4Header>, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(IPV4_HEADER + payload.length);
  const header = {
    tos: 0,
    totalLength: bytes.length,
    identification: 1,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: 17,
    source: PEER,
    destination: US,
    ...fields,
  };
  emitIpv4Header(header, bytes, 0);
  bytes.set(payload, IPV4_HEADER);
  return bytes;
}

/** A UDP datagram without a checksum, from port 5000 to port 7. */
export function udpDatagram(payload: Uint8Array, port = 7): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 5000);
  view.setUint16(2, port);
  view.setUint16(4, bytes.length);
  bytes.set(payload, 8);
  return bytes;
}
