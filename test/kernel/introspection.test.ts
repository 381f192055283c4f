import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tx from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

const FOREVER = tx.TX_WAIT_FOREVER;

describe('performance services', () => {
  it('count what one semaphore did, and all of them, deleted ones included', () => {
    const config = { TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO: true };
    const { log } = runOnDevice(
      function* ({ log, thread }) {
        const [first, second] = [new tx.TX_SEMAPHORE(), new tx.TX_SEMAPHORE()];
        yield* tx.tx_semaphore_create(first, 'first', 1);
        yield* tx.tx_semaphore_create(second, 'second', 0);
        yield* thread('main', 5, function* () {
          yield* tx.tx_semaphore_get(first, 0);
          yield* tx.tx_semaphore_get(first, 2);
          yield* tx.tx_semaphore_put(second);
          const [puts, gets, suspensions, timeouts] = [
            tx.out<number>(),
            tx.out<number>(),
            tx.out<number>(),
            tx.out<number>(),
          ];
          const read = (): string => [puts, gets, suspensions, timeouts].map((cell) => cell.value).join(' ');
          yield* tx.tx_semaphore_performance_info_get(first, puts, gets, suspensions, timeouts);
          log(read());
          yield* tx.tx_semaphore_delete(second);
          yield* tx.tx_semaphore_performance_system_info_get(puts, gets, suspensions, timeouts);
          log(read());
        });
      },
      { config },
    );
    assert.deepEqual(log, ['0 2 1 1', '1 2 1 1']);
  });

  it('tell preemptions by threads from those by interrupts, and who was last', () => {
    const config = { TX_THREAD_ENABLE_PERFORMANCE_INFO: true };
    const { log } = runOnDevice(
      function* ({ board, log, thread }) {
        const semaphore = new tx.TX_SEMAPHORE();
        yield* tx.tx_semaphore_create(semaphore, 's', 0);
        yield* thread('high', 3, function* () {
          yield* tx.tx_semaphore_get(semaphore, FOREVER);
          yield* tx.tx_thread_sleep(1);
        });
        const low: tx.TX_THREAD = yield* thread('low', 5, function* () {
          yield* tx.tx_semaphore_put(semaphore);
          yield* board.consume('15ms');
          const [solicited, interrupts] = [tx.out<number>(), tx.out<number>()];
          const by = tx.out<tx.TX_THREAD | null>();
          const none = null;
          yield* tx.tx_thread_performance_info_get(
            low,
            none,
            none,
            solicited,
            interrupts,
            none,
            none,
            none,
            none,
            none,
            by,
          );
          log(
            `${solicited.value} by threads, ${interrupts.value} by interrupts, last ${by.value?.tx_thread_name ?? ''}`,
          );
        });
      },
      { config },
    );
    // The tick's interrupt makes the timer thread ready, which makes the sleeper ready in its turn.
    assert.deepEqual(log, ['1 by threads, 1 by interrupts, last System Timer Thread']);
  });

  it('count what a byte pool searched, split and merged, and the passes of a long timer', () => {
    const config = { TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO: true, TX_TIMER_ENABLE_PERFORMANCE_INFO: true };
    const { log } = runOnDevice(
      function* ({ log, thread, memory }) {
        const pool = new tx.TX_BYTE_POOL();
        yield* tx.tx_byte_pool_create(pool, 'p', memory(400), 400);
        const timer = new tx.TX_TIMER();
        yield* tx.tx_timer_create(timer, 't', null, 0, 70, 0, tx.TX_AUTO_ACTIVATE);
        yield* thread('main', 5, function* () {
          const [one, two] = [tx.out<Uint8Array>(), tx.out<Uint8Array>()];
          yield* tx.tx_byte_allocate(pool, one, 100, 0);
          yield* tx.tx_byte_allocate(pool, two, 100, 0);
          yield* tx.tx_byte_release(one.value);
          yield* tx.tx_byte_release(two.value);
          yield* tx.tx_byte_allocate(pool, one, 300, 0);
          const [searched, merges, splits] = [tx.out<number>(), tx.out<number>(), tx.out<number>()];
          yield* tx.tx_byte_pool_performance_info_get(pool, null, null, searched, merges, splits, null, null);
          log(`searched ${searched.value}, merged ${merges.value}, split ${splits.value}`);
          yield* tx.tx_thread_sleep(100);
          const [expirations, adjusts] = [tx.out<number>(), tx.out<number>()];
          yield* tx.tx_timer_performance_info_get(timer, null, null, null, expirations, adjusts);
          log(`expired ${expirations.value}, after ${adjusts.value} passes`);
        });
      },
      { config },
    );
    assert.deepEqual(log, ['searched 5, merged 2, split 3', 'expired 1, after 2 passes']);
  });

  it('show the next created object, in a ring', () => {
    const { log } = runOnDevice(function* ({ log }) {
      const semaphores = ['a', 'b', 'c'].map((name) => ({ name, semaphore: new tx.TX_SEMAPHORE() }));
      for (const { name, semaphore } of semaphores) yield* tx.tx_semaphore_create(semaphore, name, 0);
      for (const { semaphore } of semaphores) {
        const next = tx.out<tx.TX_SEMAPHORE>();
        yield* tx.tx_semaphore_info_get(semaphore, null, null, null, null, next);
        log(next.value.tx_semaphore_name);
      }
    });
    assert.deepEqual(log, ['b', 'c', 'a']);
  });
});

