import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World, defineFirmware, describeLeak } from 'txsim';
import * as nx from 'txsim/nx_api';
import { out, TX_AUTO_START, TX_THREAD, tx_thread_create, tx_thread_sleep, type Op, type Thread } from 'txsim/tx_api';
import { bootNetwork } from '../support/dtls-firmware.ts';
import { pattern, take } from '../support/packet-bench.ts';

/** Runs a thread on a device with a network on which nobody else is. */
function runAlone(
  body: (pool: nx.NX_PACKET_POOL, socket: nx.NX_UDP_SOCKET, ip: nx.NX_IP) => Thread,
  until = '1s',
): World {
  const world = new World();
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board, 10, 256);
    const socket = new nx.NX_UDP_SOCKET();
    function* entry(): Thread {
      yield* nx.nx_udp_socket_create(network.ip, socket, 'socket', 0, 0, 0x80, 4);
      yield* nx.nx_udp_socket_bind(socket, 5000, nx.NX_NO_WAIT);
      yield* body(network.pool, socket, network.ip);
    }
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, network.take(512), 512, 5, 5, 0, TX_AUTO_START);
      },
    };
  });
  world.device('device', { firmware, lan: world.lan() });
  world.run({ until });
  return world;
}

/** An address at which nobody answers. */
const NOBODY = nx.IP_ADDRESS(192, 168, 1, 77);
/** Where these tests' firmware calls services. */
const PLACE = String.raw`file:\/\/\S+packets-ownership\.test\.ts:\d+`;

/** That a run has one note on a packet, and that it reads so. */
function assertNote(world: World, pattern: string): void {
  const notes = world.notes();
  assert.equal(notes.length, 1);
  assert.equal(notes[0]?.kind, 'packet-misuse');
  assert.match(notes[0].text, new RegExp(pattern));
}

describe('leaks', () => {
  it('are told with the file and line that allocated the packets', () => {
    const firmware = defineFirmware(() => ({
      *tx_application_define(memory) {
        const pool = new nx.NX_PACKET_POOL();
        yield* nx.nx_packet_pool_create(pool, 'small pool', 256, memory.subarray(0, 4096), 4096);
        for (let count = 0; count < 2; count++) yield* nx.nx_packet_allocate(pool, out(), 0, nx.NX_NO_WAIT);
      },
    }));
    const world = new World();
    world.device('leaky', { firmware });
    world.run();
    const [leak, ...others] = world.leaks();
    assert.deepEqual(others, []);
    assert.equal(leak?.count, 2);
    const text = describeLeak(leak);
    assert.match(
      text,
      /^2 packets of pool 'small pool' of device 'leaky', from nx_packet_allocate\(\) in thread 'init'/,
    );
    assert.match(text, /packets-ownership\.test\.ts:\d+$/);
  });

  it('count each packet of a chain for the call that made the chain', () => {
    const world = runAlone(function* (pool) {
      const packet = yield* take(pool);
      yield* nx.nx_packet_data_append(packet, pattern(600), 600, pool, nx.NX_NO_WAIT);
    });
    const [first, second, ...others] = world.leaks();
    assert.deepEqual(others, []);
    assert.deepEqual([first?.service, first?.count], ['nx_packet_allocate', 1]);
    assert.deepEqual([second?.service, second?.count], ['nx_packet_data_append', 2]);
    assert.notEqual(first?.site, second?.site);
  });

  it('of a received chain are the receiver’s, all of it', () => {
    const world = runAlone(function* (pool, socket, ip) {
      const packet = yield* take(pool, nx.NX_UDP_PACKET);
      yield* nx.nx_packet_data_append(packet, pattern(400), 400, pool, nx.NX_NO_WAIT);
      yield* nx.nx_udp_socket_send(socket, packet, ip.nx_ip_interface[0]?.nx_interface_ip_address ?? 0, 5000);
      yield* nx.nx_udp_socket_receive(socket, out(), 100);
    });
    const [leak, ...others] = world.leaks();
    assert.deepEqual(others, []);
    assert.deepEqual([leak?.service, leak?.count, leak?.thread], ['nx_udp_socket_receive', 2, 'main']);
  });

  it('are none where packets are with the stack', () => {
    const world = runAlone(function* (pool, socket) {
      const packet = yield* take(pool, nx.NX_UDP_PACKET);
      assert.equal(yield* nx.nx_udp_socket_send(socket, packet, NOBODY, 5000), nx.NX_SUCCESS);
      assert.equal(pool.nx_packet_pool_available, 9);
    });
    assert.deepEqual(world.leaks(), []);
  });
});

