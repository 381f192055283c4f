import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tx from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

describe('changing threads', () => {
  it('a thread that lowers itself stays first at its new priority', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const self: tx.TX_THREAD = yield* thread('self', 4, function* () {
        const old = tx.out<number>();
        log(`status ${yield* tx.tx_thread_priority_change(self, 6, old)}, was ${old.value}`);
        log('still self');
        yield* tx.tx_thread_relinquish();
        log('self again');
      });
      yield* thread('middle', 5, function* () {
        log('middle');
      });
      yield* thread('equal', 6, function* () {
        log('equal');
      });
    });
    // middle is of higher priority from then on, and comes first; among equals self was running.
    assert.deepEqual(log, ['middle', 'status 0, was 4', 'still self', 'equal', 'self again']);
  });

  it('a lowered threshold lets waiting threads in at once', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const high = yield* thread(
        'high',
        3,
        function* () {
          log('high');
        },
        { autoStart: tx.TX_DONT_START },
      );
      const self: tx.TX_THREAD = yield* thread(
        'self',
        6,
        function* () {
          yield* tx.tx_thread_resume(high);
          log('not preempted');
          const old = tx.out<number>();
          yield* tx.tx_thread_preemption_change(self, 6, old);
          log(`was ${old.value}`);
        },
        { threshold: 2 },
      );
    });
    assert.deepEqual(log, ['not preempted', 'high', 'was 2']);
  });

  it('a thread that is over is reset, and runs again when it is resumed', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const again = yield* thread('again', 4, function* () {
        log('runs');
      });
      yield* thread('other', 5, function* () {
        log(`reset ${yield* tx.tx_thread_reset(again)}`);
        log(`state ${again.tx_thread_state}`);
        log(`resume ${yield* tx.tx_thread_resume(again)}`);
        log(`delete ${yield* tx.tx_thread_delete(again)}`);
      });
    });
    assert.deepEqual(log, ['runs', 'reset 0', 'state 3', 'runs', 'resume 0', 'delete 0']);
  });

  it('entry and exit are told, in the thread itself', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const watched = yield* thread(
        'watched',
        4,
        function* () {
          log('body');
        },
        { autoStart: tx.TX_DONT_START },
      );
      yield* tx.tx_thread_entry_exit_notify(watched, function* (which, condition) {
        const current = yield* tx.tx_thread_identify();
        log(
          `${which.tx_thread_name} ${condition === tx.TX_THREAD_ENTRY ? 'begins' : 'ends'} in ${current?.tx_thread_name ?? ''}`,
        );
      });
      yield* tx.tx_thread_resume(watched);
    });
    assert.deepEqual(log, ['watched begins in watched', 'body', 'watched ends in watched']);
  });
});

describe('queues', () => {
  it('a message sent to the front comes first, from a waiting sender too', () => {
    const { log } = runOnDevice(function* ({ log, thread, memory }) {
      const queue = new tx.TX_QUEUE();
      yield* tx.tx_queue_create(queue, 'q', 1, memory(8), 8);
      yield* thread('sender', 4, function* () {
        for (const value of [1, 2]) yield* tx.tx_queue_send(queue, Uint32Array.of(value), tx.TX_NO_WAIT);
        yield* tx.tx_queue_front_send(queue, Uint32Array.of(9), tx.TX_WAIT_FOREVER);
        yield* tx.tx_queue_front_send(queue, Uint32Array.of(8), tx.TX_NO_WAIT);
      });
      yield* thread('receiver', 5, function* () {
        const message = new Uint32Array(1);
        while ((yield* tx.tx_queue_receive(queue, message, tx.TX_NO_WAIT)) === tx.TX_SUCCESS) log(String(message[0]));
      });
    });
    assert.deepEqual(log, ['1', '9', '2']);
  });
});

describe('prioritize', () => {
  it('puts the highest waiter first, once', () => {
    const { log } = runOnDevice(function* ({ log, thread }) {
      const semaphore = new tx.TX_SEMAPHORE();
      yield* tx.tx_semaphore_create(semaphore, 's', 0);
      for (const priority of [7, 6, 5]) {
        yield* thread(`p${priority}`, priority, function* () {
          yield* tx.tx_thread_sleep(8 - priority);
          yield* tx.tx_semaphore_get(semaphore, tx.TX_WAIT_FOREVER);
          log(`p${priority}`);
        });
      }
      yield* thread('giver', 9, function* () {
        yield* tx.tx_thread_sleep(10);
        yield* tx.tx_semaphore_prioritize(semaphore);
        const first = tx.out<tx.TX_THREAD | null>();
        const count = tx.out<number>();
        yield* tx.tx_semaphore_info_get(semaphore, null, null, first, count, null);
        log(`${count.value} wait, first ${first.value?.tx_thread_name ?? ''}`);
        for (let given = 0; given < 3; given++) yield* tx.tx_semaphore_put(semaphore);
        log(`ceiling 0x${(yield* tx.tx_semaphore_ceiling_put(semaphore, 1)).toString(16)}`);
        log(`ceiling 0x${(yield* tx.tx_semaphore_ceiling_put(semaphore, 1)).toString(16)}`);
      });
    });
    assert.deepEqual(log, ['3 wait, first p5', 'p5', 'p7', 'p6', 'ceiling 0x0', 'ceiling 0x21']);
  });
});

describe('notifications', () => {
  it('puts, sets and sends are told in the caller, after the service and before it returns', () => {
    const { log } = runOnDevice(function* ({ log, thread, memory }) {
      const [semaphore, group, queue] = [new tx.TX_SEMAPHORE(), new tx.TX_EVENT_FLAGS_GROUP(), new tx.TX_QUEUE()];
      yield* tx.tx_semaphore_create(semaphore, 's', 0);
      yield* tx.tx_event_flags_create(group, 'g');
      yield* tx.tx_queue_create(queue, 'q', 1, memory(4), 4);
      const told = (what: string) =>
        function* (): tx.Thread {
          log(`${what} in ${(yield* tx.tx_thread_identify())?.tx_thread_name ?? ''}`);
        };
      yield* tx.tx_semaphore_put_notify(semaphore, told('put'));
      yield* tx.tx_event_flags_set_notify(group, told('set'));
      yield* tx.tx_queue_send_notify(queue, told('sent'));
      yield* thread('worker', 5, function* () {
        log(`status ${yield* tx.tx_semaphore_put(semaphore)}, count ${semaphore.tx_semaphore_count}`);
        log(`status ${yield* tx.tx_event_flags_set(group, 1, tx.TX_OR)}`);
        log(`status ${yield* tx.tx_queue_send(queue, Uint32Array.of(1), tx.TX_NO_WAIT)}`);
        log(`status ${yield* tx.tx_queue_send(queue, Uint32Array.of(2), tx.TX_NO_WAIT)}`);
        yield* tx.tx_semaphore_put_notify(semaphore, null);
        log(`status ${yield* tx.tx_semaphore_put(semaphore)}`);
      });
    });
    assert.deepEqual(log, [
      'put in worker',
      'status 0, count 1',
      'set in worker',
      'status 0',
      'sent in worker',
      'status 0',
      'status 11',
      'status 0',
    ]);
  });
});
