import {
  TX_DELETED,
  TX_MUTEX_SUSP,
  TX_NO_WAIT,
  TX_NOT_AVAILABLE,
  TX_NOT_OWNED,
  TX_READY,
  TX_SUCCESS,
  type UINT,
  type ULONG,
} from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { resumeAll } from './semaphore.ts';
import type { TX_THREAD } from './thread.ts';
import { WaitList } from './wait-list.ts';

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

  /** Gives the mutex up on behalf of a thread that ended. */
  releaseOf(kernel: Kernel, thread: TX_THREAD): void {
    if (this.tx_mutex_owner !== thread) return;
    this.tx_mutex_ownership_count = 1;
    mutexPut(kernel, this, thread);
  }
}

export function mutexGet(kernel: Kernel, mutex: TX_MUTEX, waitOption: ULONG): ServiceOp {
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
  const op = kernel.suspendCurrent(TX_MUTEX_SUSP, mutex.waiters, waitOption);
  if (owner !== null) settlePriority(kernel, owner);
  return op;
}

/** Gives a mutex up once; hands it to the next waiter when the count reaches zero. */
export function mutexPut(kernel: Kernel, mutex: TX_MUTEX, caller: TX_THREAD | null): number {
  const owner = mutex.tx_mutex_owner;
  if (mutex.tx_mutex_ownership_count === 0 || owner !== caller) return TX_NOT_OWNED;
  if (--mutex.tx_mutex_ownership_count > 0) return TX_SUCCESS;
  disown(mutex);
  const next = mutex.tx_mutex_inherit === 0 ? mutex.waiters.first : mutex.waiters.highest();
  if (next !== null) {
    mutex.waiters.remove(next);
    own(mutex, next);
    if (owner !== null) settlePriority(kernel, owner);
    kernel.resume(next, TX_SUCCESS);
    settlePriority(kernel, next);
  } else if (owner !== null) {
    settlePriority(kernel, owner);
  }
  return TX_SUCCESS;
}

export function mutexDelete(kernel: Kernel, mutex: TX_MUTEX): void {
  const owner = mutex.tx_mutex_owner;
  mutex.tx_mutex_id = 0;
  disown(mutex);
  mutex.tx_mutex_ownership_count = 0;
  resumeAll(kernel, mutex.waiters, TX_DELETED);
  if (owner !== null) settlePriority(kernel, owner);
}

/**
 * Gives a thread the priority it is due: its own, or the highest among the waiters of the inheriting mutexes it owns;
 * then the same for the owner of the mutex that thread itself waits for, and so on.
 */
function settlePriority(kernel: Kernel, first: TX_THREAD): void {
  const seen = new Set<TX_THREAD>();
  for (let thread: TX_THREAD | null = first; thread !== null && !seen.has(thread);) {
    seen.add(thread);
    let due = thread.tx_thread_user_priority;
    for (const mutex of thread.ownedMutexes) {
      const waiter: TX_THREAD | null = mutex.tx_mutex_inherit === 0 ? null : mutex.waiters.highest();
      if (waiter !== null) due = Math.min(due, waiter.tx_thread_priority);
    }
    if (due === thread.tx_thread_priority) return;
    const threshold = Math.min(thread.tx_thread_user_preempt_threshold, due);
    kernel.scheduler.reprioritize(thread, due, threshold, thread.tx_thread_state === TX_READY);
    thread = thread.waitList?.subject.holder?.() ?? null;
  }
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
