import * as tx from 'txsim/tx_api';
import { runOnDevice, type Bench } from '../../support/one-device.ts';

/** The contexts a service can be called from: initialisation, a thread, an expiration routine, an interrupt. */
export type CallContext = 'init' | 'thread' | 'timer' | 'isr';
export const CONTEXTS: readonly CallContext[] = ['init', 'thread', 'timer', 'isr'];

/** One object of each kind, created; and threads in the states that services ask about. */
export class Objects {
  readonly semaphore = new tx.TX_SEMAPHORE();
  readonly mutex = new tx.TX_MUTEX();
  readonly group = new tx.TX_EVENT_FLAGS_GROUP();
  readonly queue = new tx.TX_QUEUE();
  readonly timer = new tx.TX_TIMER();
  readonly blocks = new tx.TX_BLOCK_POOL();
  readonly bytes = new tx.TX_BYTE_POOL();
  /** Suspended by itself. */
  readonly suspended = new tx.TX_THREAD();
  /** Came to its end. */
  readonly completed = new tx.TX_THREAD();
  /** Waits for a semaphore of its own, for ever. */
  readonly waiting = new tx.TX_THREAD();
  /** Owns the mutex `taken`, and sleeps. */
  readonly owner = new tx.TX_THREAD();
  readonly taken = new tx.TX_MUTEX();
  /** A block and a piece of memory that are handed out. */
  readonly block = tx.out<Uint8Array>();
  readonly piece = tx.out<Uint8Array>();
  readonly words = new Uint32Array(4);
  readonly memory: Uint8Array;

  constructor(memory: Uint8Array) {
    this.memory = memory;
  }
}

const FOREVER = tx.TX_WAIT_FOREVER;

function* create({ memory }: Bench): Generator<tx.Suspension, Objects, unknown> {
  const o = new Objects(memory(4096));
  yield* tx.tx_semaphore_create(o.semaphore, 's', 0);
  yield* tx.tx_mutex_create(o.mutex, 'm', tx.TX_NO_INHERIT);
  yield* tx.tx_mutex_create(o.taken, 'taken', tx.TX_NO_INHERIT);
  yield* tx.tx_event_flags_create(o.group, 'g');
  yield* tx.tx_queue_create(o.queue, 'q', 1, memory(8), 8);
  yield* tx.tx_timer_create(o.timer, 't', null, 0, 1000, 0, tx.TX_NO_ACTIVATE);
  yield* tx.tx_block_pool_create(o.blocks, 'b', 16, memory(40), 40);
  yield* tx.tx_byte_pool_create(o.bytes, 'y', memory(200), 200);
  yield* tx.tx_block_allocate(o.blocks, o.block, 0);
  yield* tx.tx_byte_allocate(o.bytes, o.piece, 40, 0);
  const own = new tx.TX_SEMAPHORE();
  yield* tx.tx_semaphore_create(own, 'own', 0);
  const start = (thread: tx.TX_THREAD, name: string, entry: () => tx.Thread): tx.Op<number> =>
    tx.tx_thread_create(thread, name, entry, 0, memory(512), 512, 1, 1, 0, tx.TX_AUTO_START);
  yield* start(o.suspended, 'suspended', function* () {
    yield* tx.tx_thread_suspend(o.suspended);
  });
  yield* start(o.completed, 'completed', function* () {});
  yield* start(o.waiting, 'waiting', function* () {
    yield* tx.tx_semaphore_get(own, FOREVER);
  });
  yield* start(o.owner, 'owner', function* () {
    yield* tx.tx_mutex_get(o.taken, 100);
    yield* tx.tx_thread_sleep(50_000);
  });
  return o;
}

/** What a service is called with. */
export type Call = (o: Objects) => tx.Op<number>;

/**
 * What a service returns in a context, on fresh objects. During initialisation no thread has run yet, so those threads
 * are still ready.
 */
export function statusIn(context: CallContext, call: Call, config: Record<string, number | boolean> = {}): number {
  let status = -1;
  let isr = function* (): tx.Thread {};
  const { device } = runOnDevice(
    function* (bench) {
      const objects = yield* create(bench);
      const run = function* (): tx.Thread {
        status = yield* call(objects);
      };
      if (context === 'init') yield* run();
      else if (context === 'thread') yield* bench.thread('caller', 5, run);
      else if (context === 'timer') yield* tx.tx_timer_create(new tx.TX_TIMER(), 'caller', run, 0, 1, 0, 1);
      else isr = run;
    },
    { until: '10s', config },
  );
  if (context === 'isr') device.interrupt(isr);
  return status;
}

/** The status that a waiting service returns in a thread of its own, after something else has been done to it. */
export function statusOfWait(wait: Call, meanwhile: (o: Objects, waiter: tx.TX_THREAD) => tx.Op<number>): number {
  return statusIn('thread', function* (objects) {
    let status = -1;
    const waiter = new tx.TX_THREAD();
    const entry = function* (): tx.Thread {
      status = yield* wait(objects);
    };
    yield* tx.tx_thread_create(waiter, 'waiter', entry, 0, new Uint8Array(512), 512, 2, 2, 0, tx.TX_AUTO_START);
    yield* meanwhile(objects, waiter);
    yield* tx.tx_thread_sleep(3);
    return status;
  });
}
