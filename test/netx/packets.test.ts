import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { World, defineFirmware, describeLeak } from 'txsim';
import { out, type Op, type Thread, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { runOnDevice, type Bench } from '../support/one-device.ts';

const PAYLOAD = 128;

/** Runs a thread with a pool of a few packets. */
function withPool(
  packets: number,
  body: (pool: nx.NX_PACKET_POOL, bench: Bench) => Thread,
): ReturnType<typeof runOnDevice> {
  return runOnDevice(function* (bench) {
    const pool = new nx.NX_PACKET_POOL();
    const size = packets * (nx.NX_PACKET.sizeof + PAYLOAD);
    const status = yield* nx.nx_packet_pool_create(pool, 'pool', PAYLOAD, bench.memory(size), size);
    assert.equal(status, nx.NX_SUCCESS);
    yield* bench.thread('main', 5, () => body(pool, bench));
  });
}

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index & 255);

describe('packet pools', () => {
  it('hold as many packets as fit, hand out the one released last, and count', () => {
    withPool(3, function* (pool) {
      assert.equal(pool.nx_packet_pool_total, 3);
      const [first, second] = [out<nx.NX_PACKET>(), out<nx.NX_PACKET>()];
      yield* nx.nx_packet_allocate(pool, first, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
      assert.equal(pool.nx_packet_pool_available, 2);
      const packet = first.value;
      assert.equal(packet.nx_packet_prepend_ptr - packet.nx_packet_data_start, nx.NX_UDP_PACKET);
      yield* nx.nx_packet_release(packet);
      yield* nx.nx_packet_allocate(pool, second, nx.NX_RECEIVE_PACKET, nx.NX_NO_WAIT);
      assert.equal(second.value, packet);
      yield* nx.nx_packet_release(packet);
      assert.equal(pool.nx_packet_pool_available, 3);
    });
  });

  it('a waiting thread gets the packet that is released first, with the room it asked for', () => {
    const { log } = withPool(1, function* (pool, { log, thread }) {
      const mine = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(pool, mine, 0, nx.NX_NO_WAIT);
      for (const [name, type] of [
        ['first', 44],
        ['second', 16],
      ] as const) {
        yield* thread(name, 4, function* () {
          const theirs = out<nx.NX_PACKET>();
          const status = yield* nx.nx_packet_allocate(pool, theirs, type, 100);
          const room = theirs.value.nx_packet_prepend_ptr - theirs.value.nx_packet_data_start;
          log(`${name}: status ${status}, room ${room}`);
          yield* nx.nx_packet_release(theirs.value);
        });
      }
      assert.equal(pool.nx_packet_pool_suspended_count, 2);
      yield* nx.nx_packet_release(mine.value);
      assert.equal(pool.nx_packet_pool_empty_requests, 2);
      assert.equal(pool.nx_packet_pool_empty_suspensions, 2);
    });
    assert.deepEqual(log, ['first: status 0, room 44', 'second: status 0, room 16']);
  });

  it('deleting a pool ends the waits for it', () => {
    const { log } = withPool(1, function* (pool, { log, thread }) {
      yield* nx.nx_packet_allocate(pool, out(), 0, nx.NX_NO_WAIT);
      yield* thread('waiter', 4, function* () {
        log(`0x${(yield* nx.nx_packet_allocate(pool, out(), 0, nx.NX_WAIT_FOREVER)).toString(16)}`);
      });
      yield* nx.nx_packet_pool_delete(pool);
    });
    assert.deepEqual(log, ['0x30']);
  });
});

describe('packet statuses', () => {
  type Case = readonly [string, (pool: nx.NX_PACKET_POOL, packet: nx.NX_PACKET) => Op<number>, number];
  const data = pattern(10);
  const cases: readonly Case[] = [
    ['allocate, bad pool', () => nx.nx_packet_allocate(new nx.NX_PACKET_POOL(), out(), 0, 0), nx.NX_PTR_ERROR],
    ['allocate, type no multiple of 4', (pool) => nx.nx_packet_allocate(pool, out(), 3, 0), nx.NX_OPTION_ERROR],
    [
      'allocate, type beyond the payload',
      (pool) => nx.nx_packet_allocate(pool, out(), 256, 0),
      nx.NX_INVALID_PARAMETERS,
    ],
    ['append, no data', (pool, packet) => nx.nx_packet_data_append(packet, data, 0, pool, 0), nx.NX_SIZE_ERROR],
    ['append, NULL', (pool) => nx.nx_packet_data_append(null, data, 1, pool, 0), nx.NX_PTR_ERROR],
    [
      'append more than the pool has',
      (pool, packet) => nx.nx_packet_data_append(packet, pattern(1000), 1000, pool, 0),
      nx.NX_NO_PACKET,
    ],
    ['copy, empty', (pool, packet) => nx.nx_packet_copy(packet, out(), pool, 0), nx.NX_INVALID_PACKET],
    ['length, NULL', () => nx.nx_packet_length_get(null, out()), nx.NX_PTR_ERROR],
    ['retrieve, NULL', (_pool, packet) => nx.nx_packet_data_retrieve(packet, null, out()), nx.NX_PTR_ERROR],
    [
      'extract behind the end',
      (_pool, packet) => nx.nx_packet_data_extract_offset(packet, 5, new Uint8Array(4), 4, out()),
      nx.NX_PACKET_OFFSET_ERROR,
    ],
    [
      'extract from an empty packet',
      (_pool, packet) => nx.nx_packet_data_extract_offset(packet, 0, new Uint8Array(4), 4, out()),
      nx.NX_SUCCESS,
    ],
    ['release, NULL', () => nx.nx_packet_release(null), nx.NX_PTR_ERROR],
  ];
  for (const [name, call, expected] of cases) {
    it(name, () => {
      withPool(3, function* (pool) {
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
        assert.equal(yield* call(pool, cell.value), expected);
        yield* nx.nx_packet_release(cell.value);
        assert.equal(pool.nx_packet_pool_available, 3);
      });
    });
  }

  it('pointers out of the payload', () => {
    withPool(1, function* (pool) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(pool, cell, 0, nx.NX_NO_WAIT);
      cell.value.nx_packet_prepend_ptr = cell.value.nx_packet_data_start - 1;
      assert.equal(yield* nx.nx_packet_release(cell.value), nx.NX_UNDERFLOW);
      cell.value.nx_packet_prepend_ptr = cell.value.nx_packet_data_start;
      cell.value.nx_packet_append_ptr = cell.value.nx_packet_data_end + 1;
      assert.equal(yield* nx.nx_packet_release(cell.value), nx.NX_OVERFLOW);
    });
  });
});

