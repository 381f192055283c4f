/** How threads wait and go on: what every service that suspends and every service that serves a waiter is built on. */
import { TX_SLEEP, TX_SUCCESS, TX_SUSPENDED, TX_WAIT_ABORTED, TX_WAIT_FOREVER } from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { SimulationError } from './simulation-error.ts';
import { startThread } from './thread-life.ts';
import type { TX_THREAD } from './thread.ts';
import type { WaitList } from './wait-list.ts';

/**
 * Suspends the running thread. Its operation completes with the status that {@link resume} is given, with the
 * list's time-out status after `ticks`, or with TX_WAIT_ABORTED.
 */
export function suspendCurrent(kernel: Kernel, state: number, list: WaitList | null, ticks: number): ServiceOp {
  const thread = kernel.scheduler.current;
  if (thread === null || !kernel.canWait) {
    throw new SimulationError({
      kind: 'suspended-off-thread',
      what: `${kernel.op.service}() tried to suspend outside of a thread`,
    });
  }
  list?.append(thread);
  return block(kernel, thread, state, ticks);
}

/** Suspends a thread that already stands in the list it waits in. */
export function block(kernel: Kernel, thread: TX_THREAD, state: number, ticks: number): ServiceOp {
  kernel.eventLog?.threadSuspended(thread, state);
  thread.tx_thread_state = state;
  thread.suspendedAt = kernel.now;
  thread.waitTicks = ticks;
  thread.performance.suspensions++;
  kernel.timeSlice.renew(thread);
  if (ticks !== TX_WAIT_FOREVER && thread.timeout !== null) kernel.ticks.activate(thread.timeout, ticks);
  kernel.scheduler.unready(thread);
  if (kernel.observed) reportBlocked(kernel, thread);
  return kernel.op;
}

/** Ends a thread's wait with a status. */
export function resume(kernel: Kernel, thread: TX_THREAD, status: number): void {
  thread.waitList?.remove(thread);
  thread.waitRequest = null;
  if (thread.timeout !== null) kernel.ticks.deactivate(thread.timeout);
  if (thread.op !== null) thread.op.value = status;
  reportStall(kernel, thread);
  if (thread.suspendsNext) {
    thread.suspendsNext = false;
    thread.tx_thread_state = TX_SUSPENDED;
    return;
  }
  startThread(kernel, thread);
}

/** Ends a thread's wait because its time ran out or somebody aborted it. */
export function abandonWait(kernel: Kernel, thread: TX_THREAD, reason: 'timeout' | 'abort'): void {
  const list = thread.waitList;
  const status = reason === 'abort' ? TX_WAIT_ABORTED : (list?.timeoutStatus ?? TX_SUCCESS);
  if (reason === 'abort') {
    thread.performance.wait_aborts++;
  } else if (list !== null) {
    thread.performance.timeouts++;
    list.subject.timedOut?.();
  }
  list?.remove(thread);
  resume(kernel, thread, status);
  list?.subject.abandoned?.(thread);
}

/** Reports that a thread waits, and for what. */
function reportBlocked(kernel: Kernel, thread: TX_THREAD): void {
  const waitsFor = thread.waitList?.subject.describe() ?? (thread.tx_thread_state === TX_SLEEP ? 'a time' : '');
  kernel.trace?.record({ type: 'thread-blocked', name: thread.tx_thread_name, waitsFor });
}

/** Reports that a callback kept the thread that runs it waiting. */
function reportStall(kernel: Kernel, thread: TX_THREAD): void {
  const { callback } = thread;
  const duration = kernel.now - thread.suspendedAt;
  if (callback === null || duration <= 0) return;
  kernel.trace?.record({
    type: 'callback-blocked',
    callback: callback.name,
    thread: thread.tx_thread_name,
    service: thread.op?.service ?? '',
    began: thread.suspendedAt,
    duration,
  });
}
