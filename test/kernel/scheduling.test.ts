import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  out,
  TX_AND_CLEAR,
  TX_DONT_START,
  TX_EVENT_FLAGS_GROUP,
  TX_INHERIT,
  TX_MUTEX,
  TX_NO_INHERIT,
  TX_OR,
  TX_OR_CLEAR,
  TX_QUEUE,
  TX_SEMAPHORE,
  TX_TIMER,
  TX_WAIT_FOREVER,
  tx_event_flags_create,
  tx_event_flags_get,
  tx_event_flags_set,
  tx_mutex_create,
  tx_mutex_get,
  tx_mutex_put,
  tx_queue_create,
  tx_queue_receive,
  tx_queue_send,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  tx_thread_relinquish,
  tx_thread_resume,
  tx_thread_sleep,
  tx_thread_suspend,
  tx_thread_terminate,
  tx_time_get,
  tx_time_set,
  tx_timer_create,
  type Op,
  type Thread,
  type TX_THREAD,
} from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

const FOREVER = TX_WAIT_FOREVER;

describe('priorities', () => {
  it('a thread made ready preempts at once where it is of higher priority, before the service returns', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const semaphore = new TX_SEMAPHORE();
      yield* tx_semaphore_create(semaphore, 's', 0);
      yield* thread('high', 3, function* () {
        yield* tx_semaphore_get(semaphore, FOREVER);
        log('high got it');
      });
      yield* thread('low', 5, function* () {
        log('low puts');
        yield* tx_semaphore_put(semaphore);
        log('low goes on');
      });
    });
    assert.deepEqual(log, ['low puts', 'high got it', 'low goes on']);
  });

  it('threads of one priority take turns only when they give way', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      for (const name of ['a', 'b', 'c']) {
        yield* thread(name, 5, function* () {
          log(`${name}1`);
          yield* tx_thread_relinquish();
          log(`${name}2`);
        });
      }
    });
    assert.deepEqual(log, ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  });

  it('a preemption-threshold keeps out what it covers, and only that', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const held: TX_THREAD[] = [];
      for (const priority of [4, 2]) {
        held.push(
          yield* thread(
            `p${priority}`,
            priority,
            function* () {
              log(`p${priority} runs`);
            },
            { autoStart: TX_DONT_START },
          ),
        );
      }
      yield* thread(
        'guarded',
        6,
        function* () {
          for (const other of held) yield* tx_thread_resume(other);
          log('guarded done');
        },
        { threshold: 3 },
      );
    });
    assert.deepEqual(log, ['p2 runs', 'guarded done', 'p4 runs']);
  });

  it('a thread preempted behind its threshold goes on before threads that its threshold covers', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const high = yield* thread(
        'high',
        1,
        function* () {
          log('high');
        },
        { autoStart: TX_DONT_START },
      );
      const middle = yield* thread(
        'middle',
        4,
        function* () {
          log('middle');
        },
        { autoStart: TX_DONT_START },
      );
      yield* thread(
        'guarded',
        6,
        function* () {
          yield* tx_thread_resume(middle);
          yield* tx_thread_resume(high);
          log('guarded');
        },
        { threshold: 3 },
      );
    });
    assert.deepEqual(log, ['high', 'guarded', 'middle']);
  });
});

describe('time', () => {
  it('sleep counts ticks from the next one on, exactly', () => {
    const { log, world } = runOnDevice(function* ({ log, thread }) {
      yield* thread('sleeper', 5, function* () {
        yield* tx_thread_sleep(1);
        log(`at tick ${yield* tx_time_get()}`);
        yield* tx_thread_sleep(250);
        log(`at tick ${yield* tx_time_get()}`);
      });
    });
    assert.deepEqual(log, ['at tick 1', 'at tick 251']);
    assert.equal(world.clock.now, 2_510_000_000);
  });

  it('tx_time_set moves the count and not the time-outs; the count wraps at 32 bits', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      yield* thread('t', 5, function* () {
        yield* tx_time_set(0xfffffffe);
        yield* tx_thread_sleep(3);
        log(String(yield* tx_time_get()));
      });
    });
    assert.deepEqual(log, ['1']);
  });

  it('a periodic timer keeps its pace for a simulated year', () => {
    let count = 0;
    const day = 24 * 3600;
    const { world } = runOnDevice(
      function* () {
        const timer = new TX_TIMER();
        yield* tx_timer_create(
          timer,
          'daily',
          () => {
            count++;
          },
          0,
          100 * day,
          100 * day,
          1,
        );
      },
      { until: '365d' },
    );
    assert.equal(count, 365);
    assert.equal(world.clock.now, 365 * day * 1e9);
  });

  it('timers of one tick expire in the order in which they were activated', () => {
    const { log } = runOnDevice(function* ({ log }) {
      for (const name of ['first', 'second', 'third']) {
        yield* tx_timer_create(new TX_TIMER(), name, () => log(name), 0, 5, 0, 1);
      }
    });
    assert.deepEqual(log, ['first', 'second', 'third']);
  });
});

