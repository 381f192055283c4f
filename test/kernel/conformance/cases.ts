import * as tx from 'txsim/tx_api';
import type { Call } from './contexts.ts';

/** The statuses of a call by context: initialisation, thread, expiration routine, interrupt; one number for all four. */
export type Expected = number | readonly [init: number, thread: number, timer: number, isr: number];

export interface Case {
  readonly service: string;
  readonly what: string;
  readonly call: Call;
  readonly expected: Expected;
  readonly config?: Record<string, number | boolean>;
}

const FOREVER = tx.TX_WAIT_FOREVER;
const C = tx.TX_CALLER_ERROR;
/** Creation: from initialisation and threads. */
const CREATION = [0, 0, C, C] as const;
/** Deletion: from threads. */
const DELETION = [C, 0, C, C] as const;
const NONE = [null, null, null, null, null] as const;
const entry = function* (): tx.Thread {};
const stack = new Uint8Array(1024);

function* row(service: string, ...cases: readonly (readonly [string, Call, Expected])[]): Generator<Case> {
  for (const [what, call, expected] of cases) yield { service, what, call, expected };
}

function* withConfig(config: Record<string, number | boolean>, cases: Iterable<Case>): Generator<Case> {
  for (const each of cases) yield { ...each, config };
}

interface ThreadParts {
  readonly thread?: tx.TX_THREAD | null;
  readonly entry?: tx.ThreadEntry | null;
  readonly stack?: Uint8Array | null;
  readonly size?: number;
  readonly priority?: number;
  readonly threshold?: number;
  readonly start?: number;
}

const createThread = (parts: ThreadParts): tx.Op<number> =>
  tx.tx_thread_create(
    parts.thread === undefined ? new tx.TX_THREAD() : parts.thread,
    't',
    parts.entry === undefined ? entry : parts.entry,
    0,
    parts.stack === undefined ? stack : parts.stack,
    parts.size ?? 512,
    parts.priority ?? 5,
    parts.threshold ?? parts.priority ?? 5,
    0,
    parts.start ?? tx.TX_DONT_START,
  );

const out = tx.out<number>();

