import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as tx from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

describe('block pools', () => {
  it('blocks are views of the pool’s memory, of one size, and never overlap', () => {
    runOnDevice(function* ({ memory }) {
      const pool = new tx.TX_BLOCK_POOL();
      const ram = memory(1000);
      assert.equal(yield* tx.tx_block_pool_create(pool, 'p', 30, ram, 1000), 0);
      assert.equal(pool.tx_block_pool_total, Math.floor(1000 / 36));
      const seen = new Set<number>();
      for (let count = 0; count < pool.tx_block_pool_total; count++) {
        const block = tx.out<Uint8Array>();
        assert.equal(yield* tx.tx_block_allocate(pool, block, 0), 0);
        assert.equal(block.value.buffer, ram.buffer);
        for (let at = 0; at < 30; at++) {
          assert(!seen.has(block.value.byteOffset + at));
          seen.add(block.value.byteOffset + at);
        }
      }
      assert.equal(yield* tx.tx_block_allocate(pool, tx.out(), 0), tx.TX_NO_MEMORY);
    });
  });

  it('a released block goes to the first waiter; what is no block is refused, also a second time', () => {
    const { log } = runOnDevice(function* ({ log, thread, memory }) {
      const pool = new tx.TX_BLOCK_POOL();
      yield* tx.tx_block_pool_create(pool, 'p', 8, memory(12), 12);
      const mine = tx.out<Uint8Array>();
      yield* tx.tx_block_allocate(pool, mine, 0);
      yield* thread('waiter', 4, function* () {
        const block = tx.out<Uint8Array>();
        log(`waiter ${yield* tx.tx_block_allocate(pool, block, tx.TX_WAIT_FOREVER)}`);
        log(`releases ${yield* tx.tx_block_release(block.value)}`);
      });
      yield* thread('owner', 5, function* () {
        log(`owner ${yield* tx.tx_block_release(mine.value)}`);
        log(`again ${yield* tx.tx_block_release(mine.value)}`);
        log(`stranger ${yield* tx.tx_block_release(new Uint8Array(4))}`);
      });
    });
    assert.deepEqual(log, ['waiter 0', 'releases 0', 'owner 0', 'again 3', 'stranger 3']);
  });
});

describe('byte pools', () => {
  it('pieces of any size never overlap, and all memory comes back', () => {
    const step = fc.record({ size: fc.integer({ min: 1, max: 200 }), release: fc.nat(10) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        runOnDevice(function* ({ memory }) {
          const pool = new tx.TX_BYTE_POOL();
          yield* tx.tx_byte_pool_create(pool, 'p', memory(1024), 1024);
          const whole = pool.tx_byte_pool_available - 8;
          const held: Uint8Array[] = [];
          for (const { size, release } of steps) {
            const piece = tx.out<Uint8Array>();
            const status = yield* tx.tx_byte_allocate(pool, piece, size, 0);
            if (status === tx.TX_SUCCESS) {
              assert.equal(piece.value.length, size);
              for (const other of held) {
                const apart =
                  piece.value.byteOffset + size <= other.byteOffset ||
                  other.byteOffset + other.length <= piece.value.byteOffset;
                assert(apart);
              }
              held.push(piece.value);
            } else {
              assert.equal(status, tx.TX_NO_MEMORY);
            }
            const given = held.splice(release, 1)[0];
            if (given !== undefined) assert.equal(yield* tx.tx_byte_release(given), tx.TX_SUCCESS);
          }
          for (const piece of held) yield* tx.tx_byte_release(piece);
          const all = tx.out<Uint8Array>();
          assert.equal(yield* tx.tx_byte_allocate(pool, all, whole, 0), tx.TX_SUCCESS);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('a waiter is served when enough is free, and in order', () => {
    const { log } = runOnDevice(function* ({ log, thread, memory }) {
      const pool = new tx.TX_BYTE_POOL();
      yield* tx.tx_byte_pool_create(pool, 'p', memory(200), 200);
      const [left, right] = [tx.out<Uint8Array>(), tx.out<Uint8Array>()];
      yield* tx.tx_byte_allocate(pool, left, 80, 0);
      yield* tx.tx_byte_allocate(pool, right, 80, 0);
      for (const [name, size] of [
        ['large', 150],
        ['small', 10],
      ] as const) {
        yield* thread(name, 4, function* () {
          log(`${name} ${yield* tx.tx_byte_allocate(pool, tx.out(), size, tx.TX_WAIT_FOREVER)}`);
        });
      }
      yield* thread('owner', 5, function* () {
        log(`first ${yield* tx.tx_byte_release(left.value)}`);
        log(`second ${yield* tx.tx_byte_release(right.value)}`);
      });
    });
    assert.deepEqual(log, ['first 0', 'large 0', 'small 0', 'second 0']);
  });
});

describe('statuses', () => {
  const cases: readonly (readonly [string, () => tx.Op<number>, number])[] = [
    ['block pool, NULL', () => tx.tx_block_pool_create(null, '', 8, new Uint8Array(64), 64), 2],
    ['block pool, no memory', () => tx.tx_block_pool_create(new tx.TX_BLOCK_POOL(), '', 8, null, 64), 3],
    [
      'block pool, no block fits',
      () => tx.tx_block_pool_create(new tx.TX_BLOCK_POOL(), '', 64, new Uint8Array(64), 64),
      5,
    ],
    ['block, not created', () => tx.tx_block_allocate(new tx.TX_BLOCK_POOL(), tx.out(), 0), 2],
    ['byte pool, too small', () => tx.tx_byte_pool_create(new tx.TX_BYTE_POOL(), '', new Uint8Array(64), 64), 5],
    ['byte pool, NULL', () => tx.tx_byte_pool_create(null, '', new Uint8Array(128), 128), 2],
    ['bytes, not created', () => tx.tx_byte_allocate(new tx.TX_BYTE_POOL(), tx.out(), 4, 0), 2],
    ['byte release, NULL', () => tx.tx_byte_release(null), 3],
    ['semaphore ceiling 0', () => tx.tx_semaphore_ceiling_put(new tx.TX_SEMAPHORE(), 0), 0x0c],
    ['stack errors', () => tx.tx_thread_stack_error_notify(null), 0xff],
  ];
  for (const [name, call, expected] of cases) {
    it(name, () => {
      runOnDevice(function* () {
        assert.equal(yield* call(), expected);
      });
    });
  }
});