describe('a packet that is released twice', () => {
  it('gives NX_PTR_ERROR and is counted, and the note names all three places', () => {
    const world = runAlone(function* (pool) {
      const packet = yield* take(pool);
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_SUCCESS);
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_PTR_ERROR);
      assert.equal(pool.nx_packet_pool_invalid_releases, 1);
    });
    const release = String.raw`nx_packet_release\(\) in thread 'main' at ${PLACE}`;
    assertNote(world, `was released twice: first by ${release}, again by ${release}; it came from nx_packet_allocate`);
  });

  it('within a chain, ends the release of the chain there', () => {
    const world = runAlone(function* (pool) {
      const packet = yield* take(pool);
      yield* nx.nx_packet_data_append(packet, pattern(600), 600, pool, nx.NX_NO_WAIT);
      const second = packet.nx_packet_next;
      assert(second !== null);
      yield* nx.nx_packet_release(second);
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_PTR_ERROR);
      assert.equal(pool.nx_packet_pool_available, 10);
    });
    assert.equal(world.notes().length, 1);
  });
});

type Use = (packet: nx.NX_PACKET, pool: nx.NX_PACKET_POOL, socket: nx.NX_UDP_SOCKET) => Op<number>;

const uses: Readonly<Record<string, readonly [call: Use, afterRelease: number]>> = {
  nx_packet_data_append: [(packet, pool) => nx.nx_packet_data_append(packet, pattern(4), 4, pool, 0), nx.NX_SUCCESS],
  nx_packet_data_retrieve: [(packet) => nx.nx_packet_data_retrieve(packet, new Uint8Array(256), out()), nx.NX_SUCCESS],
  nx_packet_data_extract_offset: [
    (packet) => nx.nx_packet_data_extract_offset(packet, 1, new Uint8Array(4), 4, out()),
    nx.NX_SUCCESS,
  ],
  nx_packet_data_adjust: [(packet) => nx.nx_packet_data_adjust(packet, 4), nx.NX_SUCCESS],
  nx_packet_length_get: [(packet) => nx.nx_packet_length_get(packet, out()), nx.NX_SUCCESS],
  nx_udp_socket_send: [(packet, _pool, socket) => nx.nx_udp_socket_send(socket, packet, NOBODY, 1), nx.NX_PTR_ERROR],
};

describe('a packet that was released', () => {
  for (const [service, [call, expected]] of Object.entries(uses)) {
    it(`is reported by ${service}, which does what C would`, () => {
      const world = runAlone(function* (pool, socket) {
        const packet = yield* take(pool, nx.NX_UDP_PACKET);
        yield* nx.nx_packet_data_append(packet, pattern(20), 20, pool, nx.NX_NO_WAIT);
        yield* nx.nx_packet_release(packet);
        assert.equal(yield* call(packet, pool, socket), expected);
      });
      const released = String.raw`nx_packet_release\(\) in thread 'main' at ${PLACE}`;
      const used = String.raw`${service}\(\) in thread 'main' at ${PLACE}`;
      assertNote(
        world,
        `used after its release: released by ${released}, used by ${used}; it came from nx_packet_allocate`,
      );
    });
  }
});

describe('a packet that was sent', () => {
  for (const [service, [call]] of Object.entries(uses)) {
    it(`is the stack's, and ${service} reports it`, () => {
      const world = runAlone(function* (pool, socket) {
        const packet = yield* take(pool, nx.NX_UDP_PACKET);
        yield* nx.nx_packet_data_append(packet, pattern(20), 20, pool, nx.NX_NO_WAIT);
        yield* nx.nx_udp_socket_send(socket, packet, NOBODY, 5000);
        yield* call(packet, pool, socket);
      });
      const sent = String.raw`nx_udp_socket_send\(\) in thread 'main' at ${PLACE}`;
      assertNote(world, `was used while it was the stack's: given to the stack by ${sent}.*in ${service}\\(\\)`);
    });
  }

  it('and released by the driver meanwhile, is reported with the sending that gave it away', () => {
    const world = runAlone(function* (pool, socket) {
      const packet = yield* take(pool, nx.NX_UDP_PACKET);
      const everybody = nx.IP_ADDRESS(255, 255, 255, 255);
      yield* nx.nx_packet_data_append(packet, pattern(20), 20, pool, nx.NX_NO_WAIT);
      yield* tx_thread_sleep(1);
      assert.equal(yield* nx.nx_udp_socket_send(socket, packet, everybody, 5000), nx.NX_SUCCESS);
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_PTR_ERROR);
    });
    assertNote(
      world,
      String.raw`first by nx_udp_socket_send\(\) in thread 'main' at ${PLACE}, again by nx_packet_release`,
    );
  });
});