describe('packet data', () => {
  it('what is appended in any pieces is retrieved, extracted and copied, over as many packets as it takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
        fc.nat(2000),
        fc.integer({ min: 1, max: 500 }),
        (pieces, offset, length) => {
          withPool(40, function* (pool) {
            const cell = out<nx.NX_PACKET>();
            yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
            const whole = pattern(pieces.reduce((sum, size) => sum + size, 0));
            let at = 0;
            for (const size of pieces) {
              const piece = whole.subarray(at, at + size);
              assert.equal(yield* nx.nx_packet_data_append(cell.value, piece, size, pool, 0), nx.NX_SUCCESS);
              at += size;
            }
            const copy = out<nx.NX_PACKET>();
            assert.equal(yield* nx.nx_packet_copy(cell.value, copy, pool, 0), nx.NX_SUCCESS);
            for (const packet of [cell.value, copy.value]) {
              const total = out<ULONG>();
              yield* nx.nx_packet_length_get(packet, total);
              assert.equal(total.value, whole.length);
              const buffer = new Uint8Array(whole.length);
              yield* nx.nx_packet_data_retrieve(packet, buffer, out());
              assert.deepEqual(buffer, whole);
              const part = new Uint8Array(length);
              const copied = out<ULONG>();
              const status = yield* nx.nx_packet_data_extract_offset(packet, offset, part, length, copied);
              if (offset < whole.length) {
                const expected = whole.subarray(offset, offset + length);
                assert.deepEqual(part.subarray(0, copied.value), expected);
              } else {
                assert.equal(status, nx.NX_PACKET_OFFSET_ERROR);
              }
              yield* nx.nx_packet_release(packet);
            }
            assert.equal(pool.nx_packet_pool_available, pool.nx_packet_pool_total);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('ownership', () => {
  const leaking = defineFirmware(() => ({
    *tx_application_define(memory) {
      const pool = new nx.NX_PACKET_POOL();
      yield* nx.nx_packet_pool_create(pool, 'small pool', 256, memory.subarray(0, 4096), 4096);
      for (let count = 0; count < 2; count++) yield* nx.nx_packet_allocate(pool, out(), 0, nx.NX_NO_WAIT);
    },
  }));

  it('a packet that nobody released is reported with the file and line that allocated it', () => {
    const world = new World();
    world.device('leaky', { firmware: leaking });
    world.run();
    const [leak, ...others] = world.leaks();
    assert.deepEqual(others, []);
    assert.equal(leak?.count, 2);
    const text = describeLeak(leak);
    assert.match(
      text,
      /^2 packets of pool 'small pool' of device 'leaky', from nx_packet_allocate\(\) in thread 'init'/,
    );
    assert.match(text, /packets\.test\.ts:\d+$/);
  });

  it('a double release gives NX_PTR_ERROR, and the trace names all three places', () => {
    const misuses: string[] = [];
    const world = new World({ captureSites: true });
    world.trace.listen(({ event }) => {
      if (event.type === 'packet-misuse' && event.kind === 'double-release')
        misuses.push(event.allocated, event.released, event.again);
    });
    const firmware = defineFirmware(() => ({
      *tx_application_define(memory) {
        const pool = new nx.NX_PACKET_POOL();
        yield* nx.nx_packet_pool_create(pool, 'pool', 256, memory.subarray(0, 4096), 4096);
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(pool, cell, 0, nx.NX_NO_WAIT);
        assert.equal(yield* nx.nx_packet_release(cell.value), nx.NX_SUCCESS);
        assert.equal(yield* nx.nx_packet_release(cell.value), nx.NX_PTR_ERROR);
        assert.equal(pool.nx_packet_pool_invalid_releases, 1);
      },
    }));
    world.device('device', { firmware });
    world.run();
    assert.equal(misuses.length, 3);
    for (const place of misuses) assert.match(place, /^nx_packet_(allocate|release)\(\).*packets\.test\.ts:\d+$/);
  });
});