function* pools(): Generator<Case> {
  yield* row(
    'tx_block_pool_create',
    ['a good one', (o) => tx.tx_block_pool_create(new tx.TX_BLOCK_POOL(), '', 8, o.memory, 64), CREATION],
    ['NULL', (o) => tx.tx_block_pool_create(null, '', 8, o.memory, 64), 0x02],
    ['one that exists', (o) => tx.tx_block_pool_create(o.blocks, '', 8, o.memory, 64), 0x02],
    ['NULL memory', () => tx.tx_block_pool_create(new tx.TX_BLOCK_POOL(), '', 8, null, 64), 0x03],
    ['no block fits', (o) => tx.tx_block_pool_create(new tx.TX_BLOCK_POOL(), '', 64, o.memory, 64), 0x05],
    ['blocks of 0 bytes', (o) => tx.tx_block_pool_create(new tx.TX_BLOCK_POOL(), '', 0, o.memory, 64), 0x05],
  );
  yield* row(
    'tx_block_pool_delete',
    ['a good one', (o) => tx.tx_block_pool_delete(o.blocks), DELETION],
    ['NULL', () => tx.tx_block_pool_delete(null), 0x02],
    ['not created', () => tx.tx_block_pool_delete(new tx.TX_BLOCK_POOL()), 0x02],
  );
  yield* row(
    'tx_block_allocate',
    ['a good one', (o) => tx.tx_block_allocate(o.blocks, tx.out(), 0), 0],
    ['NULL pool', () => tx.tx_block_allocate(null, tx.out(), 0), 0x02],
    ['NULL destination', (o) => tx.tx_block_allocate(o.blocks, null, 0), 0x03],
    ['NULL destination before the wait option', (o) => tx.tx_block_allocate(o.blocks, null, FOREVER), 0x03],
    ['with a wait option', (o) => tx.tx_block_allocate(o.blocks, tx.out(), 1), [0x04, 0, 0x04, 0x04]],
    [
      'none left',
      function* (o) {
        yield* tx.tx_block_allocate(o.blocks, tx.out(), 0);
        return yield* tx.tx_block_allocate(o.blocks, tx.out(), 0);
      },
      0x10,
    ],
  );
  yield* row(
    'tx_block_release',
    ['a good one', (o) => tx.tx_block_release(o.block.value), 0],
    ['NULL', () => tx.tx_block_release(null), 0x03],
    ['no block', () => tx.tx_block_release(new Uint8Array(8)), 0x03],
  );
  yield* row(
    'tx_block_pool_info_get',
    ['nothing wanted', (o) => tx.tx_block_pool_info_get(o.blocks, ...NONE, null), 0],
    ['NULL', () => tx.tx_block_pool_info_get(null, ...NONE, null), 0x02],
  );
  yield* row(
    'tx_block_pool_prioritize',
    ['nobody waits', (o) => tx.tx_block_pool_prioritize(o.blocks), 0],
    ['NULL', () => tx.tx_block_pool_prioritize(null), 0x02],
  );
  yield* row(
    'tx_byte_pool_create',
    ['a good one', (o) => tx.tx_byte_pool_create(new tx.TX_BYTE_POOL(), '', o.memory, 100), CREATION],
    ['NULL', (o) => tx.tx_byte_pool_create(null, '', o.memory, 100), 0x02],
    ['one that exists', (o) => tx.tx_byte_pool_create(o.bytes, '', o.memory, 100), 0x02],
    ['NULL memory', () => tx.tx_byte_pool_create(new tx.TX_BYTE_POOL(), '', null, 100), 0x03],
    ['99 bytes', (o) => tx.tx_byte_pool_create(new tx.TX_BYTE_POOL(), '', o.memory, 99), 0x05],
  );
  yield* row(
    'tx_byte_pool_delete',
    ['a good one', (o) => tx.tx_byte_pool_delete(o.bytes), DELETION],
    ['NULL', () => tx.tx_byte_pool_delete(null), 0x02],
  );
  yield* row(
    'tx_byte_allocate',
    ['a good one', (o) => tx.tx_byte_allocate(o.bytes, tx.out(), 40, 0), [0, 0, C, C]],
    ['NULL pool', () => tx.tx_byte_allocate(null, tx.out(), 40, 0), 0x02],
    ['NULL destination', (o) => tx.tx_byte_allocate(o.bytes, null, 40, 0), 0x03],
    ['0 bytes', (o) => tx.tx_byte_allocate(o.bytes, tx.out(), 0, 0), 0x05],
    ['more than the pool', (o) => tx.tx_byte_allocate(o.bytes, tx.out(), 201, 0), 0x05],
    ['with a wait option', (o) => tx.tx_byte_allocate(o.bytes, tx.out(), 40, 1), [0x04, 0, 0x04, 0x04]],
    ['more than is free', (o) => tx.tx_byte_allocate(o.bytes, tx.out(), 180, 0), [0x10, 0x10, C, C]],
  );
  yield* row(
    'tx_byte_release',
    ['a good one', (o) => tx.tx_byte_release(o.piece.value), [0, 0, C, C]],
    ['NULL', () => tx.tx_byte_release(null), 0x03],
    ['no piece', () => tx.tx_byte_release(new Uint8Array(8)), [0x03, 0x03, C, C]],
  );
  yield* row(
    'tx_byte_pool_info_get',
    ['nothing wanted', (o) => tx.tx_byte_pool_info_get(o.bytes, ...NONE, null), 0],
    ['NULL', () => tx.tx_byte_pool_info_get(null, ...NONE, null), 0x02],
  );
  yield* row(
    'tx_byte_pool_prioritize',
    ['nobody waits', (o) => tx.tx_byte_pool_prioritize(o.bytes), 0],
    ['NULL', () => tx.tx_byte_pool_prioritize(null), 0x02],
  );
}