/** What TraceX reads of a buffer: the names of its objects, and its events, the oldest first. */
function readTrace(buffer: Uint8Array): { readonly objects: ReadonlyMap<number, string>; readonly events: number[][] } {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const word = (at: number): number => view.getUint32(at, true);
  assert.equal(word(0), 0x54585442, 'the buffer begins with TXTB');
  const base = word(8);
  const nameSize = view.getUint16(18, true);
  const [registry, registryEnd] = [word(12) - base, word(20) - base];
  const [start, end, current] = [word(24) - base, word(28) - base, word(32) - base];
  assert.equal(registry, 48);
  assert.equal(registryEnd, start);
  const objects = new Map<number, string>();
  for (let at = registry; at < registryEnd; at += 16 + nameSize) {
    const name = buffer.subarray(at + 16, at + 16 + nameSize);
    if (buffer[at + 1] !== 0) objects.set(word(at + 4), new TextDecoder().decode(name.subarray(0, name.indexOf(0))));
  }
  const events: number[][] = [];
  const count = (end - start) / 32;
  for (let index = 0; index < count; index++) {
    const at = start + ((current - start + index * 32) % (end - start));
    if (word(at) !== 0) events.push([0, 4, 8, 12, 16, 20, 24, 28].map((offset) => word(at + offset)));
  }
  return { objects, events };
}

describe('the event trace', () => {
  const config = { TX_ENABLE_EVENT_TRACE: true };

  it('is a buffer that TraceX reads: header, registry, ring of events', () => {
    let buffer: Uint8Array = new Uint8Array(0);
    const { device } = runOnDevice(
      function* ({ thread, memory }) {
        buffer = memory(2048);
        const semaphore = new tx.TX_SEMAPHORE();
        yield* tx.tx_semaphore_create(semaphore, 'ready', 0);
        yield* tx.tx_trace_enable(buffer, 2048, 8);
        yield* thread('worker', 9, function* () {
          yield* tx.tx_thread_sleep(2);
          yield* tx.tx_semaphore_put(semaphore);
          yield* tx.tx_trace_user_event_insert(4097, 1, 2, 3, 4);
          yield* tx.tx_trace_disable();
          yield* tx.tx_semaphore_put(semaphore);
        });
      },
      { config },
    );
    const { objects, events } = readTrace(buffer);
    assert.deepEqual([...objects.values()], ['System Timer Thread', 'ready', 'worker']);
    const nameOf = (address: number | undefined): string => objects.get(address ?? 0) ?? '';
    const told = events.map(([thread, priority, event, stamp, first, second]) => {
      const who = thread === 0xf0f0f0f0 ? 'init' : thread === 0xffffffff ? 'isr' : nameOf(thread);
      return `${who} ${event} ${nameOf(first) || first} ${second} at ${stamp} ${(priority ?? 0).toString(16)}`;
    });
    assert.deepEqual(told, [
      'init 100 worker 9 at 0 0',
      'init 1 worker 3 at 0 0',
      'worker 112 2 0 at 0 80090009',
      'worker 2 worker 4 at 0 80090009',
      'isr 1 System Timer Thread 3 at 20000 0',
      'System Timer Thread 1 worker 4 at 20000 80000000',
      'System Timer Thread 2 System Timer Thread 3 at 20000 80000000',
      'worker 88 ready 0 at 20000 80090009',
      'worker 4097 1 2 at 20000 80090009',
    ]);
    assert.equal(device.kernel.eventLog, null);
  });

  it('begins anew when it is full, and tells; filters leave groups out', () => {
    const { log } = runOnDevice(
      function* ({ log, memory }) {
        const buffer = memory(48 + 4 * 32);
        yield* tx.tx_trace_buffer_full_notify((whole) => log(`full: ${whole.length} bytes`));
        yield* tx.tx_trace_enable(buffer, buffer.length, 0);
        yield* tx.tx_trace_event_filter(tx.TX_TRACE_TIME_EVENTS);
        for (let count = 0; count < 10; count++) yield* tx.tx_time_set(0);
        for (let id = 4096; id < 4102; id++) yield* tx.tx_trace_user_event_insert(id, 0, 0, 0, 0);
        yield* tx.tx_trace_event_unfilter(tx.TX_TRACE_TIME_EVENTS);
        yield* tx.tx_time_set(7);
        log(
          readTrace(buffer)
            .events.map(([, , event]) => event)
            .join(' '),
        );
      },
      { config },
    );
    assert.deepEqual(log, ['full: 176 bytes', '4099 4100 4101 121']);
  });
});
