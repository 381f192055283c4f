import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as tx from 'txsim/tx_api';
import { consume, defineFirmware, World } from 'txsim';
import { Machine } from './machine.ts';
import {
  CAPACITY,
  closedDoors,
  longWaits,
  MUTEXES,
  QUEUES,
  SEMAPHORES,
  TICKS,
  UNIT,
  type Program,
  type Step,
} from './program.ts';

const TICK = 10_000_000;

interface Objects {
  readonly semaphores: readonly tx.TX_SEMAPHORE[];
  readonly mutexes: readonly tx.TX_MUTEX[];
  readonly queues: readonly tx.TX_QUEUE[];
  readonly group: tx.TX_EVENT_FLAGS_GROUP;
  readonly threads: readonly tx.TX_THREAD[];
}

/** A step as a call of the kernel. */
function call(o: Objects, step: Step): tx.Op<number> {
  const of = <T>(objects: readonly T[], index: number): T => objects[index % objects.length] as T;
  const words = new Uint32Array(1);
  switch (step.do) {
    case 'put':
      return tx.tx_semaphore_put(of(o.semaphores, step.on));
    case 'get':
      return tx.tx_semaphore_get(of(o.semaphores, step.on), step.wait);
    case 'lock':
      return tx.tx_mutex_get(of(o.mutexes, step.on), step.wait);
    case 'unlock':
      return tx.tx_mutex_put(of(o.mutexes, step.on));
    case 'send':
      return step.front
        ? tx.tx_queue_front_send(of(o.queues, step.on), words, step.wait)
        : tx.tx_queue_send(of(o.queues, step.on), words, step.wait);
    case 'receive':
      return tx.tx_queue_receive(of(o.queues, step.on), words, step.wait);
    case 'raise':
      return tx.tx_event_flags_set(o.group, 1 << step.on, tx.TX_OR);
    case 'flags':
      return tx.tx_event_flags_get(o.group, 1 << step.on, step.clear ? tx.TX_OR_CLEAR : tx.TX_OR, tx.out(), step.wait);
    case 'sleep':
      return tx.tx_thread_sleep(step.ticks);
    case 'work':
      return consume(step.units * UNIT);
    case 'relinquish':
      return tx.tx_thread_relinquish();
    case 'resume':
      return tx.tx_thread_resume(of(o.threads, step.on));
    case 'suspend':
      return tx.tx_thread_suspend(of(o.threads, step.on));
    case 'abort':
      return tx.tx_thread_wait_abort(of(o.threads, step.on));
    case 'terminate':
      return tx.tx_thread_terminate(of(o.threads, step.on));
    case 'priority':
      return tx.tx_thread_priority_change(of(o.threads, step.on), step.to, tx.out());
    case 'threshold':
      return tx.tx_thread_preemption_change(of(o.threads, step.on), step.to, tx.out());
  }
}

/** What happens when the kernel runs a program: which step of which thread ended when, and with which status. */
function runKernel({ threads, timers, inherit }: Program): readonly string[] {
  const log: string[] = [];
  const world = new World();
  const many = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);
  const firmware = defineFirmware(() => ({
    *tx_application_define(memory) {
      const o: Objects = {
        semaphores: many(SEMAPHORES, () => new tx.TX_SEMAPHORE()),
        mutexes: many(MUTEXES, () => new tx.TX_MUTEX()),
        queues: many(QUEUES, () => new tx.TX_QUEUE()),
        group: new tx.TX_EVENT_FLAGS_GROUP(),
        threads: many(threads.length, () => new tx.TX_THREAD()),
      };
      for (const { initial, reschedule, puts } of timers) {
        const expire = function* (): tx.Thread {
          const semaphore = o.semaphores[puts];
          if (semaphore !== undefined) yield* tx.tx_semaphore_put(semaphore);
        };
        yield* tx.tx_timer_create(new tx.TX_TIMER(), 't', expire, 0, initial, reschedule, tx.TX_AUTO_ACTIVATE);
      }
      for (const semaphore of o.semaphores) yield* tx.tx_semaphore_create(semaphore, 's', 0);
      for (const mutex of o.mutexes) yield* tx.tx_mutex_create(mutex, 'm', inherit ? tx.TX_INHERIT : tx.TX_NO_INHERIT);
      for (const queue of o.queues) {
        yield* tx.tx_queue_create(queue, 'q', 1, new Uint8Array(4 * CAPACITY), 4 * CAPACITY);
      }
      yield* tx.tx_event_flags_create(o.group, 'g');
      for (const [index, { priority, guard, slice, steps }] of threads.entries()) {
        const body = function* (): tx.Thread {
          for (const [pc, step] of steps.entries()) {
            const status = yield* call(o, step);
            log.push(`${Math.floor(world.clock.now / TICK)} t${index}.${pc} ${step.do} ${status}`);
          }
        };
        const stack = memory.subarray(512 * index, 512 * index + 512);
        const block = o.threads[index] ?? null;
        yield* tx.tx_thread_create(block, `t${index}`, body, 0, stack, 512, priority, priority - guard, slice, 1);
      }
      // Something is always to come, so that threads that wait for ever are no deadlock.
      yield* tx.tx_timer_create(new tx.TX_TIMER(), 'pulse', null, 0, 10 * TICKS, 0, tx.TX_AUTO_ACTIVATE);
    },
  }));
  world.device('device', { firmware, cpu: 'instant' });
  world.run({ until: TICKS * TICK });
  return log;
}

describe('random programs run in the order that ThreadX’s rules give', () => {
  const runsAsModel = (plan: Program): void => assert.deepEqual(runKernel(plan), new Machine(plan).run());

  it('with waits of several passes through the list of timers', () => {
    fc.assert(fc.property(longWaits, runsAsModel), { numRuns: 3_000 });
  });

  it('with preemption-thresholds that keep even the timer thread waiting', () => {
    fc.assert(fc.property(closedDoors, runsAsModel), { numRuns: 3_000 });
  });
});