describe('semaphores, mutexes, queues and event flags', () => {
  it('waiters of a semaphore are served in the order in which they came, whatever their priority', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const semaphore = new TX_SEMAPHORE();
      yield* tx_semaphore_create(semaphore, 's', 0);
      for (const [name, priority] of [
        ['late', 7],
        ['later', 6],
      ] as const) {
        yield* thread(name, priority, function* () {
          yield* tx_thread_sleep(name === 'late' ? 1 : 2);
          yield* tx_semaphore_get(semaphore, FOREVER);
          log(name);
        });
      }
      yield* thread('giver', 8, function* () {
        yield* tx_thread_sleep(5);
        yield* tx_semaphore_put(semaphore);
        yield* tx_semaphore_put(semaphore);
      });
    });
    assert.deepEqual(log, ['late', 'later']);
  });

  it('an inheriting mutex lends its owner the priority of its highest waiter until it is put', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const mutex = new TX_MUTEX();
      yield* tx_mutex_create(mutex, 'm', TX_INHERIT);
      const low = yield* thread('low', 9, function* () {
        yield* tx_mutex_get(mutex, FOREVER);
        yield* tx_thread_sleep(2);
        log(`owner runs at ${low.tx_thread_priority}`);
        yield* tx_mutex_put(mutex);
        log(`then at ${low.tx_thread_priority}`);
      });
      yield* thread('high', 2, function* () {
        yield* tx_thread_sleep(1);
        yield* tx_mutex_get(mutex, FOREVER);
        log('high has it');
        yield* tx_mutex_put(mutex);
      });
    });
    assert.deepEqual(log, ['owner runs at 2', 'high has it', 'then at 9']);
  });

  it('inheritance ends with the owner: who holds what the owner waits for gains nothing, as in ThreadX', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const [outer, inner] = [new TX_MUTEX(), new TX_MUTEX()];
      yield* tx_mutex_create(outer, 'outer', TX_INHERIT);
      yield* tx_mutex_create(inner, 'inner', TX_INHERIT);
      const last = yield* thread('last', 20, function* () {
        yield* tx_mutex_get(inner, FOREVER);
        yield* tx_thread_sleep(5);
        log(`last at ${last.tx_thread_priority}`);
        yield* tx_mutex_put(inner);
      });
      yield* thread('middle', 10, function* () {
        yield* tx_thread_sleep(1);
        yield* tx_mutex_get(outer, FOREVER);
        yield* tx_mutex_get(inner, FOREVER);
        yield* tx_mutex_put(inner);
        yield* tx_mutex_put(outer);
      });
      yield* thread('first', 3, function* () {
        yield* tx_thread_sleep(2);
        yield* tx_mutex_get(outer, FOREVER);
        log('first has it');
        yield* tx_mutex_put(outer);
      });
    });
    assert.deepEqual(log, ['last at 10', 'first has it']);
  });

  it('a terminated thread gives its mutexes up', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const mutex = new TX_MUTEX();
      yield* tx_mutex_create(mutex, 'm', TX_NO_INHERIT);
      const owner = yield* thread('owner', 4, function* () {
        yield* tx_mutex_get(mutex, FOREVER);
        yield* tx_thread_sleep(1000);
      });
      yield* thread('other', 5, function* () {
        yield* tx_thread_terminate(owner);
        log(`status ${yield* tx_mutex_get(mutex, 1)}`);
        yield* tx_mutex_put(mutex);
      });
    });
    assert.deepEqual(log, ['status 0']);
  });

  it('a queue hands messages on in order, to waiting receivers and from waiting senders', () => {
    const { log } = runOnDevice(function* ({ log, thread, memory }) {
      const queue = new TX_QUEUE();
      yield* tx_queue_create(queue, 'q', 1, memory(8), 8);
      yield* thread('sender', 5, function* () {
        for (let value = 1; value <= 4; value++) {
          yield* tx_queue_send(queue, Uint32Array.of(value), FOREVER);
          log(`sent ${value}`);
        }
      });
      yield* thread('receiver', 6, function* () {
        const message = new Uint32Array(1);
        for (let count = 0; count < 4; count++) {
          yield* tx_queue_receive(queue, message, FOREVER);
          log(`received ${message[0] ?? 0}`);
        }
      });
    });
    assert.deepEqual(log, [
      'sent 1',
      'sent 2',
      'sent 3',
      'received 1',
      'sent 4',
      'received 2',
      'received 3',
      'received 4',
    ]);
  });

  it('event flags satisfy several clearing waiters from one set', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const group = new TX_EVENT_FLAGS_GROUP();
      yield* tx_event_flags_create(group, 'g');
      for (const [name, flags, option] of [
        ['any', 0x3, TX_OR_CLEAR],
        ['all', 0x3, TX_AND_CLEAR],
      ] as const) {
        yield* thread(name, 5, function* () {
          const actual = out<number>();
          yield* tx_event_flags_get(group, flags, option, actual, FOREVER);
          log(`${name} saw ${actual.value}`);
        });
      }
      yield* thread('setter', 6, function* () {
        yield* tx_event_flags_set(group, 0x7, TX_OR);
        log(`left ${group.tx_event_flags_group_current}`);
      });
    });
    assert.deepEqual(log, ['any saw 7', 'all saw 7', 'left 4']);
  });

  it('suspending a waiting thread takes effect when its wait ends', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const semaphore = new TX_SEMAPHORE();
      yield* tx_semaphore_create(semaphore, 's', 0);
      const waiter = yield* thread('waiter', 4, function* () {
        yield* tx_semaphore_get(semaphore, FOREVER);
        log('waiter runs');
      });
      yield* thread('other', 5, function* () {
        log(`suspend ${yield* tx_thread_suspend(waiter)}`);
        yield* tx_semaphore_put(semaphore);
        log(`state ${waiter.tx_thread_state}`);
        log(`resume ${yield* tx_thread_resume(waiter)}`);
      });
    });
    assert.deepEqual(log, ['suspend 0', 'state 3', 'waiter runs', 'resume 0']);
  });
});

