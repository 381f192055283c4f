import { createTimer, deleteTimer, TIMER_ID, type TX_TIMER } from '../application-timer.ts';
import { enter } from '../caller-context.ts';
import {
  TX_ACTIVATE_ERROR,
  TX_AUTO_ACTIVATE,
  TX_CALLER_ERROR,
  TX_NO_ACTIVATE,
  TX_SUCCESS,
  TX_TICK_ERROR,
  TX_TIMER_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Callback, Op } from '../op.ts';
import type { Out } from '../out.ts';
import { calledFrom, mayCreate } from './checks.ts';

/**
 * Creates an application timer; its routine runs in the system timer thread and must not wait (C: `tx_timer_create`).
 *
 * @param initial_ticks - ticks to the first expiry, at least 1
 * @param reschedule_ticks - ticks between later expiries, or 0 for a timer that expires once
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR` for NULL or one that exists; `TX_TICK_ERROR` for 0 initial ticks;
 *   `TX_ACTIVATE_ERROR`; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_timer_create(
  timer_ptr: TX_TIMER | null,
  name_ptr: CHAR,
  expiration_function: Callback<[ULONG], void> | null,
  expiration_input: ULONG,
  initial_ticks: ULONG,
  reschedule_ticks: ULONG,
  auto_activate: UINT,
): Op<UINT> {
  const kernel = enter('tx_timer_create');
  if (timer_ptr === null || kernel.created.timers.has(timer_ptr)) return kernel.refuse(TX_TIMER_ERROR);
  if (initial_ticks === 0) return kernel.refuse(TX_TICK_ERROR);
  if (auto_activate !== TX_AUTO_ACTIVATE && auto_activate !== TX_NO_ACTIVATE) return kernel.refuse(TX_ACTIVATE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  createTimer(kernel, timer_ptr, {
    name: name_ptr,
    expiration: expiration_function,
    input: expiration_input,
    initialTicks: initial_ticks,
    rescheduleTicks: reschedule_ticks,
  });
  kernel.eventLog?.register('timer', timer_ptr, name_ptr, initial_ticks, reschedule_ticks);
  kernel.eventLog?.insert('tx_timer_create', timer_ptr, initial_ticks, reschedule_ticks, auto_activate);
  if (auto_activate === TX_AUTO_ACTIVATE) timer_ptr.activate(kernel);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Starts a timer that is not running, with the ticks it has left (C: `tx_timer_activate`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`; `TX_ACTIVATE_ERROR` where it runs already, or expired once and was not changed
 */
export function tx_timer_activate(timer_ptr: TX_TIMER | null): Op<UINT> {
  const kernel = enter('tx_timer_activate');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.refuse(TX_TIMER_ERROR);
  kernel.eventLog?.insert('tx_timer_activate', timer_ptr);
  if (timer_ptr.active || timer_ptr.remainingTicks === 0) return kernel.finish(TX_ACTIVATE_ERROR);
  timer_ptr.activate(kernel);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Stops a timer, which keeps the ticks it has left (C: `tx_timer_deactivate`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`
 */
export function tx_timer_deactivate(timer_ptr: TX_TIMER | null): Op<UINT> {
  const kernel = enter('tx_timer_deactivate');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.refuse(TX_TIMER_ERROR);
  kernel.eventLog?.insert('tx_timer_deactivate', timer_ptr);
  timer_ptr.deactivate(kernel);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the ticks of a timer that is not running; on a running one it has no effect (C: `tx_timer_change`).
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`; `TX_TICK_ERROR` for 0 initial ticks; `TX_CALLER_ERROR` during initialisation
 */
export function tx_timer_change(timer_ptr: TX_TIMER | null, initial_ticks: ULONG, reschedule_ticks: ULONG): Op<UINT> {
  const kernel = enter('tx_timer_change');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.refuse(TX_TIMER_ERROR);
  if (initial_ticks === 0) return kernel.refuse(TX_TICK_ERROR);
  if (!calledFrom(kernel, 'thread', 'timer', 'isr')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_timer_change', timer_ptr, initial_ticks, reschedule_ticks);
  if (!timer_ptr.active) {
    timer_ptr.remainingTicks = initial_ticks;
    timer_ptr.rescheduleTicks = reschedule_ticks;
  }
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a timer, running or not (C: `tx_timer_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_timer_delete(timer_ptr: TX_TIMER | null): Op<UINT> {
  const kernel = enter('tx_timer_delete');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.refuse(TX_TIMER_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_timer_delete', timer_ptr);
  kernel.eventLog?.unregister(timer_ptr);
  deleteTimer(kernel, timer_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * The state of a timer (C: `tx_timer_info_get`); every out-parameter may be NULL.
 *
 * @param active - receives 1 while the timer runs
 * @param remaining_ticks - receives the ticks to the next expiry
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`
 */
export function tx_timer_info_get(
  timer_ptr: TX_TIMER | null,
  name: Out<CHAR> | null,
  active: Out<UINT> | null,
  remaining_ticks: Out<ULONG> | null,
  reschedule_ticks: Out<ULONG> | null,
  next_timer: Out<TX_TIMER> | null,
): Op<UINT> {
  const kernel = enter('tx_timer_info_get');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.refuse(TX_TIMER_ERROR);
  kernel.eventLog?.insert('tx_timer_info_get', timer_ptr);
  if (name !== null) name.value = timer_ptr.tx_timer_name;
  if (active !== null) active.value = timer_ptr.active ? 1 : 0;
  if (remaining_ticks !== null) {
    const { reactivates, heapIndex, remainingTicks } = timer_ptr;
    const left = heapIndex >= 0 ? kernel.ticks.left(timer_ptr) : remainingTicks;
    remaining_ticks.value = reactivates ? 0 : left;
  }
  if (reschedule_ticks !== null) reschedule_ticks.value = timer_ptr.rescheduleTicks;
  if (next_timer !== null) next_timer.value = kernel.created.timers.next(timer_ptr);
  return kernel.finish(TX_SUCCESS);
}
