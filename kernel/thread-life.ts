/** The life of a thread: created, started, run to its end or terminated, forgotten. */
import { TX_COMPLETED, TX_NO_TIME_SLICE, TX_READY, TX_TERMINATED } from './constants.ts';
import { withNotify } from './entry-exit.ts';
import type { Kernel } from './kernel.ts';
import { ServiceOp, type Thread } from './op.ts';
import { addCounters, countPreemption } from './performance.ts';
import { entryIsNoGenerator } from './report.ts';
import { initializeThread, type ThreadEntry, type TX_THREAD } from './thread.ts';

/** Makes a created thread known; it is suspended until {@link startThread}. */
export function createThread(
  kernel: Kernel,
  thread: TX_THREAD,
  parts: {
    readonly name: string;
    readonly entry: ThreadEntry;
    readonly entryInput?: number;
    readonly stack: Uint8Array;
    readonly stackSize?: number;
    readonly priority: number;
    readonly threshold?: number;
    readonly timeSlice?: number;
    readonly system?: boolean;
  },
): void {
  initializeThread(thread, kernel, new ServiceOp(kernel, thread), {
    entryInput: 0,
    threshold: parts.priority,
    timeSlice: TX_NO_TIME_SLICE,
    stackSize: parts.stack.length,
    ...parts,
  });
  kernel.threads.add(thread);
  kernel.trace?.record({ type: 'thread-created', name: parts.name, priority: parts.priority });
}

/** Makes a suspended thread ready. */
export function startThread(kernel: Kernel, thread: TX_THREAD): void {
  const before = kernel.scheduler.execute;
  kernel.eventLog?.threadResumed(thread, thread.tx_thread_state);
  thread.tx_thread_state = TX_READY;
  thread.readySince = kernel.clock.now;
  thread.performance.resumptions++;
  kernel.scheduler.ready(thread);
  if (kernel.observed) kernel.trace?.record({ type: 'thread-ready', name: thread.tx_thread_name });
  if (before !== null && kernel.scheduler.execute === thread) countPreemption(before, thread, kernel.context);
  kernel.timeSlice.contend();
}

/** Enters a thread for the first time. */
export function beginThread(kernel: Kernel, thread: TX_THREAD, entry: ThreadEntry): void {
  const body: unknown = entry(thread.entryInput);
  if (!isThread(body)) throw entryIsNoGenerator(thread);
  thread.body = withNotify(kernel, thread, body);
}

/** A thread's entry function has returned. */
export function completeThread(kernel: Kernel, thread: TX_THREAD, op: ServiceOp): void {
  if (op.pending !== null) throw kernel.forgotten(op);
  kernel.scheduler.unready(thread);
  endThread(kernel, thread, TX_COMPLETED);
}

/** Takes a thread out of whatever it waits for and of the ready list, and ends it. */
export function terminateThread(kernel: Kernel, thread: TX_THREAD): void {
  const list = thread.waitList;
  list?.remove(thread);
  list?.subject.abandoned?.(thread);
  if (thread.timeout !== null) kernel.ticks.deactivate(thread.timeout);
  if (thread.tx_thread_state === TX_READY) kernel.scheduler.unready(thread);
  endThread(kernel, thread, TX_TERMINATED);
}

/** Forgets a thread; what it had counted stays with the totals. */
export function removeThread(kernel: Kernel, thread: TX_THREAD): void {
  thread.tx_thread_id = 0;
  kernel.threads.delete(thread);
  addCounters(kernel.performance.threads, thread.performance);
}

function endThread(kernel: Kernel, thread: TX_THREAD, state: number): void {
  thread.tx_thread_state = state;
  thread.body = null;
  thread.waitRequest = null;
  thread.suspendsNext = false;
  if (thread.ownedMutexes.length > 0) releaseMutexes(kernel, thread);
  kernel.trace?.record({
    type: 'thread-ended',
    name: thread.tx_thread_name,
    state: state === TX_COMPLETED ? 'completed' : 'terminated',
  });
}

function releaseMutexes(kernel: Kernel, thread: TX_THREAD): void {
  const mutexes = [...thread.ownedMutexes];
  kernel.trace?.record({
    type: 'mutex-held-at-exit',
    thread: thread.tx_thread_name,
    mutexes: mutexes.map((mutex) => mutex.tx_mutex_name),
  });
  for (const mutex of mutexes) mutex.releaseOf(kernel, thread);
}

function isThread(body: unknown): body is Thread {
  return typeof body === 'object' && body !== null && 'next' in body && Symbol.iterator in body;
}
