import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tx from 'txsim/tx_api';
import { CASES } from './cases.ts';
import { CONTEXTS, statusIn, statusOfWait, type Call, type Objects } from './contexts.ts';
import { DOCUMENTED, WITHOUT_STATUS } from './documented.ts';

const FOREVER = tx.TX_WAIT_FOREVER;

/** The statuses that were seen, by service. */
const seen = new Map<string, Set<number>>();

function note(service: string, status: number): number {
  const statuses = seen.get(service) ?? new Set();
  seen.set(service, statuses.add(status));
  return status;
}

describe('the status of every call, in every context', () => {
  for (const { service, what, call, expected, config } of CASES) {
    it(`${service}, ${what}`, () => {
      const statuses = CONTEXTS.map((context) => note(service, statusIn(context, call, config)));
      assert.deepEqual(statuses, typeof expected === 'number' ? CONTEXTS.map(() => expected) : expected);
    });
  }
});

describe('waits', () => {
  const fill = function* (o: Objects, wait: Call): Generator<tx.Suspension, number> {
    yield* tx.tx_queue_send(o.queue, o.words, 0);
    yield* tx.tx_queue_send(o.queue, o.words, 0);
    return yield* wait(o);
  };
  /** Service; a call that waits for ever, or for two ticks; what deletes the object; the status of a time-out. */
  const waits: readonly (readonly [string, (ticks: number) => Call, (o: Objects) => tx.Op<number>, number])[] = [
    [
      'tx_semaphore_get',
      (ticks) => (o) => tx.tx_semaphore_get(o.semaphore, ticks),
      (o) => tx.tx_semaphore_delete(o.semaphore),
      0x0d,
    ],
    ['tx_mutex_get', (ticks) => (o) => tx.tx_mutex_get(o.taken, ticks), (o) => tx.tx_mutex_delete(o.taken), 0x1d],
    [
      'tx_event_flags_get',
      (ticks) => (o) => tx.tx_event_flags_get(o.group, 1, tx.TX_OR, tx.out(), ticks),
      (o) => tx.tx_event_flags_delete(o.group),
      0x07,
    ],
    [
      'tx_queue_receive',
      (ticks) => (o) => tx.tx_queue_receive(o.queue, o.words, ticks),
      (o) => tx.tx_queue_delete(o.queue),
      0x0a,
    ],
    [
      'tx_queue_send',
      (ticks) => (o) => fill(o, () => tx.tx_queue_send(o.queue, o.words, ticks)),
      (o) => tx.tx_queue_delete(o.queue),
      0x0b,
    ],
    [
      'tx_queue_front_send',
      (ticks) => (o) => fill(o, () => tx.tx_queue_front_send(o.queue, o.words, ticks)),
      (o) => tx.tx_queue_delete(o.queue),
      0x0b,
    ],
    [
      'tx_block_allocate',
      (ticks) =>
        function* (o) {
          yield* tx.tx_block_allocate(o.blocks, tx.out(), 0);
          return yield* tx.tx_block_allocate(o.blocks, tx.out(), ticks);
        },
      (o) => tx.tx_block_pool_delete(o.blocks),
      0x10,
    ],
    [
      'tx_byte_allocate',
      (ticks) => (o) => tx.tx_byte_allocate(o.bytes, tx.out(), 180, ticks),
      (o) => tx.tx_byte_pool_delete(o.bytes),
      0x10,
    ],
  ];
  for (const [service, wait, remove, timeout] of waits) {
    it(`${service}: time-out, deletion, abort`, () => {
      const timedOut = statusOfWait(wait(2), () => tx.tx_thread_relinquish());
      const deleted = statusOfWait(wait(FOREVER), remove);
      const aborted = statusOfWait(wait(FOREVER), (_, waiter) => tx.tx_thread_wait_abort(waiter));
      for (const status of [timedOut, deleted, aborted]) note(service, status);
      assert.deepEqual([timedOut, deleted, aborted], [timeout, tx.TX_DELETED, tx.TX_WAIT_ABORTED]);
    });
  }

  it('tx_thread_sleep: abort', () => {
    const aborted = statusOfWait(
      () => tx.tx_thread_sleep(1000),
      (_, waiter) => tx.tx_thread_wait_abort(waiter),
    );
    assert.equal(note('tx_thread_sleep', aborted), tx.TX_WAIT_ABORTED);
  });
});

describe('the tables', () => {
  it('name every service of tx_api.h', () => {
    const services = Object.keys(tx).filter((name) => name.startsWith('tx_'));
    assert.equal(services.length, 91);
    assert.deepEqual([...Object.keys(DOCUMENTED), ...WITHOUT_STATUS].sort(), services.sort());
  });

  it('hold every status that was seen, and no other', () => {
    for (const [service, documented] of Object.entries(DOCUMENTED)) {
      const statuses = [...(seen.get(service) ?? [])].filter((status) => status !== 0).sort((a, b) => a - b);
      assert.deepEqual(
        statuses,
        [...documented].sort((a, b) => a - b),
        service,
      );
    }
  });
});