describe('simulated CPU time', () => {
  it('a computation is interrupted by what a tick makes ready, and takes as long as it should', () => {
    const { device } = runOnDevice(function* ({ thread, board }) {
      yield* thread('worker', 10, function* () {
        yield* board.consume('25ms');
        board.print('worker done');
      });
      yield* thread('ticker', 2, function* () {
        for (let count = 0; count < 3; count++) {
          yield* tx_thread_sleep(1);
          yield* board.consume('1ms');
          board.print('tick');
        }
      });
    });
    const happened = device.output.lines.map(({ text, time }) => `${text} at ${time / 1e6} ms`);
    assert.deepEqual(happened, ['tick at 11 ms', 'tick at 21 ms', 'worker done at 27 ms', 'tick at 31 ms']);
  });
});

describe('time slices', () => {
  const worker = (name: string, consume: () => Op<number>, note: (text: string) => void) =>
    function* (): Thread {
      for (let part = 1; part <= 3; part++) {
        yield* consume();
        note(`${name}${part}`);
      }
    };

  it('threads of one priority take turns at ticks, each after its slice', () => {
    const { log } = runOnDevice(function* ({ log, thread, board }) {
      for (const name of ['a', 'b']) {
        yield* thread(
          name,
          5,
          worker(name, () => board.consume('9ms'), log),
          { timeSlice: 1 },
        );
      }
    });
    assert.deepEqual(log, ['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  });

  it('a slice of several ticks lasts so long', () => {
    const { log } = runOnDevice(function* ({ log, thread, board }) {
      for (const name of ['a', 'b']) {
        yield* thread(
          name,
          5,
          worker(name, () => board.consume('9ms'), log),
          { timeSlice: 2 },
        );
      }
    });
    assert.deepEqual(log, ['a1', 'a2', 'b1', 'b2', 'a3', 'b3']);
  });

  it('without slices, or behind a preemption-threshold, nobody is interrupted by an equal', () => {
    for (const more of [{}, { timeSlice: 1, threshold: 4 }]) {
      const { log } = runOnDevice(function* ({ log, thread, board }) {
        for (const name of ['a', 'b']) {
          yield* thread(
            name,
            5,
            worker(name, () => board.consume('9ms'), log),
            more,
          );
        }
      });
      assert.deepEqual(log, ['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
    }
  });

  it('what is left of a slice is kept over a preemption', () => {
    const { device } = runOnDevice(function* ({ thread, board }) {
      yield* thread('high', 2, function* () {
        yield* tx_thread_sleep(1);
        yield* board.consume('30ms');
        board.print('high done');
      });
      for (const name of ['a', 'b']) {
        yield* thread(
          name,
          5,
          function* () {
            yield* board.consume('30ms');
            board.print(`${name} done`);
          },
          { timeSlice: 2 },
        );
      }
    });
    const happened = device.output.lines.map(({ text, time }) => `${text} at ${time / 1e6}`);
    // a: 0 to 10; high: 10 to 40; a: 40 to 50, its slice is used up; b: 50 to 70; a: 70 to 80; b: 80 to 90.
    assert.deepEqual(happened, ['high done at 40', 'a done at 80', 'b done at 90']);
  });
});
