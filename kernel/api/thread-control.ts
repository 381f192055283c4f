import { enter } from '../caller-context.ts';
import { flagMacro } from '../config.ts';
import {
  TX_CALLER_ERROR,
  TX_COMPLETED,
  TX_FEATURE_NOT_ENABLED,
  TX_NOT_DONE,
  TX_PRIORITY_ERROR,
  TX_PTR_ERROR,
  TX_SUCCESS,
  TX_SUSPENDED,
  TX_TERMINATED,
  TX_THREAD_ERROR,
  TX_THRESH_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Callback, Op } from '../op.ts';
import type { Out } from '../out.ts';
import { THREAD_ID, type TX_THREAD } from '../thread.ts';
import { calledFrom, notifyEnabled } from './checks.ts';

/** The thread that waits behind this one for the same object; behind the last stands the first. */
const nextWaiter = (thread: TX_THREAD): TX_THREAD | null => thread.waitNext ?? thread.waitList?.first ?? null;

/**
 * The state of a thread (C: `tx_thread_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`
 */
export function tx_thread_info_get(
  thread_ptr: TX_THREAD | null,
  name: Out<CHAR> | null,
  state: Out<UINT> | null,
  run_count: Out<ULONG> | null,
  priority: Out<UINT> | null,
  preemption_threshold: Out<UINT> | null,
  time_slice: Out<ULONG> | null,
  next_thread: Out<TX_THREAD> | null,
  next_suspended_thread: Out<TX_THREAD | null> | null,
): Op<UINT> {
  const kernel = enter('tx_thread_info_get');
  if (thread_ptr?.tx_thread_id !== THREAD_ID) return kernel.refuse(TX_THREAD_ERROR);
  kernel.eventLog?.insert('tx_thread_info_get', thread_ptr, thread_ptr.tx_thread_state);
  if (name !== null) name.value = thread_ptr.tx_thread_name;
  if (state !== null) state.value = thread_ptr.tx_thread_state;
  if (run_count !== null) run_count.value = thread_ptr.tx_thread_run_count;
  if (priority !== null) priority.value = thread_ptr.tx_thread_priority;
  if (preemption_threshold !== null) preemption_threshold.value = thread_ptr.tx_thread_preempt_threshold;
  if (time_slice !== null) time_slice.value = thread_ptr.tx_thread_time_slice;
  if (next_thread !== null) next_thread.value = kernel.threads.next(thread_ptr);
  if (next_suspended_thread !== null) next_suspended_thread.value = nextWaiter(thread_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Changes a thread's priority; its preemption-threshold becomes the same (C: `tx_thread_priority_change`). A running thread
 * stays first at its new priority. What a mutex lends the thread is kept while it is higher.
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_PTR_ERROR`; `TX_PRIORITY_ERROR`; `TX_CALLER_ERROR` from initialisation and
 *   ISRs
 */
export function tx_thread_priority_change(
  thread_ptr: TX_THREAD | null,
  new_priority: UINT,
  old_priority: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('tx_thread_priority_change');
  if (thread_ptr?.tx_thread_id !== THREAD_ID) return kernel.refuse(TX_THREAD_ERROR);
  if (old_priority === null) return kernel.refuse(TX_PTR_ERROR);
  if (new_priority >= kernel.config.TX_MAX_PRIORITIES) return kernel.refuse(TX_PRIORITY_ERROR);
  if (!calledFrom(kernel, 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert(
    'tx_thread_priority_change',
    thread_ptr,
    new_priority,
    thread_ptr.tx_thread_priority,
    thread_ptr.tx_thread_state,
  );
  old_priority.value = thread_ptr.tx_thread_user_priority;
  const isLent = thread_ptr.tx_thread_priority < thread_ptr.tx_thread_user_priority;
  thread_ptr.tx_thread_user_priority = new_priority;
  thread_ptr.tx_thread_user_preempt_threshold = new_priority;
  if (!isLent || new_priority < thread_ptr.tx_thread_priority) {
    kernel.reprioritize(thread_ptr, new_priority, new_priority);
  }
  return kernel.finish(TX_SUCCESS);
}

/**
 * Changes a thread's preemption-threshold (C: `tx_thread_preemption_change`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_PTR_ERROR`; `TX_THRESH_ERROR` for a threshold below the priority;
 *   `TX_CALLER_ERROR` from initialisation and ISRs
 */
export function tx_thread_preemption_change(
  thread_ptr: TX_THREAD | null,
  new_threshold: UINT,
  old_threshold: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('tx_thread_preemption_change');
  if (thread_ptr?.tx_thread_id !== THREAD_ID) return kernel.refuse(TX_THREAD_ERROR);
  if (old_threshold === null) return kernel.refuse(TX_PTR_ERROR);
  if (new_threshold > thread_ptr.tx_thread_user_priority) return kernel.finish(TX_THRESH_ERROR);
  if (!calledFrom(kernel, 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert(
    'tx_thread_preemption_change',
    thread_ptr,
    new_threshold,
    thread_ptr.tx_thread_preempt_threshold,
    thread_ptr.tx_thread_state,
  );
  old_threshold.value = thread_ptr.tx_thread_user_preempt_threshold;
  thread_ptr.tx_thread_user_preempt_threshold = new_threshold;
  const priority = thread_ptr.tx_thread_priority;
  kernel.scheduler.changeThreshold(thread_ptr, Math.min(new_threshold, priority));
  return kernel.finish(TX_SUCCESS);
}

/**
 * Changes a thread's time slice; the present one begins anew (C: `tx_thread_time_slice_change`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_PTR_ERROR`; `TX_CALLER_ERROR` from initialisation and ISRs
 */
export function tx_thread_time_slice_change(
  thread_ptr: TX_THREAD | null,
  new_time_slice: ULONG,
  old_time_slice: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('tx_thread_time_slice_change');
  if (thread_ptr?.tx_thread_id !== THREAD_ID) return kernel.refuse(TX_THREAD_ERROR);
  if (old_time_slice === null) return kernel.refuse(TX_PTR_ERROR);
  if (!calledFrom(kernel, 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert(
    'tx_thread_time_slice_change',
    thread_ptr,
    new_time_slice,
    thread_ptr.tx_thread_new_time_slice,
  );
  old_time_slice.value = thread_ptr.tx_thread_new_time_slice;
  thread_ptr.tx_thread_new_time_slice = new_time_slice;
  kernel.timeSlice.renew(thread_ptr);
  if (kernel.current === thread_ptr) kernel.timeSlice.switchTo(thread_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Prepares a thread that is over to run from its entry again; it is suspended until it is resumed (C: `tx_thread_reset`).
 *
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_CALLER_ERROR` unless called from a thread; `TX_NOT_DONE` while it is alive
 */
export function tx_thread_reset(thread_ptr: TX_THREAD | null): Op<UINT> {
  const kernel = enter('tx_thread_reset');
  if (thread_ptr?.tx_thread_id !== THREAD_ID) return kernel.refuse(TX_THREAD_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_thread_reset', thread_ptr, thread_ptr.tx_thread_state);
  const { tx_thread_state: state } = thread_ptr;
  if (state !== TX_COMPLETED && state !== TX_TERMINATED) return kernel.finish(TX_NOT_DONE);
  thread_ptr.tx_thread_state = TX_SUSPENDED;
  thread_ptr.tx_thread_run_count = 0;
  thread_ptr.interruptsDisabled = false;
  thread_ptr.tx_thread_time_slice = thread_ptr.tx_thread_new_time_slice;
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the routine that is called, in the thread itself, when the thread begins and when it ends
 * (C: `tx_thread_entry_exit_notify`). A thread that is terminated has no more say.
 *
 * @param notify - gets the thread and `TX_THREAD_ENTRY` or `TX_THREAD_EXIT`; NULL for none
 * @returns `TX_SUCCESS`; `TX_THREAD_ERROR`; `TX_FEATURE_NOT_ENABLED` with `TX_DISABLE_NOTIFY_CALLBACKS`
 */
export function tx_thread_entry_exit_notify(
  thread_ptr: TX_THREAD | null,
  notify: Callback<[thread: TX_THREAD, condition: UINT], void> | null,
): Op<UINT> {
  const kernel = enter('tx_thread_entry_exit_notify');
  if (thread_ptr?.tx_thread_id !== THREAD_ID) return kernel.refuse(TX_THREAD_ERROR);
  if (!notifyEnabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert('tx_thread_entry_exit_notify', thread_ptr, thread_ptr.tx_thread_state);
  thread_ptr.entryExitNotify = notify;
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the routine for stack errors (C: `tx_thread_stack_error_notify`). Threads have no stack of their own here, so it is
 * never called.
 *
 * @returns `TX_SUCCESS` with `TX_ENABLE_STACK_CHECKING`; `TX_FEATURE_NOT_ENABLED` without
 */
export function tx_thread_stack_error_notify(_error_handler: Callback<[thread: TX_THREAD], void> | null): Op<UINT> {
  const kernel = enter('tx_thread_stack_error_notify');
  if (!flagMacro(kernel.macros, 'TX_ENABLE_STACK_CHECKING')) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert('tx_thread_stack_error_notify');
  return kernel.finish(TX_SUCCESS);
}
