/**
 * The Thread-Metric tests: how often a second the kernel does each of eight things, in wall time, with services that take
 * no simulated time. One count is what the suite counts.
 */
import { defineFirmware, World, type Board } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_BLOCK_POOL,
  TX_DONT_START,
  TX_NO_TIME_SLICE,
  TX_QUEUE,
  TX_SEMAPHORE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_block_allocate,
  tx_block_pool_create,
  tx_block_release,
  tx_queue_create,
  tx_queue_receive,
  tx_queue_send,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  tx_thread_create,
  tx_thread_relinquish,
  tx_thread_resume,
  tx_thread_suspend,
  TX_TIMER,
  tx_timer_create,
  type Suspension,
  type Thread,
} from 'txsim/tx_api';
import type { Device } from '../../sim/device.ts';

/** Counts a second of ThreadX's own Linux port, measured on a 2-core x86-64 machine (64-bit, -O2, the best of several). */
const LINUX_PORT: Readonly<Record<string, number>> = {
  'cooperative scheduling': 20_081,
  'preemptive scheduling': 13_074,
  'interrupt processing': 45_312,
  'interrupt preemption': 16_369,
  'message processing': 9_602_078,
  synchronization: 12_036_313,
  'memory allocation': 10_749_028,
};

const RUNS = 5;

interface Counter {
  count: number;
}

type Setup = (board: Board, counter: Counter, limit: number) => (memory: Uint8Array) => Generator<Suspension, void>;

function* thread(
  memory: Uint8Array,
  index: number,
  priority: number,
  body: () => Thread,
  start = TX_AUTO_START,
): Generator<Suspension, TX_THREAD> {
  const block = new TX_THREAD();
  const stack = memory.subarray(index * 512, index * 512 + 512);
  yield* tx_thread_create(block, `thread ${index}`, body, 0, stack, 512, priority, priority, TX_NO_TIME_SLICE, start);
  return block;
}

const single =
  (body: (counter: Counter, limit: number, memory: Uint8Array) => Thread): Setup =>
  (_board, counter, limit) =>
    function* (memory) {
      yield* thread(memory, 0, 10, () => body(counter, limit, memory.subarray(8192)));
    };

const TESTS: Readonly<Record<string, Setup>> = {
  'basic processing': single(function* (counter, limit) {
    const values = new Uint32Array(1024);
    for (; counter.count < limit / 1000; counter.count++) {
      for (let at = 0; at < values.length; at++) values[at] = ((values[at] ?? 0) + counter.count) ^ (values[at] ?? 0);
      yield* tx_thread_relinquish();
    }
  }),
  'cooperative scheduling': (_board, counter, limit) =>
    function* (memory) {
      for (let index = 0; index < 5; index++) {
        yield* thread(memory, index, 3, function* () {
          for (; counter.count < limit; counter.count++) yield* tx_thread_relinquish();
        });
      }
    },
  'preemptive scheduling': (_board, counter, limit) =>
    function* (memory) {
      const threads: TX_THREAD[] = [];
      for (let index = 0; index < 5; index++) {
        const start = index === 0 ? TX_AUTO_START : TX_DONT_START;
        const body = function* (): Thread {
          for (; counter.count < limit;) {
            const next = threads[index + 1];
            if (next !== undefined) yield* tx_thread_resume(next);
            counter.count++;
            const self = threads[index];
            if (index > 0 && self !== undefined) yield* tx_thread_suspend(self);
          }
        };
        // The first is the lowest: each resumes the one above it, which runs at once and suspends itself.
        threads.push(yield* thread(memory, index, 10 - index, body, start));
      }
    },
  'message processing': single(function* (counter, limit, memory) {
    const queue = new TX_QUEUE();
    yield* tx_queue_create(queue, 'queue', 4, memory.subarray(0, 160), 160);
    const [message, received] = [Uint32Array.of(1, 2, 3, 4), new Uint32Array(4)];
    for (; counter.count < limit; counter.count++) {
      yield* tx_queue_send(queue, message, TX_WAIT_FOREVER);
      yield* tx_queue_receive(queue, received, TX_WAIT_FOREVER);
    }
  }),
  synchronization: single(function* (counter, limit) {
    const semaphore = new TX_SEMAPHORE();
    yield* tx_semaphore_create(semaphore, 'semaphore', 1);
    for (; counter.count < limit; counter.count++) {
      yield* tx_semaphore_get(semaphore, TX_WAIT_FOREVER);
      yield* tx_semaphore_put(semaphore);
    }
  }),
  'memory allocation': single(function* (counter, limit, memory) {
    const pool = new TX_BLOCK_POOL();
    yield* tx_block_pool_create(pool, 'pool', 128, memory.subarray(0, 2048), 2048);
    const block = out<Uint8Array>();
    for (; counter.count < limit; counter.count++) {
      yield* tx_block_allocate(pool, block, TX_WAIT_FOREVER);
      yield* tx_block_release(block.value);
    }
  }),
};

