import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulationError, type SimulationErrorKind } from 'txsim';
import {
  out,
  TX_NO_INHERIT,
  TX_NO_WAIT,
  TX_MUTEX,
  TX_SEMAPHORE,
  TX_WAIT_FOREVER,
  tx_mutex_create,
  tx_mutex_get,
  tx_queue_create,
  TX_QUEUE,
  tx_queue_send,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  tx_thread_relinquish,
  tx_thread_sleep,
} from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

function expectError(kind: SimulationErrorKind, parts: readonly RegExp[], run: () => unknown): void {
  assert.throws(run, (error: unknown) => {
    assert(error instanceof SimulationError);
    assert.equal(error.kind, kind);
    for (const part of parts) assert.match(error.message, part);
    return true;
  });
}

describe('a forgotten yield*', () => {
  it('is reported at the next service, with device, thread, service, file and line', () => {
    const parts = [
      /thread 'worker': tx_thread_sleep\(\) was called without yield\*/,
      /misuse\.test\.ts:\d+\)/,
      /device 'device'/,
      /to fix it: write: yield\* tx_thread_sleep/,
    ];
    expectError('forgotten-yield', parts, () =>
      runOnDevice(function* ({ thread }) {
        yield* thread('worker', 5, function* () {
          void tx_thread_sleep(1);
          yield* tx_thread_relinquish();
        });
      }),
    );
  });

  it('is reported at the thread’s end, and for services made of others', () => {
    expectError('forgotten-yield', [/tx_semaphore_put\(\) was called without/], () =>
      runOnDevice(function* ({ thread }) {
        const semaphore = new TX_SEMAPHORE();
        yield* tx_semaphore_create(semaphore, 's', 0);
        yield* thread('worker', 5, function* () {
          void tx_semaphore_put(semaphore);
        });
      }),
    );
  });

  it('is reported in tx_application_define', () => {
    expectError('forgotten-yield', [/init: tx_semaphore_create\(\)/], () =>
      runOnDevice(function* () {
        void tx_semaphore_create(new TX_SEMAPHORE(), 's', 0);
      }),
    );
  });
});

describe('other misuse', () => {
  it('a service called outside of a device says so', () => {
    expectError('outside-device', [/tx_thread_sleep\(\) was called outside of a device/], () => tx_thread_sleep(1));
  });

  it('an out-parameter that nobody filled cannot be read', () => {
    expectError('unset-out', [/out-parameter/], () => out<number>().value);
  });

  it('a buffer shorter than the size given for it is reported with what it would do', () => {
    expectError('buffer-too-small', [/holds 10 bytes, and its size was given as 64/, /on the target: 54 bytes/], () =>
      runOnDevice(function* () {
        yield* tx_queue_create(new TX_QUEUE(), 'q', 1, new Uint8Array(10), 64);
      }),
    );
  });

  it('a buffer for a message that is shorter than those of its queue is told in words', () => {
    const parts = [
      /tx_queue_send\(\): source_ptr holds 1 word, and a message of queue 'mail' has 4/,
      /12 bytes beyond/,
    ];
    expectError('buffer-too-small', parts, () =>
      runOnDevice(function* () {
        const mail = new TX_QUEUE();
        yield* tx_queue_create(mail, 'mail', 4, new Uint8Array(64), 64);
        yield* tx_queue_send(mail, new Uint32Array(1), TX_NO_WAIT);
      }),
    );
  });

  it('an exception of the firmware names the thread and keeps its cause', () => {
    expectError('firmware-exception', [/RangeError: too hot/, /thread 'sensor' of device 'device', at 0\.01/], () =>
      runOnDevice(function* ({ thread }) {
        yield* thread('sensor', 5, function* () {
          yield* tx_thread_sleep(1);
          throw new RangeError('too hot');
        });
      }),
    );
  });

  it('a deadlock names who waits for what, who holds it, and the ring', () => {
    const parts = [
      /thread 'a' is waiting for a mutex: mutex 'right', held by thread 'b'/,
      /'a' waits for 'b' waits for 'a'/,
    ];
    expectError('deadlock', parts, () =>
      runOnDevice(function* ({ thread }) {
        const [left, right] = [new TX_MUTEX(), new TX_MUTEX()];
        yield* tx_mutex_create(left, 'left', TX_NO_INHERIT);
        yield* tx_mutex_create(right, 'right', TX_NO_INHERIT);
        for (const [name, first, second] of [
          ['a', left, right],
          ['b', right, left],
        ] as const) {
          yield* thread(name, 5, function* () {
            yield* tx_mutex_get(first, TX_WAIT_FOREVER);
            yield* tx_thread_sleep(1);
            yield* tx_mutex_get(second, TX_WAIT_FOREVER);
          });
        }
      }),
    );
  });

  it('a thread that waits for ever for what nobody gives is a deadlock too', () => {
    expectError('deadlock', [/semaphore 'never'/, /in tx_semaphore_get\(\)/], () =>
      runOnDevice(function* ({ thread }) {
        const semaphore = new TX_SEMAPHORE();
        yield* tx_semaphore_create(semaphore, 'never', 0);
        yield* thread('patient', 5, function* () {
          yield* tx_semaphore_get(semaphore, TX_WAIT_FOREVER);
        });
      }),
    );
  });

  it('a thread that spins without time passing is a livelock', () => {
    expectError('livelock', [/no virtual time has passed/], () =>
      runOnDevice(function* ({ thread }) {
        yield* thread('spinner', 5, function* () {
          for (;;) yield* tx_thread_relinquish();
        });
      }),
    );
  });
});