function* eventFlags(): Generator<Case> {
  yield* row(
    'tx_event_flags_create',
    ['a good one', () => tx.tx_event_flags_create(new tx.TX_EVENT_FLAGS_GROUP(), ''), CREATION],
    ['NULL', () => tx.tx_event_flags_create(null, ''), 0x06],
    ['one that exists', (o) => tx.tx_event_flags_create(o.group, ''), 0x06],
  );
  yield* row(
    'tx_event_flags_delete',
    ['a good one', (o) => tx.tx_event_flags_delete(o.group), DELETION],
    ['NULL', () => tx.tx_event_flags_delete(null), 0x06],
  );
  yield* row(
    'tx_event_flags_get',
    ['NULL', () => tx.tx_event_flags_get(null, 1, tx.TX_OR, out, 0), 0x06],
    ['NULL destination', (o) => tx.tx_event_flags_get(o.group, 1, tx.TX_OR, null, 0), 0x03],
    ['none set', (o) => tx.tx_event_flags_get(o.group, 1, tx.TX_OR, out, 0), 0x07],
    ['with a wait option', (o) => tx.tx_event_flags_get(o.group, 1, tx.TX_OR, out, 1), [0x04, 0x07, 0x04, 0x04]],
    ['none requested', (o) => tx.tx_event_flags_get(o.group, 0, tx.TX_OR, out, FOREVER), [0x04, 0x07, 0x04, 0x04]],
    ['a bad option', (o) => tx.tx_event_flags_get(o.group, 1, 4, out, 0), 0x08],
    ['a bad option after the wait option', (o) => tx.tx_event_flags_get(o.group, 1, 4, out, 1), [4, 8, 4, 4]],
  );
  yield* row(
    'tx_event_flags_set',
    ['setting', (o) => tx.tx_event_flags_set(o.group, 1, tx.TX_OR), 0],
    ['masking', (o) => tx.tx_event_flags_set(o.group, 1, tx.TX_AND), 0],
    ['NULL', () => tx.tx_event_flags_set(null, 1, tx.TX_OR), 0x06],
    ['a get option', (o) => tx.tx_event_flags_set(o.group, 1, tx.TX_OR_CLEAR), 0x08],
  );
  yield* row(
    'tx_event_flags_set_notify',
    ['none', (o) => tx.tx_event_flags_set_notify(o.group, null), 0],
    ['NULL', () => tx.tx_event_flags_set_notify(null, null), 0x06],
  );
  yield* row(
    'tx_event_flags_info_get',
    ['nothing wanted', (o) => tx.tx_event_flags_info_get(o.group, ...NONE), 0],
    ['NULL', () => tx.tx_event_flags_info_get(null, ...NONE), 0x06],
  );
}

function* mutexes(): Generator<Case> {
  yield* row(
    'tx_mutex_create',
    ['a good one', () => tx.tx_mutex_create(new tx.TX_MUTEX(), '', tx.TX_INHERIT), CREATION],
    ['NULL', () => tx.tx_mutex_create(null, '', tx.TX_INHERIT), 0x1c],
    ['one that exists', (o) => tx.tx_mutex_create(o.mutex, '', tx.TX_INHERIT), 0x1c],
    ['a bad inherit option', () => tx.tx_mutex_create(new tx.TX_MUTEX(), '', 2), 0x1f],
  );
  yield* row(
    'tx_mutex_delete',
    ['a good one', (o) => tx.tx_mutex_delete(o.mutex), DELETION],
    ['NULL', () => tx.tx_mutex_delete(null), 0x1c],
  );
  yield* row(
    'tx_mutex_get',
    ['a free one', (o) => tx.tx_mutex_get(o.mutex, 0), [0, 0, 0, C]],
    ['NULL', () => tx.tx_mutex_get(null, 0), 0x1c],
    ['with a wait option', (o) => tx.tx_mutex_get(o.mutex, 1), [0x04, 0, 0x04, 0x04]],
    ['one that is taken', (o) => tx.tx_mutex_get(o.taken, 0), [0, 0x1d, 0x1d, C]],
  );
  yield* row(
    'tx_mutex_put',
    ['NULL', () => tx.tx_mutex_put(null), 0x1c],
    ['one that is free', (o) => tx.tx_mutex_put(o.mutex), [0x1e, 0x1e, 0x1e, C]],
    ['another thread’s', (o) => tx.tx_mutex_put(o.taken), [0x1e, 0x1e, 0x1e, C]],
    [
      'one’s own',
      function* (o) {
        const got = yield* tx.tx_mutex_get(o.mutex, 0);
        const put = yield* tx.tx_mutex_put(o.mutex);
        return got === tx.TX_SUCCESS ? put : got;
      },
      [0, 0, 0, C],
    ],
  );
  yield* row(
    'tx_mutex_info_get',
    ['nothing wanted', (o) => tx.tx_mutex_info_get(o.mutex, ...NONE, null), 0],
    ['NULL', () => tx.tx_mutex_info_get(null, ...NONE, null), 0x1c],
  );
  yield* row(
    'tx_mutex_prioritize',
    ['nobody waits', (o) => tx.tx_mutex_prioritize(o.mutex), 0],
    ['NULL', () => tx.tx_mutex_prioritize(null), 0x1c],
  );
}

