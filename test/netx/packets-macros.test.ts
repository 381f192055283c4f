import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defineFirmware, World, type TraceRecord } from 'txsim';
import * as nx from 'txsim/nx_api';
import {
  out,
  TX_AUTO_START,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import { bootNetwork, type TestNetwork } from '../support/dtls-firmware.ts';
import { runOnDevice } from '../support/one-device.ts';
import { pattern, PAYLOAD, take, withPool } from '../support/packet-bench.ts';

type Config = Readonly<Record<string, number | boolean>>;

describe('the layout of a pool', () => {
  it('has the packets that fit, apart from each other and aligned, for any memory and alignment', () => {
    const alignments = fc.constantFrom(4, 8, 16, 32, 64);
    fc.assert(
      fc.property(
        alignments,
        fc.nat(70),
        fc.nat(4000),
        fc.integer({ min: 1, max: 500 }),
        (align, at, size, payload) => {
          runOnDevice(
            function* () {
              const pool = new nx.NX_PACKET_POOL();
              const memory = new Uint8Array(5000).subarray(at, at + size);
              const status = yield* nx.nx_packet_pool_create(pool, 'pool', payload, memory, size);
              const needed = Math.ceil((60 + payload) / align) * align;
              if (size >= needed + 2 * align) assert.equal(status, nx.NX_SUCCESS);
              assert.equal(status, pool.nx_packet_pool_total > 0 ? nx.NX_SUCCESS : nx.NX_SIZE_ERROR);
              assert.equal(pool.nx_packet_pool_available, pool.nx_packet_pool_total);
              const packets: nx.NX_PACKET[] = [];
              while (pool.nx_packet_pool_available > 0) packets.push(yield* take(pool));
              let end = 0;
              for (const packet of packets) {
                assert.equal((at + packet.nx_packet_data_start) % align, 0);
                assert(packet.nx_packet_data_start >= end + nx.NX_PACKET.sizeof);
                assert(packet.nx_packet_data_end - packet.nx_packet_data_start >= payload);
                end = packet.nx_packet_data_end;
              }
              assert(end <= size);
              if (packets.length > 0) assert(size - end < needed + 2 * align);
            },
            { config: { NX_PACKET_ALIGNMENT: align } },
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes the size that an NX_PACKET has with the macros of the device', () => {
    const sizes: readonly (readonly [Config, number])[] = [
      [{}, 60],
      [{ NX_DISABLE_PACKET_CHAIN: true }, 52],
      [{ NX_DISABLE_IPV6: true }, 56],
      [{ NX_DISABLE_FRAGMENTATION: true }, 56],
      [{ NX_ENABLE_INTERFACE_CAPABILITY: true }, 64],
      [{ NX_ENABLE_PACKET_DEBUG_INFO: true }, 72],
    ];
    for (const [config, size] of sizes) {
      runOnDevice(
        function* () {
          const pool = new nx.NX_PACKET_POOL();
          yield* nx.nx_packet_pool_create(pool, 'pool', 100, new Uint8Array(1000), 2 * (size + 100));
          assert.equal(pool.nx_packet_pool_total, 2);
          assert.equal((yield* take(pool)).nx_packet_data_start, size);
        },
        { config },
      );
    }
  });
});

describe('NX_DISABLE_IPV6', () => {
  it('makes the general packet types those of IPv4, in the board’s configuration', () => {
    const types = (config: Config): readonly number[] => {
      const found: number[] = [];
      runOnDevice(
        function* ({ board }) {
          yield* nx.nx_system_initialize();
          found.push(board.config.NX_IP_PACKET, board.config.NX_UDP_PACKET, board.config.NX_TCP_PACKET);
        },
        { config },
      );
      return found;
    };
    assert.deepEqual(types({}), [nx.NX_IP_PACKET, nx.NX_UDP_PACKET, nx.NX_TCP_PACKET]);
    assert.deepEqual(types({}), [56, 64, 76]);
    assert.deepEqual(types({ NX_DISABLE_IPV6: true }), [36, 44, 56]);
  });
});

describe('NX_DISABLE_PACKET_CHAIN', () => {
  it('an append that does not fit changes nothing', () => {
    withPool(
      3,
      function* (pool) {
        const packet = yield* take(pool);
        assert.equal(yield* nx.nx_packet_data_append(packet, pattern(PAYLOAD), PAYLOAD, pool, 0), nx.NX_SUCCESS);
        assert.equal(yield* nx.nx_packet_data_append(packet, pattern(1), 1, pool, 0), nx.NX_SIZE_ERROR);
        assert.deepEqual(nx.packetBytes(packet), pattern(PAYLOAD));
        yield* nx.nx_packet_release(packet);
        assert.equal(pool.nx_packet_pool_available, 3);
      },
      { NX_DISABLE_PACKET_CHAIN: true },
    );
  });
});

describe('a packet that an upper layer keeps', () => {
  it('is marked as sent by transmit_release and loses its IP header; then it can be released', () => {
    withPool(1, function* (pool) {
      const packet = yield* take(pool, nx.NX_IP_PACKET);
      const { nx_packet_union_next: links } = packet;
      assert.equal(links.nx_packet_tcp_queue_next, nx.NX_PACKET_ALLOCATED);
      yield* nx.nx_packet_data_append(packet, pattern(40), 40, pool, 0);
      packet.nx_packet_ip_header_length = 20;
      links.nx_packet_tcp_queue_next = nx.NX_PACKET_ENQUEUED;
      assert.equal(yield* nx.nx_packet_transmit_release(packet), nx.NX_SUCCESS);
      assert.equal(packet.nx_packet_queue_next, nx.NX_DRIVER_TX_DONE);
      assert.deepEqual(nx.packetBytes(packet), pattern(20, 20));
      assert.equal(packet.nx_packet_length, 20);
      assert.equal(pool.nx_packet_pool_available, 0);
      links.nx_packet_tcp_queue_next = nx.NX_PACKET_ALLOCATED;
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_SUCCESS);
      assert.equal(links.nx_packet_tcp_queue_next, nx.NX_PACKET_FREE);
      assert.equal(pool.nx_packet_pool_available, 1);
    });
  });
});

/** Two devices, of which the one with the macros is told to do something. */
function withNeighbour(
  config: Config,
  body: (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Thread,
  neighbour: (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Thread,
  listen: (record: TraceRecord) => void = () => {},
): World {
  const world = new World();
  world.trace.listen(listen, { detail: true });
  const lan = world.lan();
  const firmware = (run: typeof body): ReturnType<typeof defineFirmware> =>
    defineFirmware((board) => {
      const network = bootNetwork(board, 12, 256);
      const socket = new nx.NX_UDP_SOCKET();
      function* entry(): Thread {
        yield* nx.nx_udp_socket_create(network.ip, socket, 'socket', 0, 0, 0x80, 20);
        yield* nx.nx_udp_socket_bind(socket, 5000, nx.NX_NO_WAIT);
        yield* run(network, socket);
      }
      return {
        *tx_application_define(memory) {
          yield* network.define(memory);
          yield* nx.nx_icmp_enable(network.ip);
          yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, network.take(512), 512, 5, 5, 0, TX_AUTO_START);
        },
      };
    });
  world.device('device', { firmware: firmware(body), lan, address: '192.168.1.10', config });
  world.device('neighbour', { firmware: firmware(neighbour), lan });
  world.run({ until: '5s' });
  return world;
}

/** Sends datagrams to the device. */
const sending = (count: number, port: number) =>
  function* ({ pool }: TestNetwork, socket: nx.NX_UDP_SOCKET): Thread {
    yield* tx_thread_sleep(10);
    for (let sent = 0; sent < count; sent++) {
      const packet = yield* take(pool, nx.NX_UDP_PACKET);
      yield* nx.nx_packet_data_append(packet, pattern(20), 20, pool, nx.NX_NO_WAIT);
      yield* nx.nx_udp_socket_send(socket, packet, nx.IP_ADDRESS(192, 168, 1, 10), port);
      yield* tx_thread_sleep(2);
    }
  };

describe('NX_ENABLE_LOW_WATERMARK', () => {
  for (const [mark, queued] of [
    [0, 10],
    [8, 4],
  ] as const) {
    it(`with a mark of ${mark}, ${queued} of 10 datagrams are queued in a pool of 12`, () => {
      let [received, dropped] = [0, 0];
      const world = withNeighbour(
        { NX_ENABLE_LOW_WATERMARK: true },
        function* ({ pool, ip }, socket) {
          yield* nx.nx_packet_pool_low_watermark_set(pool, mark);
          yield* tx_thread_sleep(200);
          received = socket.nx_udp_socket_receive_count;
          dropped = ip.nx_ip_udp_receive_packets_dropped;
        },
        sending(10, 5000),
      );
      assert.deepEqual([received, dropped], [queued, 10 - queued]);
      assert.deepEqual(world.leaks(), []);
    });
  }
});

describe('NX_ENABLE_DUAL_PACKET_POOL', () => {
  /** The pools from which the device's stack took packets to say that nobody has a port. */
  function poolsUsed(drained: boolean): readonly string[] {
    const used: string[] = [];
    withNeighbour(
      { NX_ENABLE_DUAL_PACKET_POOL: true },
      function* ({ ip, pool, take: memory }) {
        const auxiliary = new nx.NX_PACKET_POOL();
        assert.equal(ip.nx_ip_auxiliary_packet_pool, pool);
        yield* nx.nx_packet_pool_create(auxiliary, 'small', PAYLOAD, memory(400), 400);
        assert.equal(yield* nx.nx_ip_auxiliary_packet_pool_set(ip, auxiliary), nx.NX_SUCCESS);
        assert.equal(ip.nx_ip_auxiliary_packet_pool, auxiliary);
        while (drained && auxiliary.nx_packet_pool_available > 0) yield* take(auxiliary);
        yield* tx_thread_sleep(200);
      },
      sending(2, 4999),
      ({ device, thread, event }) => {
        if (device === 'device' && thread === 'IP thread' && event.type === 'packet-allocated') used.push(event.pool);
      },
    );
    return used;
  }

  it('ICMP takes its packets from the auxiliary pool', () => {
    assert.deepEqual(poolsUsed(false), ['small', 'small']);
  });

  it('and from the default pool when that is empty', () => {
    assert.deepEqual(poolsUsed(true), ['pool', 'pool']);
  });
});

describe('NX_ENABLE_PACKET_DEBUG_INFO', () => {
  it('tells of any packet its state, its thread, and the file and line or the queue', () => {
    const info = function* (
      pool: nx.NX_PACKET_POOL,
      index: number,
    ): Generator<Suspension, readonly unknown[], unknown> {
      const [packet, status, thread, file, line] = [
        out<nx.NX_PACKET>(),
        out<ULONG>(),
        out<string>(),
        out<string>(),
        out<ULONG>(),
      ];
      yield* nx.nx_packet_debug_info_get(pool, index, packet, status, thread, file, line);
      return [packet.value, status.value, thread.value, file.value.replace(/^.*\//, ''), line.value > 0];
    };
    withNeighbour(
      { NX_ENABLE_PACKET_DEBUG_INFO: true },
      function* ({ pool }, socket) {
        const [first, second] = [yield* take(pool), yield* take(pool)];
        yield* nx.nx_packet_release(first);
        const file = 'packets-macros.test.ts';
        const support = 'packet-bench.ts';
        assert.deepEqual(yield* info(pool, 0), [first, nx.NX_PACKET_FREE, 'main', file, true]);
        assert.deepEqual(yield* info(pool, 1), [second, nx.NX_PACKET_ALLOCATED, 'main', support, true]);
        yield* tx_thread_sleep(200);
        const queued = yield* info(
          pool,
          pool.packets.findIndex((packet) => packet === socket.queue.first),
        );
        assert.deepEqual(queued.slice(1), [nx.NX_PACKET_ALLOCATED, 'ISR', nx.NX_PACKET_UDP_RECEIVE_QUEUE, false]);
      },
      sending(1, 5000),
    );
  });
});
