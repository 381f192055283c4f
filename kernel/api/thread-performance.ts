import { enter } from '../caller-context.ts';
import { flagMacro } from '../config.ts';
import { TX_FEATURE_NOT_ENABLED, TX_PTR_ERROR, TX_SUCCESS, type UINT } from '../constants.ts';
import type { Op } from '../op.ts';
import type { Out } from '../out.ts';
import { totalOf } from '../performance.ts';
import type { TX_THREAD } from '../thread.ts';
import { deliver, type CounterOut } from './performance.ts';

const MACRO = 'TX_THREAD_ENABLE_PERFORMANCE_INFO';

/**
 * What one thread has counted (C: `tx_thread_performance_info_get`); every out-parameter may be NULL. Legal in every
 * context.
 *
 * @param solicited_preemptions - preemptions by what the thread's own services made ready
 * @param interrupt_preemptions - preemptions by what interrupts made ready
 * @param last_preempted_by - receives the thread that preempted this one last, or null
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or a thread that does not exist; `TX_FEATURE_NOT_ENABLED` unless the
 *   device's configuration sets `TX_THREAD_ENABLE_PERFORMANCE_INFO`
 */
export function tx_thread_performance_info_get(
  thread_ptr: TX_THREAD | null,
  resumptions: CounterOut,
  suspensions: CounterOut,
  solicited_preemptions: CounterOut,
  interrupt_preemptions: CounterOut,
  priority_inversions: CounterOut,
  time_slices: CounterOut,
  relinquishes: CounterOut,
  timeouts: CounterOut,
  wait_aborts: CounterOut,
  last_preempted_by: Out<TX_THREAD | null> | null,
): Op<UINT> {
  const kernel = enter('tx_thread_performance_info_get');
  if (!flagMacro(kernel.macros, MACRO)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  if (thread_ptr === null || !kernel.threads.has(thread_ptr)) return kernel.finish(TX_PTR_ERROR);
  kernel.eventLog?.insert('tx_thread_performance_info_get', thread_ptr, thread_ptr.tx_thread_state);
  deliver(thread_ptr.performance, {
    resumptions,
    suspensions,
    solicited_preemptions,
    interrupt_preemptions,
    priority_inversions,
    time_slices,
    relinquishes,
    timeouts,
    wait_aborts,
  });
  if (last_preempted_by !== null) last_preempted_by.value = thread_ptr.lastPreemptedBy;
  return kernel.finish(TX_SUCCESS);
}

/**
 * What all threads together have counted, deleted ones included (C: `tx_thread_performance_system_info_get`).
 *
 * @param non_idle_returns - how often a thread gave the processor up and another took it
 * @param idle_returns - how often a thread gave the processor up and none was ready
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_THREAD_ENABLE_PERFORMANCE_INFO`
 */
export function tx_thread_performance_system_info_get(
  resumptions: CounterOut,
  suspensions: CounterOut,
  solicited_preemptions: CounterOut,
  interrupt_preemptions: CounterOut,
  priority_inversions: CounterOut,
  time_slices: CounterOut,
  relinquishes: CounterOut,
  timeouts: CounterOut,
  wait_aborts: CounterOut,
  non_idle_returns: CounterOut,
  idle_returns: CounterOut,
): Op<UINT> {
  const kernel = enter('tx_thread_performance_system_info_get');
  if (!flagMacro(kernel.macros, MACRO)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert('tx_thread_performance_system_info_get');
  deliver(totalOf(kernel.performance.threads, kernel.threads), {
    resumptions,
    suspensions,
    solicited_preemptions,
    interrupt_preemptions,
    priority_inversions,
    time_slices,
    relinquishes,
    timeouts,
    wait_aborts,
  });
  const { nonIdleReturns, idleReturns } = kernel.performance;
  deliver({ non_idle_returns: nonIdleReturns, idle_returns: idleReturns }, { non_idle_returns, idle_returns });
  return kernel.finish(TX_SUCCESS);
}