function* queues(): Generator<Case> {
  yield* row(
    'tx_queue_create',
    ['a good one', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 16, o.memory, 64), CREATION],
    ['NULL', (o) => tx.tx_queue_create(null, '', 1, o.memory, 64), 0x09],
    ['one that exists', (o) => tx.tx_queue_create(o.queue, '', 1, o.memory, 64), 0x09],
    ['NULL memory', () => tx.tx_queue_create(new tx.TX_QUEUE(), '', 1, null, 64), 0x03],
    ['messages of 0 words', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 0, o.memory, 64), 0x05],
    ['messages of 17 words', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 17, o.memory, 680), 0x05],
    ['not one message', (o) => tx.tx_queue_create(new tx.TX_QUEUE(), '', 4, o.memory, 12), 0x05],
  );
  yield* row(
    'tx_queue_delete',
    ['a good one', (o) => tx.tx_queue_delete(o.queue), DELETION],
    ['NULL', () => tx.tx_queue_delete(null), 0x09],
  );
  yield* row(
    'tx_queue_flush',
    ['a good one', (o) => tx.tx_queue_flush(o.queue), 0],
    ['NULL', () => tx.tx_queue_flush(null), 0x09],
  );
  for (const [service, send] of [
    ['tx_queue_send', tx.tx_queue_send],
    ['tx_queue_front_send', tx.tx_queue_front_send],
  ] as const) {
    yield* row(
      service,
      ['a good one', (o) => send(o.queue, o.words, 0), 0],
      ['NULL', (o) => send(null, o.words, 0), 0x09],
      ['NULL source', (o) => send(o.queue, null, 0), 0x03],
      ['with a wait option', (o) => send(o.queue, o.words, 1), [0x04, 0, 0x04, 0x04]],
      [
        'a full queue',
        function* (o) {
          yield* send(o.queue, o.words, 0);
          yield* send(o.queue, o.words, 0);
          return yield* send(o.queue, o.words, 0);
        },
        0x0b,
      ],
    );
  }
  yield* row(
    'tx_queue_receive',
    ['an empty queue', (o) => tx.tx_queue_receive(o.queue, o.words, 0), 0x0a],
    ['NULL', (o) => tx.tx_queue_receive(null, o.words, 0), 0x09],
    ['NULL destination', (o) => tx.tx_queue_receive(o.queue, null, 0), 0x03],
    ['with a wait option', (o) => tx.tx_queue_receive(o.queue, o.words, 1), [0x04, 0x0a, 0x04, 0x04]],
    [
      'a message',
      function* (o) {
        yield* tx.tx_queue_send(o.queue, o.words, 0);
        return yield* tx.tx_queue_receive(o.queue, o.words, 0);
      },
      0,
    ],
  );
  yield* row(
    'tx_queue_info_get',
    ['nothing wanted', (o) => tx.tx_queue_info_get(o.queue, ...NONE, null), 0],
    ['NULL', () => tx.tx_queue_info_get(null, ...NONE, null), 0x09],
  );
  yield* row(
    'tx_queue_prioritize',
    ['nobody waits', (o) => tx.tx_queue_prioritize(o.queue), 0],
    ['NULL', () => tx.tx_queue_prioritize(null), 0x09],
  );
  yield* row(
    'tx_queue_send_notify',
    ['none', (o) => tx.tx_queue_send_notify(o.queue, null), 0],
    ['NULL', () => tx.tx_queue_send_notify(null, null), 0x09],
  );
}

