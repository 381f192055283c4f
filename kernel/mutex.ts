import {
  TX_DELETED,
  TX_INHERIT,
  TX_MUTEX_SUSP,
  TX_NO_WAIT,
  TX_NOT_AVAILABLE,
  TX_NOT_OWNED,
  TX_SUCCESS,
  TX_WAIT_FOREVER,
  type UINT,
  type ULONG,
} from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { addCounters, mutexCounters } from './performance.ts';
import { resumeAll } from './semaphore.ts';
import type { TX_THREAD } from './thread.ts';
import { WaitList } from './wait-list.ts';
import { resume, suspendCurrent } from './waiting.ts';

export const MUTEX_ID = 0x4d555445;

/** A mutex control block: recursive, owned by a thread, lending its waiters' priority where it was created to. */
export class TX_MUTEX {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 52;

  tx_mutex_id: ULONG = 0;
  tx_mutex_name = '';
  tx_mutex_ownership_count: UINT = 0;
  tx_mutex_owner: TX_THREAD | null = null;
  tx_mutex_inherit: UINT = 0;
  readonly waiters = new WaitList(this, TX_NOT_AVAILABLE);
  kernel: Kernel | null = null;
  performance = mutexCounters();

  get tx_mutex_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `mutex '${this.tx_mutex_name}'`;
  }

  holder(): TX_THREAD | null {
    return this.tx_mutex_owner;
  }

  abandoned(): void {
    if (this.kernel !== null && this.tx_mutex_owner !== null) settlePriority(this.kernel, this.tx_mutex_owner);
  }

  timedOut(): void {
    this.performance.timeouts++;
  }

  /** Gives the mutex up on behalf of a thread that ended. */
  releaseOf(kernel: Kernel, thread: TX_THREAD): void {
    if (this.tx_mutex_owner !== thread) return;
    this.tx_mutex_ownership_count = 1;
    mutexPut(kernel, this, thread);
  }
}

export function createMutex(kernel: Kernel, mutex: TX_MUTEX, name: string, inherit: UINT): void {
  mutex.tx_mutex_id = MUTEX_ID;
  mutex.tx_mutex_name = name;
  mutex.tx_mutex_inherit = inherit;
  mutex.tx_mutex_ownership_count = 0;
  mutex.tx_mutex_owner = null;
  mutex.kernel = kernel;
  mutex.performance = mutexCounters();
  kernel.created.mutexes.add(mutex);
}

export function mutexGet(kernel: Kernel, mutex: TX_MUTEX, waitOption: ULONG): ServiceOp {
  mutex.performance.gets++;
  const caller = kernel.current;
  const owner = mutex.tx_mutex_owner;
  if (mutex.tx_mutex_ownership_count === 0) {
    own(mutex, caller);
    return kernel.finish(TX_SUCCESS);
  }
  if (owner === caller) {
    mutex.tx_mutex_ownership_count++;
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_NOT_AVAILABLE);
  const op = suspendCurrent(kernel, TX_MUTEX_SUSP, mutex.waiters, waitOption);
  mutex.performance.suspensions++;
  if (owner !== null && caller !== null) inheritFrom(kernel, mutex, owner, caller);
  if (waitOption === TX_WAIT_FOREVER && caller !== null) reportCycle(kernel, caller);
  return op;
}

/** A waiter's priority goes to the owner, where the mutex lends it and the owner's own is lower. */
function inheritFrom(kernel: Kernel, mutex: TX_MUTEX, owner: TX_THREAD, waiter: TX_THREAD): void {
  if (waiter.tx_thread_priority >= owner.tx_thread_priority) return;
  mutex.performance.inversions++;
  waiter.performance.priority_inversions++;
  if (mutex.tx_mutex_inherit !== TX_INHERIT) return;
  mutex.performance.inheritances++;
  settlePriority(kernel, owner);
}

