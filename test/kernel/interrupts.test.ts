import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, SimulationError, World } from 'txsim';
import * as tx from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

describe('interrupts', () => {
  it('come in while a thread computes, and what they make ready runs before it goes on', () => {
    const semaphore = new tx.TX_SEMAPHORE();
    const log: string[] = [];
    const world = new World();
    const at = (): string => `at ${world.clock.now / 1e6} ms`;
    const firmware = defineFirmware((board) => ({
      *tx_application_define(memory) {
        yield* tx.tx_semaphore_create(semaphore, 's', 0);
        const high = function* (): tx.Thread {
          yield* tx.tx_semaphore_get(semaphore, tx.TX_WAIT_FOREVER);
          log.push(`high ${at()}`);
        };
        const low = function* (): tx.Thread {
          yield* board.consume('8ms');
          log.push(`low ${at()}`);
        };
        yield* tx.tx_thread_create(new tx.TX_THREAD(), 'high', high, 0, memory.subarray(0, 512), 512, 2, 2, 0, 1);
        yield* tx.tx_thread_create(new tx.TX_THREAD(), 'low', low, 0, memory.subarray(512), 512, 5, 5, 0, 1);
      },
    }));
    const device = world.device('device', { firmware, cpu: 'instant' });
    world.run({ until: '3ms' });
    device.interrupt(function* () {
      log.push(`isr ${at()}`);
      yield* tx.tx_semaphore_put(semaphore);
    });
    world.run({ until: '20ms' });
    assert.deepEqual(log, ['isr at 3 ms', 'high at 3 ms', 'low at 8 ms']);
  });

  it('wait while the running thread has them disabled, and not while another runs', () => {
    const { log } = runOnDevice(function* ({ board, log, thread }) {
      const high = yield* thread('high', 2, function* () {
        yield* tx.tx_thread_sleep(1);
        log('high wakes');
        yield* tx.tx_thread_sleep(1);
        log('high wakes again');
      });
      yield* thread('low', 5, function* () {
        log(`posture was ${yield* tx.tx_interrupt_control(tx.TX_INT_DISABLE)}`);
        yield* board.consume('15ms');
        log('still undisturbed');
        log(`posture was ${yield* tx.tx_interrupt_control(tx.TX_INT_ENABLE)}`);
        yield* tx.tx_interrupt_control(tx.TX_INT_DISABLE);
        yield* tx.tx_thread_sleep(3);
        log(`high is over: ${high.tx_thread_state === tx.TX_COMPLETED}`);
      });
    });
    assert.deepEqual(log, [
      'posture was 0',
      'still undisturbed',
      'high wakes',
      'posture was 1',
      'high wakes again',
      'high is over: true',
    ]);
  });
});

describe('main', () => {
  const boot = (main: () => tx.Op<unknown>, log: string[]): void => {
    const world = new World();
    const firmware = defineFirmware(() => ({
      main,
      *tx_application_define() {
        log.push('define');
        yield* tx.tx_timer_create(new tx.TX_TIMER(), 't', () => void log.push('timer'), 0, 1, 0, 1);
      },
    }));
    world.device('device', { firmware });
    world.run();
  };

  it('runs first, and enters the kernel, which never returns', () => {
    const log: string[] = [];
    boot(function* () {
      log.push('main');
      yield* tx.tx_kernel_enter();
      log.push('never');
    }, log);
    assert.deepEqual(log, ['main', 'define', 'timer']);
  });

  it('is a mistake without tx_kernel_enter, and so is that without a main', () => {
    const isMisuse = (pattern: RegExp) => (error: unknown) =>
      error instanceof SimulationError && pattern.test(error.message);
    assert.throws(() => boot(function* () {}, []), isMisuse(/main\(\) ended without tx_kernel_enter/));
    const twice = (): unknown =>
      runOnDevice(function* () {
        yield* tx.tx_kernel_enter();
      });
    assert.throws(twice, isMisuse(/while the kernel is running/));
  });
});

describe('TX_DISABLE_ERROR_CHECKING', () => {
  const config = { TX_DISABLE_ERROR_CHECKING: true };

  it('reports what the checks would have refused, with service, status and place', () => {
    const run = (): unknown =>
      runOnDevice(
        function* ({ thread }) {
          yield* thread('main', 5, function* () {
            yield* tx.tx_semaphore_get(new tx.TX_SEMAPHORE(), 0);
          });
        },
        { config },
      );
    assert.throws(run, (error: unknown) => {
      assert.ok(error instanceof SimulationError);
      assert.equal(error.kind, 'unchecked-misuse');
      assert.match(error.message, /tx_semaphore_get\(\) was given what error checking refuses with status 0x0C/);
      assert.match(error.message, /thread 'main' of device 'device'/);
      return true;
    });
  });

  it('lets callers do what only the checks forbid, and keeps the statuses of the services themselves', () => {
    const { log } = runOnDevice(
      function* ({ log }) {
        const semaphore = new tx.TX_SEMAPHORE();
        yield* tx.tx_semaphore_create(semaphore, 's', 0);
        log(`delete from initialisation ${yield* tx.tx_semaphore_delete(semaphore)}`);
        yield* tx.tx_semaphore_create(semaphore, 's', 0);
        log(`get ${yield* tx.tx_semaphore_get(semaphore, 0)}`);
        yield* tx.tx_timer_create(
          new tx.TX_TIMER(),
          't',
          function* () {
            log(`create from a timer ${yield* tx.tx_mutex_create(new tx.TX_MUTEX(), 'm', tx.TX_INHERIT)}`);
            log(`wait in a timer ${yield* tx.tx_semaphore_get(semaphore, 3)}`);
          },
          0,
          1,
          0,
          tx.TX_AUTO_ACTIVATE,
        );
        yield* tx.tx_timer_create(
          new tx.TX_TIMER(),
          'put',
          function* () {
            yield* tx.tx_semaphore_put(semaphore);
            log('put');
          },
          0,
          2,
          0,
          tx.TX_AUTO_ACTIVATE,
        );
      },
      { config, until: '1s' },
    );
    // The timer thread itself waits, and its own time-out can never come: every timer of the device stands still.
    assert.deepEqual(log, ['delete from initialisation 0', 'get 13', 'create from a timer 0']);
  });
});
