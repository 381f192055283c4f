/**
 * What the size of a device costs: a switch with 5 and with 5,000 threads, a tick with 10,000 sleeping ones, and the
 * memory of a thread.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defineFirmware, World, type Board } from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  TX_TIMER,
  tx_thread_create,
  tx_thread_relinquish,
  tx_thread_sleep,
  tx_timer_create,
  type Op,
  type Suspension,
  type Thread,
} from 'txsim/tx_api';

const RUNS = 5;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** A world of one device, built and booted by its first run. */
function worldOf(threads: number, define: (board: Board, stack: (index: number) => Uint8Array) => Op<void>): World {
  const world = new World();
  const firmware = defineFirmware((board) => ({
    *tx_application_define(memory) {
      yield* define(board, (index) => memory.subarray(index * 256, index * 256 + 256));
    },
  }));
  world.device('device', { firmware, cpu: 'instant', memory: 256 * (threads + 1) });
  return world;
}

function* createThreads(
  count: number,
  stack: (index: number) => Uint8Array,
  body: () => Thread,
): Generator<Suspension, void> {
  for (let index = 0; index < count; index++) {
    const block = new TX_THREAD();
    yield* tx_thread_create(block, 't', body, 0, stack(index), 256, 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
  }
}

/** Switches a second among threads of one priority. */
function switches(threads: number): number {
  const total = 3_000_000;
  let count = 0;
  const world = worldOf(threads, function* (_, stack) {
    yield* createThreads(threads, stack, function* () {
      yield* tx_thread_sleep(1);
      while (count < total) {
        count++;
        yield* tx_thread_relinquish();
      }
    });
  });
  world.run({ until: 0 });
  const began = performance.now();
  world.run();
  return (total / (performance.now() - began)) * 1000;
}

/** Nanoseconds of wall time for a tick at which one timer expires, while threads sleep. */
function tick(sleepers: number): number {
  const ticks = 1_000_000;
  const world = worldOf(sleepers, function* (_, stack) {
    yield* createThreads(sleepers, stack, function* () {
      yield* tx_thread_sleep(0xfffffffe);
    });
    yield* tx_timer_create(new TX_TIMER(), 'pulse', () => undefined, 0, 1, 1, 1);
  });
  world.run({ until: 0 });
  const began = performance.now();
  world.run({ until: ticks * 1e7 });
  return ((performance.now() - began) * 1e6) / ticks;
}

/** Bytes of heap that a thread takes which sleeps in its first service. */
function memoryOfThread(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const threads = 10_000;
  const before = used();
  const world = worldOf(threads, function* (_, stack) {
    yield* createThreads(threads, stack, function* () {
      yield* tx_thread_sleep(1000);
    });
  });
  world.run({ until: 0 });
  const after = used();
  world.run({ until: 0 });
  return (after - before) / threads;
}

const format = (value: number): string => Math.round(value).toLocaleString('en-GB');

const runs = Array.from({ length: RUNS });
const few = median(runs.map(() => switches(5)));
const many = median(runs.map(() => switches(5_000)));
const none = median(runs.map(() => tick(0)));
const asleep = median(runs.map(() => tick(10_000)));
process.stdout.write(
  [
    `What a device's size costs, Node ${process.version}, median of ${RUNS}`,
    '',
    `switches with 5 threads            ${format(few).padStart(12)} /s`,
    `switches with 5,000 threads        ${format(many).padStart(12)} /s  ${(many / few).toFixed(2)} ×`,
    `a tick with nobody asleep          ${format(none).padStart(12)} ns`,
    `a tick with 10,000 threads asleep  ${format(asleep).padStart(12)} ns  ${(asleep / none).toFixed(2)} ×`,
    `memory of a sleeping thread        ${format(memoryOfThread()).padStart(12)} bytes`,
    '',
  ].join('\n'),
);