/** Gives a mutex up once; hands it to the next waiter when the count reaches zero. */
export function mutexPut(kernel: Kernel, mutex: TX_MUTEX, caller: TX_THREAD | null): number {
  mutex.performance.puts++;
  const owner = mutex.tx_mutex_owner;
  if (mutex.tx_mutex_ownership_count === 0 || owner !== caller) return TX_NOT_OWNED;
  if (--mutex.tx_mutex_ownership_count > 0) return TX_SUCCESS;
  disown(mutex);
  if (mutex.tx_mutex_inherit === TX_INHERIT) mutex.waiters.prioritize();
  const next = mutex.waiters.first;
  if (next !== null) {
    mutex.waiters.remove(next);
    own(mutex, next);
    if (mutex.tx_mutex_inherit === TX_INHERIT) mutex.waiters.prioritize();
  }
  if (owner !== null) settlePriority(kernel, owner);
  if (next !== null) resume(kernel, next, TX_SUCCESS);
  return TX_SUCCESS;
}

export function mutexDelete(kernel: Kernel, mutex: TX_MUTEX): void {
  const owner = mutex.tx_mutex_owner;
  mutex.tx_mutex_id = 0;
  kernel.created.mutexes.delete(mutex);
  addCounters(kernel.performance.mutexes, mutex.performance);
  disown(mutex);
  mutex.tx_mutex_ownership_count = 0;
  if (owner !== null) settlePriority(kernel, owner);
  resumeAll(kernel, mutex.waiters, TX_DELETED);
}

/**
 * Gives a thread the priority it is due: its own, or the highest among the waiters of the inheriting mutexes it owns. As
 * in ThreadX this ends with the owner: where that thread waits for a mutex itself, the owner of that one gains nothing.
 */
function settlePriority(kernel: Kernel, thread: TX_THREAD): void {
  let due = thread.tx_thread_user_priority;
  for (const mutex of thread.ownedMutexes) {
    const waiter: TX_THREAD | null = mutex.tx_mutex_inherit === TX_INHERIT ? mutex.waiters.highest() : null;
    if (waiter !== null) due = Math.min(due, waiter.tx_thread_priority);
  }
  if (due === thread.tx_thread_priority) return;
  const threshold = Math.min(thread.tx_thread_user_preempt_threshold, due);
  kernel.reprioritize(thread, due, threshold);
}

/** The threads from `first` that wait for each other for ever, each for a mutex that the next one holds; null for none. */
export function mutexCycle(first: TX_THREAD): readonly TX_THREAD[] | null {
  const path: TX_THREAD[] = [];
  for (let thread: TX_THREAD | null = first; thread !== null;) {
    const seen = path.indexOf(thread);
    if (seen >= 0) return path.slice(seen);
    path.push(thread);
    const waits: boolean = thread.tx_thread_state === TX_MUTEX_SUSP && thread.waitTicks === TX_WAIT_FOREVER;
    thread = waits ? (thread.waitList?.subject.holder?.() ?? null) : null;
  }
  return null;
}

function reportCycle(kernel: Kernel, caller: TX_THREAD): void {
  const cycle = kernel.trace === null ? null : mutexCycle(caller);
  if (cycle === null) return;
  const waits = cycle.map((thread) => ({
    thread: thread.tx_thread_name,
    waitsFor: thread.waitList?.subject.describe() ?? '',
  }));
  kernel.trace?.record({ type: 'mutex-cycle', waits });
}

function own(mutex: TX_MUTEX, thread: TX_THREAD | null): void {
  mutex.tx_mutex_owner = thread;
  mutex.tx_mutex_ownership_count = 1;
  if (thread === null) return;
  thread.ownedMutexes.push(mutex);
  thread.tx_thread_owned_mutex_count = thread.ownedMutexes.length;
}

function disown(mutex: TX_MUTEX): void {
  const owner = mutex.tx_mutex_owner;
  mutex.tx_mutex_owner = null;
  if (owner === null) return;
  const index = owner.ownedMutexes.indexOf(mutex);
  if (index >= 0) owner.ownedMutexes.splice(index, 1);
  owner.tx_thread_owned_mutex_count = owner.ownedMutexes.length;
}
