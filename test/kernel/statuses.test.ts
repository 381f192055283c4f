import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tx from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

type Context = 'init' | 'thread' | 'timer' | 'isr';
const CONTEXTS: readonly Context[] = ['init', 'thread', 'timer', 'isr'];

/** Objects to call services on: one of each kind, created, and a thread that waits for ever. */
interface Objects {
  readonly semaphore: tx.TX_SEMAPHORE;
  readonly mutex: tx.TX_MUTEX;
  readonly group: tx.TX_EVENT_FLAGS_GROUP;
  readonly queue: tx.TX_QUEUE;
  readonly timer: tx.TX_TIMER;
  readonly waiter: tx.TX_THREAD;
  readonly memory: Uint8Array;
}

/** What a service returns when it is called in a context, with fresh objects. */
function statusIn(context: Context, call: (objects: Objects) => tx.Op<number>): number {
  let status = -1;
  const { device } = runOnDevice(
    function* ({ thread, memory }) {
      const objects: Objects = {
        semaphore: new tx.TX_SEMAPHORE(),
        mutex: new tx.TX_MUTEX(),
        group: new tx.TX_EVENT_FLAGS_GROUP(),
        queue: new tx.TX_QUEUE(),
        timer: new tx.TX_TIMER(),
        waiter: new tx.TX_THREAD(),
        memory: memory(4096),
      };
      yield* tx.tx_semaphore_create(objects.semaphore, 's', 0);
      yield* tx.tx_mutex_create(objects.mutex, 'm', tx.TX_NO_INHERIT);
      yield* tx.tx_event_flags_create(objects.group, 'g');
      yield* tx.tx_queue_create(objects.queue, 'q', 1, memory(8), 8);
      yield* tx.tx_timer_create(objects.timer, 't', null, 0, 1000, 0, tx.TX_NO_ACTIVATE);
      yield* tx.tx_thread_create(
        objects.waiter,
        'waiter',
        function* () {
          yield* tx.tx_thread_suspend(objects.waiter);
        },
        0,
        memory(512),
        512,
        1,
        1,
        0,
        tx.TX_AUTO_START,
      );
      const run = function* (): tx.Thread {
        status = yield* call(objects);
      };
      if (context === 'init') yield* run();
      else if (context === 'thread') yield* thread('caller', 5, run);
      else if (context === 'timer') yield* tx.tx_timer_create(new tx.TX_TIMER(), 'caller', run, 0, 1, 0, 1);
      else yield* thread('idle', 5, function* () {});
      pending = run;
    },
    { until: '1s' },
  );
  if (context === 'isr') device.interrupt(() => pending());
  return status;
}
let pending: () => tx.Thread = function* () {};

const FOREVER = tx.TX_WAIT_FOREVER;
const words = new Uint32Array(1);
const noThread = null;

