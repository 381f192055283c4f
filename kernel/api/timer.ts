import { TIMER_ID, type TX_TIMER } from '../application-timer.ts';
import { enter } from '../caller-context.ts';
import {
  TX_ACTIVATE_ERROR,
  TX_AUTO_ACTIVATE,
  TX_CALLER_ERROR,
  TX_NO_ACTIVATE,
  TX_SUCCESS,
  TX_TICK_ERROR,
  TX_TIMER_ERROR,
  TX_WAIT_FOREVER,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import type { Callback, Op } from '../op.ts';
import type { Out } from '../out.ts';
import { mayCreate } from './checks.ts';

function activate(kernel: Kernel, timer: TX_TIMER): void {
  // A wait for ever never expires, as in ThreadX: the timer counts as active and is on no list.
  if (timer.remainingTicks !== TX_WAIT_FOREVER) kernel.ticks.activate(timer, timer.remainingTicks);
}

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
  if (timer_ptr === null || timer_ptr.tx_timer_id === TIMER_ID) return kernel.finish(TX_TIMER_ERROR);
  if (initial_ticks === 0) return kernel.finish(TX_TICK_ERROR);
  if (auto_activate !== TX_AUTO_ACTIVATE && auto_activate !== TX_NO_ACTIVATE) return kernel.finish(TX_ACTIVATE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  timer_ptr.tx_timer_id = TIMER_ID;
  timer_ptr.tx_timer_name = name_ptr;
  timer_ptr.expiration = expiration_function;
  timer_ptr.expirationInput = expiration_input;
  timer_ptr.remainingTicks = initial_ticks;
  timer_ptr.rescheduleTicks = reschedule_ticks;
  if (auto_activate === TX_AUTO_ACTIVATE) activate(kernel, timer_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Starts a timer that is not running, with the ticks it has left (C: `tx_timer_activate`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`; `TX_ACTIVATE_ERROR` where it runs already, or expired once and was not changed
 */
export function tx_timer_activate(timer_ptr: TX_TIMER | null): Op<UINT> {
  const kernel = enter('tx_timer_activate');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.finish(TX_TIMER_ERROR);
  if (kernel.ticks.isActive(timer_ptr) || timer_ptr.remainingTicks === 0) return kernel.finish(TX_ACTIVATE_ERROR);
  activate(kernel, timer_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Stops a timer, which keeps the ticks it has left (C: `tx_timer_deactivate`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`
 */
export function tx_timer_deactivate(timer_ptr: TX_TIMER | null): Op<UINT> {
  const kernel = enter('tx_timer_deactivate');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.finish(TX_TIMER_ERROR);
  if (kernel.ticks.isActive(timer_ptr)) {
    timer_ptr.remainingTicks = Math.max(1, timer_ptr.dueAt - kernel.ticks.tick);
    kernel.ticks.deactivate(timer_ptr);
  }
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the ticks of a timer that is not running; on a running one it has no effect (C: `tx_timer_change`).
 *
 * @returns `TX_SUCCESS`; `TX_TIMER_ERROR`; `TX_TICK_ERROR` for 0 initial ticks; `TX_CALLER_ERROR` during initialisation
 */
export function tx_timer_change(timer_ptr: TX_TIMER | null, initial_ticks: ULONG, reschedule_ticks: ULONG): Op<UINT> {
  const kernel = enter('tx_timer_change');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.finish(TX_TIMER_ERROR);
  if (initial_ticks === 0) return kernel.finish(TX_TICK_ERROR);
  if (kernel.context === 'init') return kernel.finish(TX_CALLER_ERROR);
  if (!kernel.ticks.isActive(timer_ptr)) {
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
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.finish(TX_TIMER_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(TX_CALLER_ERROR);
  kernel.ticks.deactivate(timer_ptr);
  timer_ptr.tx_timer_id = 0;
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
): Op<UINT> {
  const kernel = enter('tx_timer_info_get');
  if (timer_ptr?.tx_timer_id !== TIMER_ID) return kernel.finish(TX_TIMER_ERROR);
  const isActive = kernel.ticks.isActive(timer_ptr);
  if (name !== null) name.value = timer_ptr.tx_timer_name;
  if (active !== null) active.value = isActive ? 1 : 0;
  if (remaining_ticks !== null) {
    remaining_ticks.value = isActive ? timer_ptr.dueAt - kernel.ticks.tick : timer_ptr.remainingTicks;
  }
  if (reschedule_ticks !== null) reschedule_ticks.value = timer_ptr.rescheduleTicks;
  return kernel.finish(TX_SUCCESS);
}
