import { enter } from '../caller-context.ts';
import {
  TX_CALLER_ERROR,
  TX_CEILING_EXCEEDED,
  TX_FEATURE_NOT_ENABLED,
  TX_INVALID_CEILING,
  TX_SEMAPHORE_ERROR,
  TX_SUCCESS,
  TX_WAIT_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import { notifying } from '../notify.ts';
import type { Callback, Op } from '../op.ts';
import {
  createSemaphore,
  SEMAPHORE_ID,
  semaphoreDelete,
  semaphoreGet,
  semaphorePut,
  type TX_SEMAPHORE,
} from '../semaphore.ts';
import type { Out } from '../out.ts';
import type { TX_THREAD } from '../thread.ts';
import { calledFrom, mayCreate, notifyEnabled, waitAllowed } from './checks.ts';

/** A put that has succeeded, with its notification. */
function told(kernel: Kernel, semaphore: TX_SEMAPHORE): Op<UINT> {
  const { putNotify } = semaphore;
  const call = putNotify === null ? null : () => putNotify(semaphore);
  return notifying(kernel, 'semaphore_put_notify', kernel.finish(TX_SUCCESS), call);
}

/**
 * Creates a counting semaphore (C: `tx_semaphore_create`).
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR` for NULL or one that exists; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_semaphore_create(
  semaphore_ptr: TX_SEMAPHORE | null,
  name_ptr: CHAR,
  initial_count: ULONG,
): Op<UINT> {
  const kernel = enter('tx_semaphore_create');
  if (semaphore_ptr === null || kernel.created.semaphores.has(semaphore_ptr)) return kernel.refuse(TX_SEMAPHORE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  createSemaphore(kernel, semaphore_ptr, name_ptr, initial_count);
  kernel.eventLog?.register('semaphore', semaphore_ptr, name_ptr, initial_count, 0);
  kernel.eventLog?.insert('tx_semaphore_create', semaphore_ptr, initial_count);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a semaphore; its waiters get `TX_DELETED` (C: `tx_semaphore_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_semaphore_delete(semaphore_ptr: TX_SEMAPHORE | null): Op<UINT> {
  const kernel = enter('tx_semaphore_delete');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_semaphore_delete', semaphore_ptr);
  kernel.eventLog?.unregister(semaphore_ptr);
  semaphoreDelete(kernel, semaphore_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Takes one instance, waiting up to `wait_option` ticks for it (C: `tx_semaphore_get`).
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`; `TX_WAIT_ERROR` for a wait outside of threads; `TX_NO_INSTANCE` when none
 *   came; `TX_DELETED`; `TX_WAIT_ABORTED`
 */
export function tx_semaphore_get(semaphore_ptr: TX_SEMAPHORE | null, wait_option: ULONG): Op<UINT> {
  const kernel = enter('tx_semaphore_get');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  kernel.eventLog?.insert('tx_semaphore_get', semaphore_ptr, wait_option, semaphore_ptr.tx_semaphore_count);
  return semaphoreGet(kernel, semaphore_ptr, wait_option);
}

/**
 * Gives one instance: to the first waiter, or to the count (C: `tx_semaphore_put`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`
 */
export function tx_semaphore_put(semaphore_ptr: TX_SEMAPHORE | null): Op<UINT> {
  const kernel = enter('tx_semaphore_put');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  kernel.eventLog?.insert(
    'tx_semaphore_put',
    semaphore_ptr,
    semaphore_ptr.tx_semaphore_count,
    semaphore_ptr.waiters.count,
  );
  semaphorePut(kernel, semaphore_ptr);
  return told(kernel, semaphore_ptr);
}

/**
 * Gives one instance unless the count has reached a ceiling (C: `tx_semaphore_ceiling_put`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`; `TX_INVALID_CEILING` for 0; `TX_CEILING_EXCEEDED`
 */
export function tx_semaphore_ceiling_put(semaphore_ptr: TX_SEMAPHORE | null, ceiling: ULONG): Op<UINT> {
  const kernel = enter('tx_semaphore_ceiling_put');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  if (ceiling === 0) return kernel.refuse(TX_INVALID_CEILING);
  kernel.eventLog?.insert(
    'tx_semaphore_ceiling_put',
    semaphore_ptr,
    semaphore_ptr.tx_semaphore_count,
    semaphore_ptr.waiters.count,
    ceiling,
  );
  if (semaphore_ptr.tx_semaphore_count >= ceiling) return kernel.finish(TX_CEILING_EXCEEDED);
  semaphorePut(kernel, semaphore_ptr);
  return told(kernel, semaphore_ptr);
}

/**
 * The state of a semaphore (C: `tx_semaphore_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`
 */
export function tx_semaphore_info_get(
  semaphore_ptr: TX_SEMAPHORE | null,
  name: Out<CHAR> | null,
  current_value: Out<ULONG> | null,
  first_suspended: Out<TX_THREAD | null> | null,
  suspended_count: Out<ULONG> | null,
  next_semaphore: Out<TX_SEMAPHORE> | null,
): Op<UINT> {
  const kernel = enter('tx_semaphore_info_get');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  kernel.eventLog?.insert('tx_semaphore_info_get', semaphore_ptr);
  if (name !== null) name.value = semaphore_ptr.tx_semaphore_name;
  if (current_value !== null) current_value.value = semaphore_ptr.tx_semaphore_count;
  if (first_suspended !== null) first_suspended.value = semaphore_ptr.waiters.first;
  if (suspended_count !== null) suspended_count.value = semaphore_ptr.waiters.count;
  if (next_semaphore !== null) next_semaphore.value = kernel.created.semaphores.next(semaphore_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Puts the waiter of the highest priority first (C: `tx_semaphore_prioritize`).
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`
 */
export function tx_semaphore_prioritize(semaphore_ptr: TX_SEMAPHORE | null): Op<UINT> {
  const kernel = enter('tx_semaphore_prioritize');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  kernel.eventLog?.insert('tx_semaphore_prioritize', semaphore_ptr, semaphore_ptr.waiters.count);
  semaphore_ptr.waiters.prioritize();
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the routine that is called after every put, in the context of the caller of the put; NULL for none
 * (C: `tx_semaphore_put_notify`).
 *
 * @returns `TX_SUCCESS`; `TX_SEMAPHORE_ERROR`; `TX_FEATURE_NOT_ENABLED` with `TX_DISABLE_NOTIFY_CALLBACKS`
 */
export function tx_semaphore_put_notify(
  semaphore_ptr: TX_SEMAPHORE | null,
  semaphore_put_notify: Callback<[semaphore: TX_SEMAPHORE], void> | null,
): Op<UINT> {
  const kernel = enter('tx_semaphore_put_notify');
  if (semaphore_ptr?.tx_semaphore_id !== SEMAPHORE_ID) return kernel.refuse(TX_SEMAPHORE_ERROR);
  if (!notifyEnabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert('tx_semaphore_put_notify', semaphore_ptr);
  semaphore_ptr.putNotify = semaphore_put_notify;
  return kernel.finish(TX_SUCCESS);
}
