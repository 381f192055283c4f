import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, World, type DeviceOptions } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_mutex_get,
  tx_mutex_put,
  tx_thread_create,
  tx_thread_sleep,
  tx_time_get,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { writeUint16 } from '../../netx/wire/bytes.ts';
import { parseIpv4Header } from '../../netx/wire/ipv4.ts';
import { buildUdpFrame } from '../../sim/host/udp-frame.ts';
import { parseUdpFrame } from '../../sim/network/ipv4-udp-frame.ts';
import { bootNetwork, type TestNetwork } from '../support/dtls-firmware.ts';
import { callWithUdp, createSocket, receiveBytes, sendBytes } from '../support/udp-bench.ts';

const DEVICE = nx.IP_ADDRESS(192, 168, 1, 10);
const PEER = nx.IP_ADDRESS(192, 168, 1, 20);
const PEER_HARDWARE = { msw: 0x02aa, lsw: 7 };
const DEVICE_HARDWARE = { msw: 0x0200, lsw: 1 };
const text = (bytes: Uint8Array | number): string =>
  typeof bytes === 'number' ? `0x${bytes.toString(16)}` : new TextDecoder().decode(bytes);

/** A datagram to port 7 of the device, on the wire. */
function datagram(payload: string): Uint8Array {
  const addresses = { source: PEER, sourcePort: 99, destination: DEVICE, destinationPort: 7 };
  const bytes = new TextEncoder().encode(payload);
  return buildUdpFrame({ ...addresses, payload: bytes }, PEER_HARDWARE, DEVICE_HARDWARE, 1);
}

function withChecksum(frame: Uint8Array, checksum: number): Uint8Array {
  writeUint16(frame, 40, checksum);
  return frame;
}

/** A device with a socket on port 7, frames that come to it after 10 ms, and the frames it sends. */
function withPeer(
  frames: readonly Uint8Array[],
  body: (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Thread,
  options: Partial<DeviceOptions> = {},
): Uint8Array[] {
  const world = new World();
  const lan = world.lan();
  const sent: Uint8Array[] = [];
  const port = lan.attach({ name: 'peer', deliver: ({ bytes }) => void sent.push(bytes) });
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board);
    const [thread, socket] = [new TX_THREAD(), new nx.NX_UDP_SOCKET()];
    const run = function* (): Thread {
      yield* createSocket(network.ip, socket);
      yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
      yield* body(network, socket);
    };
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* tx_thread_create(thread, 'main', run, 0, network.take(1024), 1024, 4, 4, 0, TX_AUTO_START);
      },
    };
  });
  world.device('device', { firmware, lan, ...options });
  world.run({ until: '10ms' });
  for (const frame of frames) port.transmit(frame);
  world.run({ until: '2s' });
  assert.deepEqual(world.leaks(), []);
  return sent;
}

