import { enter } from '../caller-context.ts';
import {
  TX_AUTO_START,
  TX_CALLER_ERROR,
  TX_COMPLETED,
  TX_DELETE_ERROR,
  TX_DONT_START,
  TX_PRIORITY_ERROR,
  TX_PTR_ERROR,
  TX_READY,
  TX_RESUME_ERROR,
  TX_SIZE_ERROR,
  TX_SLEEP,
  TX_START_ERROR,
  TX_SUCCESS,
  TX_SUSPEND_ERROR,
  TX_SUSPEND_LIFTED,
  TX_SUSPENDED,
  TX_TERMINATED,
  TX_THREAD_ERROR,
  TX_THRESH_ERROR,
  TX_WAIT_ABORT_ERROR,
  TX_WAIT_FOREVER,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import { withValue, type Op } from '../op.ts';
import { THREAD_ID, type ThreadEntry, type TX_THREAD } from '../thread.ts';
import { calledFrom, isCreated, mayCreate, noteTimerWait, requireRoom } from './checks.ts';
import { createThread, removeThread, startThread, terminateThread } from '../thread-life.ts';
import { abandonWait, block, suspendCurrent } from '../waiting.ts';

const created = (thread: TX_THREAD | null): thread is TX_THREAD => isCreated(thread, (t) => t.tx_thread_id, THREAD_ID);

const isOver = (thread: TX_THREAD): boolean =>
  thread.tx_thread_state === TX_COMPLETED || thread.tx_thread_state === TX_TERMINATED;

/** Whether memory for a stack lies, in part or whole, in the stack of a thread that exists. */
export function overlapsAnotherStack(kernel: Kernel, stack: Uint8Array, size: number): boolean {
  for (const { tx_thread_stack_start: other, tx_thread_stack_size: otherSize } of kernel.threads) {
    if (other === null || otherSize === 0 || other.buffer !== stack.buffer) continue;
    if (stack.byteOffset < other.byteOffset + otherSize && other.byteOffset < stack.byteOffset + size) return true;
  }
  return false;
}

/**
 * Creates a thread; with `TX_AUTO_START` it is ready at once, and runs before this returns where it is of higher
 * priority than the caller (C: `tx_thread_create`).
 *
 * @param stack_start - memory of at least `stack_size` bytes; only its size matters here
 * @param time_slice - ticks before another thread of the same priority gets its turn, or `TX_NO_TIME_SLICE`
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR` for NULL or a thread that exists; `TX_PTR_ERROR` for a NULL entry or stack or
 *   one that overlaps another's; `TX_SIZE_ERROR` below `TX_MINIMUM_STACK`; `TX_PRIORITY_ERROR`; `TX_THRESH_ERROR` for a
 *   threshold below the priority; `TX_START_ERROR` for a bad `auto_start`; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_thread_create(
  thread_ptr: TX_THREAD | null,
  name_ptr: CHAR,
  entry_function: ThreadEntry | null,
  entry_input: ULONG,
  stack_start: Uint8Array | null,
  stack_size: ULONG,
  priority: UINT,
  preempt_threshold: UINT,
  time_slice: ULONG,
  auto_start: UINT,
): Op<UINT> {
  const kernel = enter('tx_thread_create');
  const { TX_MINIMUM_STACK, TX_MAX_PRIORITIES } = kernel.config;
  if (thread_ptr === null || kernel.threads.has(thread_ptr)) return kernel.refuse(TX_THREAD_ERROR);
  if (stack_start === null || overlapsAnotherStack(kernel, stack_start, stack_size)) return kernel.refuse(TX_PTR_ERROR);
  if (entry_function === null) return kernel.refuse(TX_PTR_ERROR);
  if (stack_size < TX_MINIMUM_STACK) return kernel.refuse(TX_SIZE_ERROR);
  if (priority >= TX_MAX_PRIORITIES) return kernel.refuse(TX_PRIORITY_ERROR);
  if (preempt_threshold > priority) return kernel.refuse(TX_THRESH_ERROR);
  if (auto_start !== TX_AUTO_START && auto_start !== TX_DONT_START) return kernel.refuse(TX_START_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  requireRoom(stack_start, stack_size, 'tx_thread_create', 'stack_start');
  createThread(kernel, thread_ptr, {
    name: name_ptr,
    entry: entry_function,
    entryInput: entry_input,
    stack: stack_start,
    stackSize: stack_size,
    priority,
    threshold: preempt_threshold,
    timeSlice: time_slice,
  });
  kernel.eventLog?.register('thread', thread_ptr, name_ptr, stack_start, stack_size);
  kernel.eventLog?.insert('tx_thread_create', thread_ptr, priority, stack_start, stack_size);
  if (auto_start === TX_AUTO_START) startThread(kernel, thread_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a thread that has completed or was terminated (C: `tx_thread_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_CALLER_ERROR` unless called from a thread or timer; `TX_DELETE_ERROR`
 *   while the thread is alive
 */
export function tx_thread_delete(thread_ptr: TX_THREAD | null): Op<UINT> {
  const kernel = enter('tx_thread_delete');
  if (!created(thread_ptr)) return kernel.refuse(TX_THREAD_ERROR);
  if (!calledFrom(kernel, 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_thread_delete', thread_ptr);
  if (!isOver(thread_ptr)) return kernel.finish(TX_DELETE_ERROR);
  kernel.eventLog?.unregister(thread_ptr);
  removeThread(kernel, thread_ptr);
  return kernel.finish(TX_SUCCESS);
}

/** The running thread, or null during initialisation (C: `tx_thread_identify`). */
export function tx_thread_identify(): Op<TX_THREAD | null> {
  const kernel = enter('tx_thread_identify');
  kernel.eventLog?.insert('tx_thread_identify');
  return withValue(kernel.finish(TX_SUCCESS), kernel.current);
}

/** Lets the other ready threads of the caller's priority, or of a higher one, run first (C: `tx_thread_relinquish`). */
export function tx_thread_relinquish(): Op<UINT> {
  const kernel = enter('tx_thread_relinquish');
  const { current } = kernel;
  if (current !== null && kernel.context === 'thread') {
    kernel.timeSlice.refresh(current);
    kernel.scheduler.relinquish(current);
    if (kernel.scheduler.execute !== current) current.performance.relinquishes++;
    kernel.eventLog?.insert('tx_thread_relinquish', 0, kernel.scheduler.execute);
  }
  return kernel.finish(TX_SUCCESS);
}

/**
 * Makes a suspended thread ready, or lifts a suspension that had not taken effect yet (C: `tx_thread_resume`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_SUSPEND_LIFTED` where a delayed suspension was taken back;
 *   `TX_RESUME_ERROR` where the thread is not suspended
 */
export function tx_thread_resume(thread_ptr: TX_THREAD | null): Op<UINT> {
  const kernel = enter('tx_thread_resume');
  if (!created(thread_ptr)) return kernel.refuse(TX_THREAD_ERROR);
  kernel.eventLog?.insert('tx_thread_resume', thread_ptr, thread_ptr.tx_thread_state);
  if (thread_ptr.suspendsNext) {
    thread_ptr.suspendsNext = false;
    return kernel.finish(TX_SUSPEND_LIFTED);
  }
  if (thread_ptr.tx_thread_state !== TX_SUSPENDED) return kernel.finish(TX_RESUME_ERROR);
  startThread(kernel, thread_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Lets the caller sleep until the given number of ticks has passed; the first of them is the next tick
 * (C: `tx_thread_sleep`).
 *
 * @returns `TX_SUCCESS`; `TX_WAIT_ABORTED`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_thread_sleep(timer_ticks: ULONG): Op<UINT> {
  const kernel = enter('tx_thread_sleep');
  if (kernel.context !== 'thread') {
    if (kernel.context === 'timer') noteTimerWait(kernel);
    return kernel.finish(TX_CALLER_ERROR);
  }
  kernel.eventLog?.insert('tx_thread_sleep', timer_ticks, kernel.current?.tx_thread_state ?? 0);
  if (timer_ticks === 0) return kernel.finish(TX_SUCCESS);
  return suspendCurrent(kernel, TX_SLEEP, null, timer_ticks);
}

/**
 * Suspends a thread; one that waits is suspended when its wait ends (C: `tx_thread_suspend`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_SUSPEND_ERROR` for a thread that completed or was terminated
 */
export function tx_thread_suspend(thread_ptr: TX_THREAD | null): Op<UINT> {
  const kernel = enter('tx_thread_suspend');
  if (!created(thread_ptr)) return kernel.refuse(TX_THREAD_ERROR);
  kernel.eventLog?.insert('tx_thread_suspend', thread_ptr, thread_ptr.tx_thread_state);
  if (isOver(thread_ptr)) return kernel.finish(TX_SUSPEND_ERROR);
  const op = kernel.finish(TX_SUCCESS);
  if (thread_ptr.tx_thread_state === TX_READY) block(kernel, thread_ptr, TX_SUSPENDED, TX_WAIT_FOREVER);
  else if (thread_ptr.tx_thread_state !== TX_SUSPENDED) thread_ptr.suspendsNext = true;
  return op;
}

/**
 * Ends a thread wherever it is; the mutexes it holds are given up (C: `tx_thread_terminate`).
 *
 * @returns `TX_SUCCESS`, also for a thread that is over; `TX_THREAD_ERROR`; `TX_CALLER_ERROR` from initialisation and ISRs
 */
export function tx_thread_terminate(thread_ptr: TX_THREAD | null): Op<UINT> {
  const kernel = enter('tx_thread_terminate');
  if (!created(thread_ptr)) return kernel.refuse(TX_THREAD_ERROR);
  if (!calledFrom(kernel, 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_thread_terminate', thread_ptr, thread_ptr.tx_thread_state);
  if (!isOver(thread_ptr)) terminateThread(kernel, thread_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Ends a thread's wait; the service it waits in returns `TX_WAIT_ABORTED` (C: `tx_thread_wait_abort`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_WAIT_ABORT_ERROR` where the thread does not wait
 */
export function tx_thread_wait_abort(thread_ptr: TX_THREAD | null): Op<UINT> {
  const kernel = enter('tx_thread_wait_abort');
  if (!created(thread_ptr)) return kernel.refuse(TX_THREAD_ERROR);
  kernel.eventLog?.insert('tx_thread_wait_abort', thread_ptr, thread_ptr.tx_thread_state);
  if (thread_ptr.tx_thread_state < TX_SLEEP) return kernel.finish(TX_WAIT_ABORT_ERROR);
  abandonWait(kernel, thread_ptr, 'abort');
  return kernel.finish(TX_SUCCESS);
}