describe('a driver of the firmware’s own', () => {
  it('holds the packet of a send request: it reads it and releases it, and nothing is reported', () => {
    const frames: number[] = [];
    const world = new World();
    const firmware = defineFirmware((board) => {
      const [pool, ip, socket] = [new nx.NX_PACKET_POOL(), new nx.NX_IP(), new nx.NX_UDP_SOCKET()];
      function* driver(request: nx.NX_IP_DRIVER): Thread {
        const { nx_ip_driver_packet: packet, nx_ip_driver_interface: networkInterface } = request;
        if (request.nx_ip_driver_command === nx.NX_LINK_INITIALIZE) networkInterface.nx_interface_ip_mtu_size = 200;
        if (request.nx_ip_driver_command === nx.NX_LINK_ENABLE) networkInterface.nx_interface_link_up = 1;
        if (packet === null) return;
        const size = out<number>();
        yield* nx.nx_packet_data_retrieve(packet, new Uint8Array(256), size);
        frames.push(size.value);
        assert.equal(yield* nx.nx_packet_transmit_release(packet), nx.NX_SUCCESS);
      }
      function* entry(): Thread {
        yield* nx.nx_udp_socket_create(ip, socket, 'socket', 0, 0, 0x80, 4);
        yield* nx.nx_udp_socket_bind(socket, 5000, nx.NX_NO_WAIT);
        const packet = yield* take(pool, nx.NX_UDP_PACKET);
        yield* nx.nx_packet_data_append(packet, pattern(20), 20, pool, nx.NX_NO_WAIT);
        yield* nx.nx_udp_socket_send(socket, packet, nx.IP_ADDRESS(255, 255, 255, 255), 5000);
        assert.equal(pool.nx_packet_pool_available, pool.nx_packet_pool_total);
      }
      return {
        *tx_application_define(memory) {
          const [packets, stack, other] = [
            memory.subarray(0, 4000),
            memory.subarray(4000, 6000),
            memory.subarray(6000),
          ];
          const { ip_address, network_mask } = board;
          yield* nx.nx_packet_pool_create(pool, 'pool', 256, packets, 4000);
          yield* nx.nx_ip_create(ip, 'IP thread', ip_address, network_mask, pool, driver, stack, 2000, 1);
          yield* nx.nx_udp_enable(ip);
          yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, other, 512, 5, 5, 0, TX_AUTO_START);
        },
      };
    });
    world.device('device', { firmware });
    world.run({ until: '1s' });
    assert.deepEqual(frames, [48]);
    assert.deepEqual(world.notes(), []);
    assert.deepEqual(world.leaks(), []);
  });
});

describe('a packet without room for the headers', () => {
  it('gives NX_UNDERFLOW, stays the caller’s, and the note names its type and the one it takes', () => {
    const world = runAlone(function* (pool, socket) {
      const packet = yield* take(pool, nx.NX_RECEIVE_PACKET);
      yield* nx.nx_packet_data_append(packet, pattern(20), 20, pool, nx.NX_NO_WAIT);
      assert.equal(yield* nx.nx_udp_socket_send(socket, packet, NOBODY, 5000), nx.NX_UNDERFLOW);
      // What the note says to do.
      assert.equal(yield* nx.nx_packet_data_adjust(packet, nx.NX_UDP_PACKET), nx.NX_SUCCESS);
      assert.equal(yield* nx.nx_udp_socket_send(socket, packet, NOBODY, 5000), nx.NX_SUCCESS);
    });
    assertNote(
      world,
      String.raw`allocated with packet type NX_RECEIVE_PACKET \(0 bytes\), it has 0 bytes left before its payload, and nx_udp_socket_send\(\) in thread 'main' at ${PLACE} needs \d+; it came from nx_packet_allocate\(\).*: allocate it with NX_UDP_PACKET, or`,
    );
  });
});