function* semaphores(): Generator<Case> {
  yield* row(
    'tx_semaphore_create',
    ['a good one', () => tx.tx_semaphore_create(new tx.TX_SEMAPHORE(), '', 0), CREATION],
    ['NULL', () => tx.tx_semaphore_create(null, '', 0), 0x0c],
    ['one that exists', (o) => tx.tx_semaphore_create(o.semaphore, '', 0), 0x0c],
  );
  yield* row(
    'tx_semaphore_delete',
    ['a good one', (o) => tx.tx_semaphore_delete(o.semaphore), DELETION],
    ['NULL', () => tx.tx_semaphore_delete(null), 0x0c],
  );
  yield* row(
    'tx_semaphore_get',
    ['none there', (o) => tx.tx_semaphore_get(o.semaphore, 0), 0x0d],
    ['NULL', () => tx.tx_semaphore_get(null, 0), 0x0c],
    ['not created', () => tx.tx_semaphore_get(new tx.TX_SEMAPHORE(), 0), 0x0c],
    ['with a wait option', (o) => tx.tx_semaphore_get(o.semaphore, 1), [0x04, 0x0d, 0x04, 0x04]],
    [
      'one there',
      function* (o) {
        yield* tx.tx_semaphore_put(o.semaphore);
        return yield* tx.tx_semaphore_get(o.semaphore, 0);
      },
      0,
    ],
  );
  yield* row(
    'tx_semaphore_put',
    ['a good one', (o) => tx.tx_semaphore_put(o.semaphore), 0],
    ['NULL', () => tx.tx_semaphore_put(null), 0x0c],
  );
  yield* row(
    'tx_semaphore_ceiling_put',
    ['below the ceiling', (o) => tx.tx_semaphore_ceiling_put(o.semaphore, 1), 0],
    ['NULL', () => tx.tx_semaphore_ceiling_put(null, 1), 0x0c],
    ['a ceiling of 0', (o) => tx.tx_semaphore_ceiling_put(o.semaphore, 0), 0x22],
    [
      'at the ceiling',
      function* (o) {
        yield* tx.tx_semaphore_put(o.semaphore);
        return yield* tx.tx_semaphore_ceiling_put(o.semaphore, 1);
      },
      0x21,
    ],
  );
  yield* row(
    'tx_semaphore_info_get',
    ['nothing wanted', (o) => tx.tx_semaphore_info_get(o.semaphore, ...NONE), 0],
    ['NULL', () => tx.tx_semaphore_info_get(null, ...NONE), 0x0c],
  );
  yield* row(
    'tx_semaphore_prioritize',
    ['nobody waits', (o) => tx.tx_semaphore_prioritize(o.semaphore), 0],
    ['NULL', () => tx.tx_semaphore_prioritize(null), 0x0c],
  );
  yield* row(
    'tx_semaphore_put_notify',
    ['none', (o) => tx.tx_semaphore_put_notify(o.semaphore, null), 0],
    ['NULL', () => tx.tx_semaphore_put_notify(null, null), 0x0c],
  );
}