/** Counts a second of one run. */
function measure(setup: Setup, limit: number, drive?: (device: Device, counter: Counter) => void): number {
  const counter: Counter = { count: 0 };
  const world = new World();
  const firmware = defineFirmware((board) => ({ tx_application_define: setup(board, counter, limit) }));
  const device = world.device('device', { firmware, cpu: 'instant' });
  const begun = process.hrtime.bigint();
  world.run({ until: 1 });
  drive?.(device, counter);
  return counter.count / (Number(process.hrtime.bigint() - begun) / 1e9);
}

/** An interrupt puts a semaphore, and the thread (of lower or higher priority than the one that runs) gets it. */
function interrupts(preempts: boolean, limit: number): number {
  const semaphore = new TX_SEMAPHORE();
  const setup: Setup = (_board, counter) =>
    function* (memory) {
      // Something is always due, so that a device whose threads all wait is no deadlock.
      yield* tx_timer_create(new TX_TIMER(), 'later', null, 0, 1000, 0, 1);
      yield* tx_semaphore_create(semaphore, 'semaphore', 0);
      yield* thread(memory, 0, 5, function* () {
        for (;;) {
          yield* tx_semaphore_get(semaphore, TX_WAIT_FOREVER);
          counter.count++;
        }
      });
      if (!preempts) return;
      const background = new TX_SEMAPHORE();
      yield* tx_semaphore_create(background, 'background', 0);
      yield* thread(memory, 1, 10, function* () {
        for (;;) yield* tx_semaphore_get(background, TX_WAIT_FOREVER);
      });
    };
  return measure(setup, limit, (device, counter) => {
    while (counter.count < limit) device.interrupt(() => tx_semaphore_put(semaphore));
  });
}

/** The least that a service call can be: given up once, and then complete. */
class TwoSteps implements Iterator<object, number>, Iterable<object, number> {
  readonly #suspended: IteratorResult<object, number> = { done: false, value: {} };
  readonly #complete: IteratorResult<object, number> = { done: true, value: 0 };
  #first = true;

  [Symbol.iterator](): this {
    this.#first = true;
    return this;
  }

  next(): IteratorResult<object, number> {
    const first = this.#first;
    this.#first = false;
    return first ? this.#suspended : this.#complete;
  }
}

/** What a bare loop does that resumes five generators in turn, each with one pooled iterator: a scheduler's ceiling. */
function bareLoop(limit: number): number {
  let count = 0;
  const body = function* (): Generator<object, void> {
    const operation = new TwoSteps();
    for (;;) {
      yield* operation;
      count++;
    }
  };
  const threads = Array.from({ length: 5 }, body);
  const begun = process.hrtime.bigint();
  while (count < limit) for (const one of threads) one.next();
  return count / (Number(process.hrtime.bigint() - begun) / 1e9);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function report(name: string, run: () => number): number {
  const rate = median(Array.from({ length: RUNS }, run));
  const peer = LINUX_PORT[name];
  const ratio = peer === undefined ? '' : `${(rate / peer).toFixed(1).padStart(10)} × ${peer.toLocaleString('en')}`;
  console.log(`${name.padEnd(28)}${Math.round(rate).toLocaleString('en').padStart(14)} /s${ratio}`);
  return rate;
}

console.log(`Thread-Metric, Node ${process.version}, median of ${RUNS}; beside it ThreadX's own Linux port\n`);
const bare = report('bare generator loop', () => bareLoop(3_000_000));
let cooperative = 0;
for (const [name, setup] of Object.entries(TESTS)) {
  const rate = report(name, () => measure(setup, 2_000_000));
  if (name === 'cooperative scheduling') cooperative = rate;
}
report('interrupt processing', () => interrupts(false, 500_000));
report('interrupt preemption', () => interrupts(true, 500_000));
console.log(`\na cooperative switch runs at ${(cooperative / bare).toFixed(2)} of the bare loop's speed`);