describe('checksums', () => {
  const receive = (frames: readonly Uint8Array[], options: Partial<DeviceOptions> = {}, disable = false) => {
    const got: string[] = [];
    let counted: number[] = [];
    withPeer(
      frames,
      function* ({ ip }, socket) {
        if (disable) yield* nx.nx_udp_socket_checksum_disable(socket);
        while (got.length < frames.length) got.push(text(yield* receiveBytes(socket, 20)));
        counted = [
          ip.nx_ip_udp_packets_received,
          ip.nx_ip_udp_checksum_errors,
          socket.nx_udp_socket_packets_received,
          socket.nx_udp_socket_checksum_errors,
        ];
      },
      options,
    );
    return { got, counted };
  };
  const bad = (): Uint8Array => withChecksum(datagram('bad'), 0x1234);

  it('that are wrong drop the datagram when it is received, and it counts as never received', () => {
    const { got, counted } = receive([bad(), datagram('good')]);
    assert.deepEqual(got, ['good', '0x1']);
    assert.deepEqual(counted, [1, 1, 1, 1]);
  });

  it('of zero mean that there is none', () => {
    assert.deepEqual(receive([withChecksum(datagram('unchecked'), 0)]).got, ['unchecked']);
  });

  it('are not looked at by a socket that disabled them, nor on a device with NX_DISABLE_UDP_RX_CHECKSUM', () => {
    assert.deepEqual(receive([bad()], {}, true).got, ['bad']);
    assert.deepEqual(receive([bad()], { config: { NX_DISABLE_UDP_RX_CHECKSUM: true } }).got, ['bad']);
  });

  it('of a queue are checked one after the other until one is right', () => {
    const got: string[] = [];
    withPeer([bad(), bad(), datagram('third')], function* (_network, socket) {
      yield* nx.nx_udp_socket_receive_notify(socket, null);
      // They wait in the queue before anybody looks.
      while (socket.nx_udp_socket_receive_count < 3) yield* tx_thread_sleep(1);
      got.push(text(yield* receiveBytes(socket, nx.NX_NO_WAIT)), text(yield* receiveBytes(socket, nx.NX_NO_WAIT)));
    });
    assert.deepEqual(got, ['third', '0x1']);
  });

  const emitted = (options: Partial<DeviceOptions>, disable: boolean): number | undefined => {
    const frames = withPeer(
      [],
      function* (network, socket) {
        if (disable) yield* nx.nx_udp_socket_checksum_disable(socket);
        yield* sendBytes(network, socket, Uint8Array.of(1, 2, 3), 0xffffffff, 9);
      },
      options,
    );
    const frame = frames.find((bytes) => parseUdpFrame(bytes) !== null);
    return frame === undefined ? undefined : (frame[40] ?? 0) * 256 + (frame[41] ?? 0);
  };

  it('are made unless the socket or the device does without', () => {
    const made = emitted({}, false);
    assert(made !== undefined && made !== 0);
    assert.equal(emitted({}, true), 0);
    assert.equal(emitted({ config: { NX_DISABLE_UDP_TX_CHECKSUM: true } }, false), 0);
  });
});

describe('what is on the wire', () => {
  const options: readonly (readonly [string, ULONG, ULONG, number, [number, boolean, number]])[] = [
    ['plain', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 0x80, [0, false, 0x80]],
    ['type of service', nx.NX_IP_MIN_DELAY, nx.NX_FRAGMENT_OKAY, 1, [0x10, false, 1]],
    ['not to be fragmented', nx.NX_IP_MIN_COST, nx.NX_DONT_FRAGMENT, 300, [2, true, 300 & 255]],
  ];
  for (const [name, tos, fragment, ttl, expected] of options) {
    it(`has the options of the socket: ${name}`, () => {
      const frames = withPeer([], function* (network) {
        const socket = new nx.NX_UDP_SOCKET();
        yield* nx.nx_udp_socket_create(network.ip, socket, 's', tos, fragment, ttl, 1);
        yield* nx.nx_udp_socket_bind(socket, 8, nx.NX_NO_WAIT);
        yield* sendBytes(network, socket, Uint8Array.of(1), 0xffffffff, 9);
      });
      const [header] = frames.map((bytes) => parseIpv4Header(bytes, 14, bytes.length)).filter((one) => one !== null);
      assert.deepEqual([header?.tos, header?.dontFragment, header?.ttl], expected);
    });
  }

  it('goes to everybody for a broadcast, limited or of the network', () => {
    const frames = withPeer([], function* (network, socket) {
      for (const address of [0xffffffff, nx.IP_ADDRESS(192, 168, 1, 255)]) {
        yield* sendBytes(network, socket, Uint8Array.of(1), address, 9);
      }
    });
    const sent = frames.filter((bytes) => parseUdpFrame(bytes) !== null);
    assert.equal(sent.length, 2);
    for (const frame of sent) assert.deepEqual([...frame.subarray(0, 6)], [255, 255, 255, 255, 255, 255]);
  });

  it('is whole and rightly summed for a chain of packets of odd lengths', () => {
    const frames = withPeer([], function* ({ ip, pool }, socket) {
      const [head, next] = [out<nx.NX_PACKET>(), out<nx.NX_PACKET>()];
      yield* nx.nx_packet_allocate(pool, head, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
      yield* nx.nx_packet_allocate(pool, next, 0, nx.NX_NO_WAIT);
      yield* nx.nx_packet_data_append(head.value, new Uint8Array(7).fill(3), 7, pool, nx.NX_NO_WAIT);
      yield* nx.nx_packet_data_append(next.value, new Uint8Array(90).fill(5), 90, pool, nx.NX_NO_WAIT);
      head.value.nx_packet_next = next.value;
      head.value.nx_packet_last = next.value;
      head.value.nx_packet_length = 97;
      yield* nx.nx_udp_socket_send(socket, head.value, 0xffffffff, 9);
      assert.equal(ip.nx_ip_udp_bytes_sent, 97);
    });
    const [frame] = frames.filter((bytes) => parseUdpFrame(bytes) !== null);
    assert(frame !== undefined);
    const parsed = parseUdpFrame(frame);
    assert(parsed !== null);
    assert.deepEqual([...parsed.payload], [...Array<number>(7).fill(3), ...Array<number>(90).fill(5)]);
    const again = buildUdpFrame(parsed, DEVICE_HARDWARE, { msw: 0xffff, lsw: 0xffffffff }, 1);
    assert.deepEqual(frame.slice(40, 42), again.slice(40, 42));
  });
});

describe('what is told of a datagram', () => {
  it('is its sender, its protocol and the interface it came in on', () => {
    let told: unknown = null;
    withPeer([datagram('hello')], function* (_network, socket) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      const [address, protocol, port, index] = [out<ULONG>(), out<number>(), out<number>(), out<number>()];
      yield* nx.nx_udp_packet_info_extract(cell.value, address, protocol, port, index);
      const [whole, again] = [new nx.NXD_ADDRESS(), out<number>()];
      yield* nx.nxd_udp_packet_info_extract(cell.value, whole, null, again, null);
      told = [address.value, protocol.value, port.value, index.value, whole.nxd_ip_address.v4, again.value];
      const status = yield* nx.nx_udp_source_extract(cell.value, address, port);
      assert.deepEqual([status, address.value, port.value], [nx.NX_SUCCESS, PEER, 99]);
      yield* nx.nx_packet_release(cell.value);
    });
    assert.deepEqual(told, [PEER, 17, 99, 0, PEER, 99]);
  });
});

