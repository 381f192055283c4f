import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { out, tx_thread_terminate, tx_thread_wait_abort, tx_time_get, type TX_THREAD, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { pattern, take, withPool } from '../support/packet-bench.ts';

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

  it('waiters that time out, are aborted or end are passed over; requests and suspensions are counted', () => {
    const { log } = withPool(1, function* (pool, { log, thread }) {
      const packet = yield* take(pool);
      const waiters: TX_THREAD[] = [];
      for (const [name, wait] of Object.entries({ late: 3, aborted: nx.NX_WAIT_FOREVER, ended: 50, served: 50 })) {
        const waiter = yield* thread(name, 4, function* () {
          const status = yield* nx.nx_packet_allocate(pool, out(), 0, wait);
          log(`${name}: ${status} at ${yield* tx_time_get()}`);
        });
        waiters.push(waiter);
      }
      const [, aborted, ended] = waiters;
      assert(aborted !== undefined && ended !== undefined);
      yield* tx_thread_wait_abort(aborted);
      yield* tx_thread_terminate(ended);
      assert.equal(yield* nx.nx_packet_allocate(pool, out(), 0, 5), nx.NX_NO_PACKET);
      assert.equal(yield* nx.nx_packet_allocate(pool, out(), 0, nx.NX_NO_WAIT), nx.NX_NO_PACKET);
      assert.equal(pool.nx_packet_pool_suspended_count, 1);
      yield* nx.nx_packet_release(packet);
      assert.equal(pool.nx_packet_pool_available, 0);
      assert.equal(pool.nx_packet_pool_empty_requests, 6);
      assert.equal(pool.nx_packet_pool_empty_suspensions, 5);
    });
    assert.deepEqual(log, ['aborted: 26 at 0', 'late: 1 at 3', 'served: 0 at 5']);
  });

  it('an append that waits for packets leaves its packet as it is until all of them are there', () => {
    const { log } = withPool(3, function* (pool, { log, thread }) {
      const [packet, other] = [yield* take(pool), yield* take(pool)];
      yield* thread('appender', 4, function* () {
        const status = yield* nx.nx_packet_data_append(packet, pattern(300), 300, pool, 100);
        log(`${status}: ${packet.nx_packet_length} bytes`);
      });
      assert.equal(pool.nx_packet_pool_available, 0);
      assert.equal(packet.nx_packet_next, null);
      yield* nx.nx_packet_release(other);
      assert.deepEqual(nx.packetBytes(packet), pattern(300));
      yield* nx.nx_packet_release(packet);
      assert.equal(pool.nx_packet_pool_available, 3);
    });
    assert.deepEqual(log, ['0: 300 bytes']);
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

  it('the memory of a deleted pool can be that of another', () => {
    withPool(2, function* (pool) {
      const { nx_packet_pool_start: memory, nx_packet_pool_size: size } = pool;
      const other = new nx.NX_PACKET_POOL();
      assert.equal(yield* nx.nx_packet_pool_create(other, 'other', 64, memory, size), nx.NX_PTR_ERROR);
      yield* nx.nx_packet_pool_delete(pool);
      assert.equal(yield* nx.nx_packet_pool_create(other, 'other', 64, memory, size), nx.NX_SUCCESS);
      assert.equal(other.nx_packet_pool_total, Math.floor(size / (nx.NX_PACKET.sizeof + 64)));
    });
  });

  it('tell what they have and what was asked of them', () => {
    withPool(2, function* (pool) {
      const [first, second] = [yield* take(pool), yield* take(pool)];
      yield* nx.nx_packet_allocate(pool, out(), 0, nx.NX_NO_WAIT);
      yield* nx.nx_packet_release(first);
      yield* nx.nx_packet_release(first);
      const cells = Array.from({ length: 5 }, () => out<ULONG>());
      const [total, free, requests, suspensions, invalid] = cells;
      assert(total && free && requests && suspensions && invalid);
      yield* nx.nx_packet_pool_info_get(pool, total, free, requests, suspensions, invalid);
      assert.deepEqual(
        cells.map((cell) => cell.value),
        [2, 1, 1, 0, 1],
      );
      yield* nx.nx_packet_release(second);
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
