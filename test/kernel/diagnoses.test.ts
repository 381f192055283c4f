import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CPU_PROFILES, defineFirmware, describeNote, SimulationError, threadStats, World } from 'txsim';
import * as tx from 'txsim/tx_api';
import { runOnDevice, type Bench } from '../support/one-device.ts';

const notesOf = (define: (bench: Bench) => tx.Op<void>, until = '5s'): readonly string[] =>
  runOnDevice(define, { until }).world.notes().map(describeNote);

describe('notes on a run', () => {
  it('name a thread that starved, and for how long', () => {
    const notes = notesOf(function* ({ board, thread }) {
      yield* thread('greedy', 4, function* () {
        for (;;) yield* board.consume('10ms');
      });
      yield* thread('meek', 9, function* () {});
    });
    assert.equal(notes.length, 1);
    assert.match(
      notes[0] ?? '',
      /^device 'device': thread 'meek' \(priority 9\) was ready for 5\.0+ s without running, and/,
    );
  });

  it('name a mutex that was held when its thread ended, and say so once for many times', () => {
    const notes = notesOf(function* ({ thread }) {
      const mutex = new tx.TX_MUTEX();
      yield* tx.tx_mutex_create(mutex, 'bus', tx.TX_NO_INHERIT);
      const short = yield* thread('short', 4, function* () {
        yield* tx.tx_mutex_get(mutex, tx.TX_WAIT_FOREVER);
      });
      yield* thread('again', 5, function* () {
        yield* tx.tx_thread_reset(short);
        yield* tx.tx_thread_resume(short);
      });
    });
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /thread 'short' ended and still held mutex 'bus'; .* \(2 times\)$/);
  });

  it('name a ring of mutexes, in a world that goes on', () => {
    const notes = notesOf(function* ({ thread }) {
      const [left, right] = [new tx.TX_MUTEX(), new tx.TX_MUTEX()];
      yield* tx.tx_mutex_create(left, 'left', tx.TX_NO_INHERIT);
      yield* tx.tx_mutex_create(right, 'right', tx.TX_NO_INHERIT);
      for (const [name, first, second] of [
        ['a', left, right],
        ['b', right, left],
      ] as const) {
        yield* thread(name, 5, function* () {
          yield* tx.tx_mutex_get(first, tx.TX_WAIT_FOREVER);
          yield* tx.tx_thread_sleep(1);
          yield* tx.tx_mutex_get(second, tx.TX_WAIT_FOREVER);
        });
      }
      yield* tx.tx_timer_create(new tx.TX_TIMER(), 'life goes on', null, 0, 10, 10, tx.TX_AUTO_ACTIVATE);
    });
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /deadlock: thread 'b' waits for mutex 'left', thread 'a' waits for mutex 'right'/);
  });

  it('name an expiration routine that tried to wait, whatever it tried', () => {
    const notes = notesOf(function* () {
      const semaphore = new tx.TX_SEMAPHORE();
      yield* tx.tx_semaphore_create(semaphore, 's', 0);
      const routine = function* (): tx.Thread {
        yield* tx.tx_semaphore_get(semaphore, 10);
        yield* tx.tx_thread_sleep(1);
      };
      yield* tx.tx_timer_create(new tx.TX_TIMER(), 'poll', routine, 0, 1, 0, tx.TX_AUTO_ACTIVATE);
    });
    assert.equal(notes.length, 2);
    assert.match(notes[0] ?? '', /the routine of timer 'poll' tried to wait in tx_semaphore_get\(\)/);
    assert.match(notes[1] ?? '', /tried to wait in tx_thread_sleep\(\)/);
  });

  it('are none for a firmware that does nothing of the kind', () => {
    const notes = notesOf(function* ({ thread }) {
      yield* thread('well behaved', 4, function* () {
        yield* tx.tx_thread_sleep(200);
      });
    });
    assert.deepEqual(notes, []);
  });
});

describe('statistics of threads', () => {
  it('show runs, CPU time and its share, and preemptions by their cause', () => {
    const { world } = runOnDevice(
      function* ({ board, thread }) {
        yield* thread('worker', 5, function* () {
          for (let round = 0; round < 5; round++) {
            yield* board.consume('10ms');
            yield* tx.tx_thread_sleep(9);
          }
        });
        yield* tx.tx_timer_create(new tx.TX_TIMER(), 'tick', null, 0, 10, 10, tx.TX_AUTO_ACTIVATE);
      },
      { until: '1s' },
    );
    const lines = threadStats(world);
    assert.match(lines[1] ?? '', /^device 'device': CPU instant, busy 5\.00 % of the time$/);
    const worker = lines.find((line) => line.includes('worker')) ?? '';
    assert.match(worker, /worker +5 +\d+ +50\.000 +5\.00 %/);
  });
});

describe('CPU profiles', () => {
  it('charge services by their own figures, and switches between threads', () => {
    const spent = (cpu: keyof typeof CPU_PROFILES): readonly number[] => {
      const threads: tx.TX_THREAD[] = [];
      runOnDevice(
        function* ({ thread }) {
          const semaphore = new tx.TX_SEMAPHORE();
          yield* tx.tx_semaphore_create(semaphore, 's', 0);
          threads.push(
            yield* thread('puts', 5, function* () {
              for (let count = 0; count < 1000; count++) yield* tx.tx_semaphore_put(semaphore);
            }),
            yield* thread('changes', 5, function* () {
              for (let count = 0; count < 1000; count++) yield* tx.tx_event_flags_set(null, 0, 0);
            }),
          );
        },
        { cpu, until: '10s' },
      );
      return threads.map(({ cpuTime }) => cpuTime);
    };
    assert.deepEqual(spent('instant'), [0, 0]);
    assert.deepEqual(spent('default'), [1_000_000, 1_000_000]);
    // A semaphore's put takes 0.2 µs at 200 MHz, what is not listed 0.3, and a switch 0.4.
    assert.deepEqual(spent('cortex-m4-120mhz'), [333_000 + 667, 500_000 + 667]);
    assert.deepEqual(spent('cortex-m0plus-64mhz'), [625_000 + 1250, 938_000 + 1250]);
  });

  it('are refused by an unknown name, with the names there are', () => {
    const world = new World();
    const firmware = defineFirmware(() => ({ tx_application_define() {} }));
    const cpu = 'cortex-m99' as 'instant';
    assert.throws(
      () => world.device('d', { firmware, cpu }),
      (error: unknown) =>
        error instanceof SimulationError &&
        error.what.includes("device 'd': there is no CPU profile 'cortex-m99'") &&
        (error.fix ?? '').includes('cortex-m4-120mhz'),
    );
  });
});