describe('counters', () => {
  const counted = (options: Partial<DeviceOptions>) =>
    callWithUdp(
      'thread',
      function* ({ ip, bound, network, unbound }) {
        yield* nx.nx_udp_socket_bind(unbound, 8, nx.NX_NO_WAIT);
        for (const port of [7, 7, 7, 7, 7, 99]) yield* sendBytes(network, unbound, new Uint8Array(10), DEVICE, port);
        const cells = Array.from({ length: 14 }, () => out<number>());
        const at = (index: number) => cells[index] ?? null;
        yield* nx.nx_udp_info_get(ip, at(0), at(1), at(2), at(3), at(4), at(5), at(6));
        yield* nx.nx_udp_socket_info_get(bound, at(7), at(8), at(9), at(10), at(11), at(12), at(13));
        return cells.map(({ value }) => value);
      },
      options,
    );

  it('are those of what was sent, received, queued, and dropped for a full queue or for want of a port', () => {
    assert.deepEqual(counted({}), [6, 60, 6, 50, 0, 2, 0, 0, 0, 5, 50, 4, 1, 0]);
  });

  it('stay at zero with NX_DISABLE_UDP_INFO, but for what is in the queue', () => {
    const config = { NX_DISABLE_UDP_INFO: true };
    assert.deepEqual(counted({ config }), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0]);
  });
});