function* threads(): Generator<Case> {
  yield* row(
    'tx_thread_create',
    ['a good one', () => createThread({}), CREATION],
    ['NULL', () => createThread({ thread: null }), 0x0e],
    ['one that exists', (o) => createThread({ thread: o.waiting }), 0x0e],
    ['a NULL stack', () => createThread({ stack: null }), 0x03],
    ['a NULL entry', () => createThread({ entry: null }), 0x03],
    ['a stack below the minimum', () => createThread({ size: 199 }), 0x05],
    ['a priority that does not exist', () => createThread({ priority: 32 }), 0x0f],
    ['a threshold below the priority', () => createThread({ threshold: 6 }), 0x18],
    ['a bad start option', () => createThread({ start: 2 }), 0x10],
    [
      'a stack that overlaps another’s',
      function* (o) {
        yield* createThread({ stack: o.memory });
        return yield* createThread({ stack: o.memory.subarray(100) });
      },
      [0x03, 0x03, C, C],
    ],
  );
  yield* row(
    'tx_thread_delete',
    ['one that completed', (o) => tx.tx_thread_delete(o.completed), [C, 0, 0, C]],
    ['one that is alive', (o) => tx.tx_thread_delete(o.waiting), [C, 0x11, 0x11, C]],
    ['NULL', () => tx.tx_thread_delete(null), 0x0e],
  );
  yield* row(
    'tx_thread_entry_exit_notify',
    ['none', (o) => tx.tx_thread_entry_exit_notify(o.waiting, null), 0],
    ['NULL', () => tx.tx_thread_entry_exit_notify(null, null), 0x0e],
  );
  yield* row(
    'tx_thread_info_get',
    ['nothing wanted', (o) => tx.tx_thread_info_get(o.waiting, ...NONE, null, null, null), 0],
    ['NULL', () => tx.tx_thread_info_get(null, ...NONE, null, null, null), 0x0e],
  );
  yield* row(
    'tx_thread_preemption_change',
    ['a good one', (o) => tx.tx_thread_preemption_change(o.waiting, 0, out), [C, 0, 0, C]],
    ['NULL', () => tx.tx_thread_preemption_change(null, 0, out), 0x0e],
    ['NULL destination', (o) => tx.tx_thread_preemption_change(o.waiting, 0, null), 0x03],
    ['below the priority', (o) => tx.tx_thread_preemption_change(o.waiting, 2, out), 0x18],
  );
  yield* row(
    'tx_thread_priority_change',
    ['a good one', (o) => tx.tx_thread_priority_change(o.waiting, 9, out), [C, 0, 0, C]],
    ['NULL', () => tx.tx_thread_priority_change(null, 9, out), 0x0e],
    ['NULL destination', (o) => tx.tx_thread_priority_change(o.waiting, 9, null), 0x03],
    ['one that does not exist', (o) => tx.tx_thread_priority_change(o.waiting, 32, out), 0x0f],
  );
  yield* row(
    'tx_thread_reset',
    ['one that completed', (o) => tx.tx_thread_reset(o.completed), [C, 0, C, C]],
    ['one that is alive', (o) => tx.tx_thread_reset(o.waiting), [C, 0x20, C, C]],
    ['NULL', () => tx.tx_thread_reset(null), 0x0e],
  );
  yield* row(
    'tx_thread_resume',
    ['one that is suspended', (o) => tx.tx_thread_resume(o.suspended), [0x12, 0, 0, 0]],
    ['one that waits', (o) => tx.tx_thread_resume(o.waiting), 0x12],
    ['NULL', () => tx.tx_thread_resume(null), 0x0e],
    [
      'one whose suspension has not taken effect yet',
      function* (o) {
        yield* tx.tx_thread_suspend(o.waiting);
        return yield* tx.tx_thread_resume(o.waiting);
      },
      [0, 0x19, 0x19, 0x19],
    ],
  );
  yield* row(
    'tx_thread_sleep',
    ['a tick', () => tx.tx_thread_sleep(1), [C, 0, C, C]],
    ['no tick', () => tx.tx_thread_sleep(0), [C, 0, C, C]],
  );
  yield* row(
    'tx_thread_suspend',
    ['one that waits', (o) => tx.tx_thread_suspend(o.waiting), 0],
    ['one that is suspended', (o) => tx.tx_thread_suspend(o.suspended), 0],
    ['one that completed', (o) => tx.tx_thread_suspend(o.completed), [0, 0x14, 0x14, 0x14]],
    ['NULL', () => tx.tx_thread_suspend(null), 0x0e],
  );
  yield* row(
    'tx_thread_terminate',
    ['one that waits', (o) => tx.tx_thread_terminate(o.waiting), [C, 0, 0, C]],
    ['one that completed', (o) => tx.tx_thread_terminate(o.completed), [C, 0, 0, C]],
    ['NULL', () => tx.tx_thread_terminate(null), 0x0e],
  );
  yield* row(
    'tx_thread_time_slice_change',
    ['a good one', (o) => tx.tx_thread_time_slice_change(o.waiting, 3, out), [C, 0, 0, C]],
    ['NULL', () => tx.tx_thread_time_slice_change(null, 3, out), 0x0e],
    ['NULL destination', (o) => tx.tx_thread_time_slice_change(o.waiting, 3, null), 0x03],
  );
  yield* row(
    'tx_thread_wait_abort',
    ['one that waits', (o) => tx.tx_thread_wait_abort(o.waiting), [0x1b, 0, 0, 0]],
    ['one that is suspended', (o) => tx.tx_thread_wait_abort(o.suspended), 0x1b],
    ['NULL', () => tx.tx_thread_wait_abort(null), 0x0e],
  );
  yield* row('tx_thread_stack_error_notify', ['not built in', () => tx.tx_thread_stack_error_notify(null), 0xff]);
  yield* withConfig(
    { TX_ENABLE_STACK_CHECKING: true },
    row('tx_thread_stack_error_notify', ['built in', () => tx.tx_thread_stack_error_notify(null), 0]),
  );
}