/** Service, and the statuses by context, in the order init, thread, timer, ISR. */
const CASES: readonly (readonly [string, (objects: Objects) => tx.Op<number>, readonly number[]])[] = [
  ['tx_semaphore_create', () => tx.tx_semaphore_create(new tx.TX_SEMAPHORE(), '', 0), [0, 0, 0x13, 0x13]],
  ['tx_semaphore_create twice', (o) => tx.tx_semaphore_create(o.semaphore, '', 0), [0x0c, 0x0c, 0x0c, 0x0c]],
  ['tx_semaphore_create(NULL)', () => tx.tx_semaphore_create(null, '', 0), [0x0c, 0x0c, 0x0c, 0x0c]],
  ['tx_semaphore_get, none', (o) => tx.tx_semaphore_get(o.semaphore, 0), [0x0d, 0x0d, 0x0d, 0x0d]],
  ['tx_semaphore_get, waiting', (o) => tx.tx_semaphore_get(o.semaphore, 1), [0x04, 0x0d, 0x04, 0x04]],
  ['tx_semaphore_get, not created', () => tx.tx_semaphore_get(new tx.TX_SEMAPHORE(), 0), [0x0c, 0x0c, 0x0c, 0x0c]],
  ['tx_semaphore_put', (o) => tx.tx_semaphore_put(o.semaphore), [0, 0, 0, 0]],
  ['tx_semaphore_delete', (o) => tx.tx_semaphore_delete(o.semaphore), [0x13, 0, 0x13, 0x13]],
  ['tx_mutex_create', () => tx.tx_mutex_create(new tx.TX_MUTEX(), '', 0), [0, 0, 0x13, 0x13]],
  ['tx_mutex_create, bad inherit', () => tx.tx_mutex_create(new tx.TX_MUTEX(), '', 7), [0x1f, 0x1f, 0x1f, 0x1f]],
  ['tx_mutex_get, waiting', (o) => tx.tx_mutex_get(o.mutex, FOREVER), [0x04, 0, 0x04, 0x04]],
  ['tx_mutex_get', (o) => tx.tx_mutex_get(o.mutex, 0), [0, 0, 0, 0x13]],
  ['tx_mutex_put, not owned', (o) => tx.tx_mutex_put(o.mutex), [0x1e, 0x1e, 0x1e, 0x13]],
  ['tx_mutex_delete', (o) => tx.tx_mutex_delete(o.mutex), [0x13, 0, 0x13, 0x13]],
  ['tx_event_flags_create', () => tx.tx_event_flags_create(new tx.TX_EVENT_FLAGS_GROUP(), ''), [0, 0, 0x13, 0x13]],
  ['tx_event_flags_get, none', (o) => tx.tx_event_flags_get(o.group, 1, 0, tx.out(), 0), [7, 7, 7, 7]],
  ['tx_event_flags_get, waiting', (o) => tx.tx_event_flags_get(o.group, 1, 0, tx.out(), 1), [4, 7, 4, 4]],
  ['tx_event_flags_get, no flags', (o) => tx.tx_event_flags_get(o.group, 0, 0, tx.out(), FOREVER), [4, 7, 4, 4]],
  ['tx_event_flags_get, bad option', (o) => tx.tx_event_flags_get(o.group, 1, 9, tx.out(), 0), [8, 8, 8, 8]],
  ['tx_event_flags_get, NULL', (o) => tx.tx_event_flags_get(o.group, 1, 0, null, 0), [3, 3, 3, 3]],
  ['tx_event_flags_set', (o) => tx.tx_event_flags_set(o.group, 1, tx.TX_OR), [0, 0, 0, 0]],
  ['tx_event_flags_set, bad option', (o) => tx.tx_event_flags_set(o.group, 1, 1), [8, 8, 8, 8]],
  ['tx_event_flags_delete', (o) => tx.tx_event_flags_delete(o.group), [0x13, 0, 0x13, 0x13]],
  ['tx_queue_create', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 1, o.memory, 64), [0, 0, 0x13, 0x13]],
  ['tx_queue_create, 17 words', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 17, o.memory, 640), [5, 5, 5, 5]],
  ['tx_queue_create, no room', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 4, o.memory, 12), [5, 5, 5, 5]],
  ['tx_queue_create, NULL memory', () => tx.tx_queue_create(new tx.TX_QUEUE(), '', 1, null, 64), [3, 3, 3, 3]],
  ['tx_queue_send', (o) => tx.tx_queue_send(o.queue, words, 0), [0, 0, 0, 0]],
  ['tx_queue_send, NULL', (o) => tx.tx_queue_send(o.queue, null, 0), [3, 3, 3, 3]],
  ['tx_queue_send, waiting', (o) => tx.tx_queue_send(o.queue, words, 1), [4, 0, 4, 4]],
  ['tx_queue_receive, empty', (o) => tx.tx_queue_receive(o.queue, words, 0), [0x0a, 0x0a, 0x0a, 0x0a]],
  ['tx_queue_receive, waiting', (o) => tx.tx_queue_receive(o.queue, words, 1), [4, 0x0a, 4, 4]],
  ['tx_queue_flush', (o) => tx.tx_queue_flush(o.queue), [0, 0, 0, 0]],
  ['tx_queue_delete', (o) => tx.tx_queue_delete(o.queue), [0x13, 0, 0x13, 0x13]],
  ['tx_timer_create', () => tx.tx_timer_create(new tx.TX_TIMER(), '', null, 0, 5, 0, 0), [0, 0, 0x13, 0x13]],
  ['tx_timer_create, 0 ticks', () => tx.tx_timer_create(new tx.TX_TIMER(), '', null, 0, 0, 0, 0), [22, 22, 22, 22]],
  ['tx_timer_create, bad flag', () => tx.tx_timer_create(new tx.TX_TIMER(), '', null, 0, 5, 0, 9), [23, 23, 23, 23]],
  ['tx_timer_activate', (o) => tx.tx_timer_activate(o.timer), [0, 0, 0, 0]],
  ['tx_timer_deactivate', (o) => tx.tx_timer_deactivate(o.timer), [0, 0, 0, 0]],
  ['tx_timer_change', (o) => tx.tx_timer_change(o.timer, 3, 3), [0x13, 0, 0, 0]],
  ['tx_timer_delete', (o) => tx.tx_timer_delete(o.timer), [0x13, 0, 0x13, 0x13]],
  ['tx_thread_sleep', () => tx.tx_thread_sleep(1), [0x13, 0, 0x13, 0x13]],
  ['tx_thread_sleep(0)', () => tx.tx_thread_sleep(0), [0x13, 0, 0x13, 0x13]],
  ['tx_thread_resume, NULL', () => tx.tx_thread_resume(noThread), [0x0e, 0x0e, 0x0e, 0x0e]],
  ['tx_thread_delete, alive', (o) => tx.tx_thread_delete(o.waiter), [0x13, 0x11, 0x11, 0x13]],
  ['tx_thread_terminate', (o) => tx.tx_thread_terminate(o.waiter), [0x13, 0, 0, 0x13]],
  ['tx_thread_wait_abort, not waiting', (o) => tx.tx_thread_wait_abort(o.waiter), [0x1b, 0x1b, 0x1b, 0x1b]],
];