describe('ports', () => {
  it('that are free are found from a number on, and after the last from 0xC000 on', () => {
    const found = callWithUdp('thread', function* ({ ip, unbound }) {
      yield* nx.nx_udp_socket_bind(unbound, 65_535, nx.NX_NO_WAIT);
      const ports: number[] = [];
      for (const from of [6, 7, 65_535]) {
        const cell = out<number>();
        yield* nx.nx_udp_free_port_find(ip, from, cell);
        ports.push(cell.value);
      }
      return ports;
    });
    assert.deepEqual(found, [6, 8, 0xc000]);
  });

  it('of the stack’s choice are from 0xC000 on, and the device’s own', () => {
    const chosen = callWithUdp('thread', function* ({ ip }) {
      const ports: number[] = [];
      for (let count = 0; count < 20; count++) {
        const [socket, cell] = [new nx.NX_UDP_SOCKET(), out<number>()];
        yield* createSocket(ip, socket);
        yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, nx.NX_NO_WAIT);
        yield* nx.nx_udp_socket_port_get(socket, cell);
        ports.push(cell.value);
      }
      return ports;
    });
    assert.equal(new Set(chosen).size, 20);
    assert(chosen?.every((port) => port >= 0xc000 && port <= 0xffff));
  });

  it('go to those who wait for them in turn', () => {
    const log: string[] = [];
    callWithUdp('thread', function* ({ ip, bound }) {
      for (let number = 1; number <= 3; number++) {
        const [thread, socket] = [new TX_THREAD(), new nx.NX_UDP_SOCKET()];
        yield* createSocket(ip, socket);
        const bind = function* (): Thread {
          log.push(`${number}: ${yield* nx.nx_udp_socket_bind(socket, 7, 100)}`);
          yield* tx_thread_sleep(1);
          yield* nx.nx_udp_socket_unbind(socket);
        };
        yield* tx_thread_create(thread, 'b', bind, 0, new Uint8Array(512), 512, 3, 3, 0, TX_AUTO_START);
      }
      yield* nx.nx_udp_socket_unbind(bound);
      yield* tx_thread_sleep(10);
      log.push(String(ip.udpPorts.size));
    });
    assert.deepEqual(log, ['1: 0', '2: 0', '3: 0', '0']);
  });
});

describe('a wait for a datagram', () => {
  it('begins anew after one with a wrong checksum', () => {
    let [waited, status] = [0, -1];
    withPeer([withChecksum(datagram('bad'), 7)], function* (_network, socket) {
      const begun = yield* tx_time_get();
      status = yield* nx.nx_udp_socket_receive(socket, out(), 30);
      waited = (yield* tx_time_get()) - begun;
    });
    assert.equal(status, nx.NX_NO_PACKET);
    // The frame comes after a tick, and thirty more pass.
    assert.equal(waited, 31);
  });
});

describe('a send', () => {
  it('waits while another thread has the IP mutex', () => {
    const waited = callWithUdp('thread', function* ({ ip, bound, network }) {
      const holder = new TX_THREAD();
      const hold = function* (): Thread {
        yield* tx_mutex_get(ip.nx_ip_protection, TX_WAIT_FOREVER);
        yield* tx_thread_sleep(5);
        yield* tx_mutex_put(ip.nx_ip_protection);
      };
      yield* tx_thread_create(holder, 'holder', hold, 0, network.take(512), 512, 2, 2, 0, TX_AUTO_START);
      const begun = yield* tx_time_get();
      yield* sendBytes(network, bound, Uint8Array.of(1), 0xffffffff, 9);
      return (yield* tx_time_get()) - begun;
    });
    assert.equal(waited, 5);
  });

  it('goes through drivers that call services, and through ones that wait', () => {
    const drivers: Readonly<Record<string, (driver: nx.NetworkDriver) => nx.NetworkDriver>> = {
      'gives the packet back itself': (driver) => (request) => {
        const { nx_ip_driver_packet: packet } = request;
        return packet === null ? driver(request) : released(packet);
      },
      'takes a tick': (driver) =>
        function* (request): Thread {
          if (request.nx_ip_driver_packet !== null) yield* tx_thread_sleep(1);
          const result = driver(request);
          if (result !== undefined) yield* result;
        },
    };
    for (const [name, wrap] of Object.entries(drivers)) {
      const world = new World();
      let status = -1;
      const firmware = defineFirmware((board) => {
        const network = bootNetwork({ ...board, network_driver: wrap(board.network_driver) });
        const thread = new TX_THREAD();
        const run = function* (): Thread {
          const socket = new nx.NX_UDP_SOCKET();
          yield* createSocket(network.ip, socket);
          yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
          yield* tx_thread_sleep(2);
          status = yield* sendBytes(network, socket, Uint8Array.of(1), 0xffffffff, 9);
        };
        return {
          *tx_application_define(memory) {
            yield* network.define(memory);
            yield* tx_thread_create(thread, 'main', run, 0, network.take(1024), 1024, 4, 4, 0, TX_AUTO_START);
          },
        };
      });
      world.device('device', { firmware, lan: world.lan() });
      world.run({ until: '1s' });
      assert.equal(status, nx.NX_SUCCESS, name);
      assert.deepEqual(world.leaks(), [], name);
    }
  });
});

function* released(packet: nx.NX_PACKET): Thread {
  yield* nx.nx_packet_transmit_release(packet);
}