function* timers(): Generator<Case> {
  const make = (timer: tx.TX_TIMER | null, initial: number, activate: number): tx.Op<number> =>
    tx.tx_timer_create(timer, '', null, 0, initial, 0, activate);
  yield* row(
    'tx_timer_create',
    ['a good one', () => make(new tx.TX_TIMER(), 5, 1), CREATION],
    ['NULL', () => make(null, 5, 1), 0x15],
    ['one that exists', (o) => make(o.timer, 5, 1), 0x15],
    ['0 ticks', () => make(new tx.TX_TIMER(), 0, 1), 0x16],
    ['a bad activation option', () => make(new tx.TX_TIMER(), 5, 2), 0x17],
  );
  yield* row(
    'tx_timer_activate',
    ['one that does not run', (o) => tx.tx_timer_activate(o.timer), 0],
    ['NULL', () => tx.tx_timer_activate(null), 0x15],
    [
      'one that runs',
      function* (o) {
        yield* tx.tx_timer_activate(o.timer);
        return yield* tx.tx_timer_activate(o.timer);
      },
      0x17,
    ],
  );
  yield* row(
    'tx_timer_change',
    ['a good one', (o) => tx.tx_timer_change(o.timer, 3, 3), [C, 0, 0, 0]],
    ['NULL', () => tx.tx_timer_change(null, 3, 3), 0x15],
    ['0 ticks', (o) => tx.tx_timer_change(o.timer, 0, 3), 0x16],
  );
  yield* row(
    'tx_timer_deactivate',
    ['one that does not run', (o) => tx.tx_timer_deactivate(o.timer), 0],
    ['NULL', () => tx.tx_timer_deactivate(null), 0x15],
  );
  yield* row(
    'tx_timer_delete',
    ['a good one', (o) => tx.tx_timer_delete(o.timer), DELETION],
    ['NULL', () => tx.tx_timer_delete(null), 0x15],
  );
  yield* row(
    'tx_timer_info_get',
    ['nothing wanted', (o) => tx.tx_timer_info_get(o.timer, ...NONE), 0],
    ['NULL', () => tx.tx_timer_info_get(null, ...NONE), 0x15],
  );
}

function* notifications(): Generator<Case> {
  yield* withConfig({ TX_DISABLE_NOTIFY_CALLBACKS: true }, [
    ...row('tx_event_flags_set_notify', ['left out', (o) => tx.tx_event_flags_set_notify(o.group, null), 0xff]),
    ...row('tx_queue_send_notify', ['left out', (o) => tx.tx_queue_send_notify(o.queue, null), 0xff]),
    ...row('tx_semaphore_put_notify', ['left out', (o) => tx.tx_semaphore_put_notify(o.semaphore, null), 0xff]),
    ...row('tx_thread_entry_exit_notify', ['left out', (o) => tx.tx_thread_entry_exit_notify(o.waiting, null), 0xff]),
  ]);
}