describe('statuses by context', () => {
  for (const [name, call, expected] of CASES) {
    it(name, () => {
      assert.deepEqual(
        CONTEXTS.map((context) => statusIn(context, call)),
        expected,
      );
    });
  }
});

describe('statuses of tx_thread_create', () => {
  const entry = function* (): tx.Thread {};
  const stack = new Uint8Array(1024);
  const create = (over: Partial<Record<'size' | 'priority' | 'threshold' | 'start', number>>): tx.Op<number> =>
    tx.tx_thread_create(
      new tx.TX_THREAD(),
      't',
      entry,
      0,
      stack,
      over.size ?? 512,
      over.priority ?? 5,
      over.threshold ?? over.priority ?? 5,
      0,
      over.start ?? tx.TX_DONT_START,
    );
  const cases: readonly (readonly [string, () => tx.Op<number>, number])[] = [
    ['a good one', () => create({}), 0],
    ['a stack below the minimum', () => create({ size: 100 }), 0x05],
    ['a priority that does not exist', () => create({ priority: 32 }), 0x0f],
    ['a threshold below the priority', () => create({ threshold: 6 }), 0x18],
    ['a bad start option', () => create({ start: 2 }), 0x10],
    ['NULL', () => tx.tx_thread_create(null, '', entry, 0, stack, 512, 5, 5, 0, 0), 0x0e],
    ['a NULL entry', () => tx.tx_thread_create(new tx.TX_THREAD(), '', null, 0, stack, 512, 5, 5, 0, 0), 0x03],
    ['a NULL stack', () => tx.tx_thread_create(new tx.TX_THREAD(), '', entry, 0, null, 512, 5, 5, 0, 0), 0x03],
  ];
  for (const [name, call, expected] of cases) {
    it(name, () => assert.equal(statusIn('thread', call), expected));
  }
  it('a stack that overlaps another thread’s', () => {
    const shared = new Uint8Array(2048);
    const status = statusIn('thread', function* () {
      const first = new tx.TX_THREAD();
      yield* tx.tx_thread_create(first, '', entry, 0, shared.subarray(0, 1024), 1024, 5, 5, 0, 0);
      const second = shared.subarray(512);
      return yield* tx.tx_thread_create(new tx.TX_THREAD(), '', entry, 0, second, 1024, 5, 5, 0, 0);
    });
    assert.equal(status, 0x03);
  });
});

describe('waits that end otherwise than by success', () => {
  const cases: readonly (readonly [string, (o: Objects) => tx.Op<number>, (o: Objects) => tx.Op<number>, number])[] = [
    [
      'deleting a semaphore',
      (o) => tx.tx_semaphore_get(o.semaphore, FOREVER),
      (o) => tx.tx_semaphore_delete(o.semaphore),
      1,
    ],
    ['deleting a queue', (o) => tx.tx_queue_receive(o.queue, words, FOREVER), (o) => tx.tx_queue_delete(o.queue), 1],
    [
      'deleting a group',
      (o) => tx.tx_event_flags_get(o.group, 1, 0, tx.out(), FOREVER),
      (o) => tx.tx_event_flags_delete(o.group),
      1,
    ],
    ['aborting a sleep', () => tx.tx_thread_sleep(1000), () => tx.tx_thread_wait_abort(target), 0x1a],
    ['aborting a wait', (o) => tx.tx_semaphore_get(o.semaphore, FOREVER), () => tx.tx_thread_wait_abort(target), 0x1a],
  ];
  let target: tx.TX_THREAD | null = null;
  for (const [name, wait, end, expected] of cases) {
    it(name, () => {
      const status = statusIn('thread', function* (objects) {
        let result = -1;
        const block = new tx.TX_THREAD();
        target = block;
        const entry = function* (): tx.Thread {
          result = yield* wait(objects);
        };
        yield* tx.tx_thread_create(block, 'waits', entry, 0, new Uint8Array(512), 512, 2, 2, 0, 1);
        yield* end(objects);
        yield* tx.tx_thread_sleep(1);
        return result;
      });
      assert.equal(status, expected);
    });
  }
});