/** Performance services: of one object, of one that is NULL, and of all. */
function* performance(): Generator<Case> {
  const six = [...NONE, null] as const;
  const seven = [...six, null] as const;
  const nine = [...seven, null, null] as const;
  const kinds: readonly (readonly [string, Call, Call, Call])[] = [
    [
      'BLOCK_POOL',
      (o) => tx.tx_block_pool_performance_info_get(o.blocks, null, null, null, null),
      () => tx.tx_block_pool_performance_info_get(null, null, null, null, null),
      () => tx.tx_block_pool_performance_system_info_get(null, null, null, null),
    ],
    [
      'BYTE_POOL',
      (o) => tx.tx_byte_pool_performance_info_get(o.bytes, ...seven),
      () => tx.tx_byte_pool_performance_info_get(null, ...seven),
      () => tx.tx_byte_pool_performance_system_info_get(...seven),
    ],
    [
      'EVENT_FLAGS',
      (o) => tx.tx_event_flags_performance_info_get(o.group, null, null, null, null),
      () => tx.tx_event_flags_performance_info_get(null, null, null, null, null),
      () => tx.tx_event_flags_performance_system_info_get(null, null, null, null),
    ],
    [
      'MUTEX',
      (o) => tx.tx_mutex_performance_info_get(o.mutex, ...six),
      () => tx.tx_mutex_performance_info_get(null, ...six),
      () => tx.tx_mutex_performance_system_info_get(...six),
    ],
    [
      'QUEUE',
      (o) => tx.tx_queue_performance_info_get(o.queue, ...six),
      () => tx.tx_queue_performance_info_get(null, ...six),
      () => tx.tx_queue_performance_system_info_get(...six),
    ],
    [
      'SEMAPHORE',
      (o) => tx.tx_semaphore_performance_info_get(o.semaphore, null, null, null, null),
      () => tx.tx_semaphore_performance_info_get(null, null, null, null, null),
      () => tx.tx_semaphore_performance_system_info_get(null, null, null, null),
    ],
    [
      'TIMER',
      (o) => tx.tx_timer_performance_info_get(o.timer, ...NONE),
      () => tx.tx_timer_performance_info_get(null, ...NONE),
      () => tx.tx_timer_performance_system_info_get(...NONE),
    ],
    [
      'THREAD',
      (o) => tx.tx_thread_performance_info_get(o.waiting, ...nine, null),
      () => tx.tx_thread_performance_info_get(null, ...nine, null),
      () => tx.tx_thread_performance_system_info_get(...nine, null, null),
    ],
  ];
  for (const [kind, one, nothing, all] of kinds) {
    const service = `tx_${kind.toLowerCase()}_performance_info_get`;
    const system = `tx_${kind.toLowerCase()}_performance_system_info_get`;
    yield* row(service, ['not built in', one, 0xff], ['not built in, and NULL', nothing, 0xff]);
    yield* row(system, ['not built in', all, 0xff]);
    const built = { [`TX_${kind}_ENABLE_PERFORMANCE_INFO`]: true };
    yield* withConfig(built, row(service, ['built in', one, 0], ['built in, and NULL', nothing, 0x03]));
    yield* withConfig(built, row(system, ['built in', all, 0]));
  }
}

function* traces(): Generator<Case> {
  const enable: Call = (o) => tx.tx_trace_enable(o.memory, 1024, 4);
  const services: readonly (readonly [string, Call])[] = [
    ['tx_trace_enable', enable],
    ['tx_trace_disable', () => tx.tx_trace_disable()],
    ['tx_trace_event_filter', () => tx.tx_trace_event_filter(1)],
    ['tx_trace_event_unfilter', () => tx.tx_trace_event_unfilter(1)],
    ['tx_trace_buffer_full_notify', () => tx.tx_trace_buffer_full_notify(null)],
    ['tx_trace_user_event_insert', () => tx.tx_trace_user_event_insert(4096, 0, 0, 0, 0)],
  ];
  for (const [service, call] of services) yield* row(service, ['not built in', call, 0xff]);
  const afterEnable = (call: Call): Call =>
    function* (o) {
      yield* enable(o);
      return yield* call(o);
    };
  const built = { TX_ENABLE_EVENT_TRACE: true };
  yield* withConfig(built, [
    ...services.flatMap(([service, call]) =>
      service === 'tx_trace_enable' ? [] : [...row(service, ['while a trace is on', afterEnable(call), 0])],
    ),
    ...row(
      'tx_trace_enable',
      ['a good one', enable, 0],
      ['room for no event', (o) => tx.tx_trace_enable(o.memory, 48 + 4 * 48 + 31, 4), 0x05],
      ['twice', afterEnable(enable), 0x20],
    ),
    ...row('tx_trace_disable', ['without a trace', () => tx.tx_trace_disable(), 0x20]),
    ...row('tx_trace_user_event_insert', [
      'without a trace',
      () => tx.tx_trace_user_event_insert(4096, 0, 0, 0, 0),
      0x20,
    ]),
  ]);
}

/** Every call of the conformance suite that ends at once. */
export const CASES: readonly Case[] = [
  ...pools(),
  ...eventFlags(),
  ...mutexes(),
  ...queues(),
  ...semaphores(),
  ...threads(),
  ...timers(),
  ...notifications(),
  ...performance(),
  ...traces(),
];
