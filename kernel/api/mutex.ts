import { enter } from '../caller-context.ts';
import {
  TX_CALLER_ERROR,
  TX_INHERIT,
  TX_INHERIT_ERROR,
  TX_MUTEX_ERROR,
  TX_NO_INHERIT,
  TX_SUCCESS,
  TX_WAIT_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import { createMutex, MUTEX_ID, mutexDelete, mutexGet, mutexPut, type TX_MUTEX } from '../mutex.ts';
import type { Op } from '../op.ts';
import type { Out } from '../out.ts';
import type { TX_THREAD } from '../thread.ts';
import { calledFrom, mayCreate, waitAllowed } from './checks.ts';

/**
 * Creates a mutex (C: `tx_mutex_create`).
 *
 * @param inherit - `TX_INHERIT` lends the owner the priority of its highest waiter; `TX_NO_INHERIT` does not
 * @returns `TX_SUCCESS`; `TX_MUTEX_ERROR` for NULL or one that exists; `TX_INHERIT_ERROR`; `TX_CALLER_ERROR` from timers
 *   and ISRs
 */
export function tx_mutex_create(mutex_ptr: TX_MUTEX | null, name_ptr: CHAR, inherit: UINT): Op<UINT> {
  const kernel = enter('tx_mutex_create');
  if (mutex_ptr === null || kernel.created.mutexes.has(mutex_ptr)) return kernel.refuse(TX_MUTEX_ERROR);
  if (inherit !== TX_INHERIT && inherit !== TX_NO_INHERIT) return kernel.refuse(TX_INHERIT_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  createMutex(kernel, mutex_ptr, name_ptr, inherit);
  kernel.eventLog?.register('mutex', mutex_ptr, name_ptr, inherit, 0);
  kernel.eventLog?.insert('tx_mutex_create', mutex_ptr, inherit);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a mutex; its waiters get `TX_DELETED` (C: `tx_mutex_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_MUTEX_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_mutex_delete(mutex_ptr: TX_MUTEX | null): Op<UINT> {
  const kernel = enter('tx_mutex_delete');
  if (mutex_ptr?.tx_mutex_id !== MUTEX_ID) return kernel.refuse(TX_MUTEX_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_mutex_delete', mutex_ptr);
  kernel.eventLog?.unregister(mutex_ptr);
  mutexDelete(kernel, mutex_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Takes the mutex, once more where the caller holds it already (C: `tx_mutex_get`).
 *
 * @returns `TX_SUCCESS`; `TX_MUTEX_ERROR`; `TX_WAIT_ERROR` for a wait outside of threads; `TX_CALLER_ERROR` from ISRs;
 *   `TX_NOT_AVAILABLE` when it did not become free in time; `TX_DELETED`; `TX_WAIT_ABORTED`
 */
export function tx_mutex_get(mutex_ptr: TX_MUTEX | null, wait_option: ULONG): Op<UINT> {
  const kernel = enter('tx_mutex_get');
  if (mutex_ptr?.tx_mutex_id !== MUTEX_ID) return kernel.refuse(TX_MUTEX_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  if (!calledFrom(kernel, 'init', 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert(
    'tx_mutex_get',
    mutex_ptr,
    wait_option,
    mutex_ptr.tx_mutex_owner,
    mutex_ptr.tx_mutex_ownership_count,
  );
  return mutexGet(kernel, mutex_ptr, wait_option);
}

/**
 * Gives the mutex up once; the last time it goes to the next waiter (C: `tx_mutex_put`).
 *
 * @returns `TX_SUCCESS`; `TX_MUTEX_ERROR`; `TX_CALLER_ERROR` from ISRs; `TX_NOT_OWNED` where the caller does not hold it
 */
export function tx_mutex_put(mutex_ptr: TX_MUTEX | null): Op<UINT> {
  const kernel = enter('tx_mutex_put');
  if (mutex_ptr?.tx_mutex_id !== MUTEX_ID) return kernel.refuse(TX_MUTEX_ERROR);
  if (!calledFrom(kernel, 'init', 'thread', 'timer')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_mutex_put', mutex_ptr, mutex_ptr.tx_mutex_owner, mutex_ptr.tx_mutex_ownership_count);
  return kernel.finish(mutexPut(kernel, mutex_ptr, kernel.current));
}

/**
 * The state of a mutex (C: `tx_mutex_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_MUTEX_ERROR`
 */
export function tx_mutex_info_get(
  mutex_ptr: TX_MUTEX | null,
  name: Out<CHAR> | null,
  count: Out<ULONG> | null,
  owner: Out<TX_THREAD | null> | null,
  first_suspended: Out<TX_THREAD | null> | null,
  suspended_count: Out<ULONG> | null,
  next_mutex: Out<TX_MUTEX> | null,
): Op<UINT> {
  const kernel = enter('tx_mutex_info_get');
  if (mutex_ptr?.tx_mutex_id !== MUTEX_ID) return kernel.refuse(TX_MUTEX_ERROR);
  kernel.eventLog?.insert('tx_mutex_info_get', mutex_ptr);
  if (name !== null) name.value = mutex_ptr.tx_mutex_name;
  if (count !== null) count.value = mutex_ptr.tx_mutex_ownership_count;
  if (owner !== null) owner.value = mutex_ptr.tx_mutex_owner;
  if (first_suspended !== null) first_suspended.value = mutex_ptr.waiters.first;
  if (suspended_count !== null) suspended_count.value = mutex_ptr.waiters.count;
  if (next_mutex !== null) next_mutex.value = kernel.created.mutexes.next(mutex_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Puts the waiter of the highest priority first (C: `tx_mutex_prioritize`).
 *
 * @returns `TX_SUCCESS`; `TX_MUTEX_ERROR`
 */
export function tx_mutex_prioritize(mutex_ptr: TX_MUTEX | null): Op<UINT> {
  const kernel = enter('tx_mutex_prioritize');
  if (mutex_ptr?.tx_mutex_id !== MUTEX_ID) return kernel.refuse(TX_MUTEX_ERROR);
  kernel.eventLog?.insert('tx_mutex_prioritize', mutex_ptr, mutex_ptr.waiters.count);
  mutex_ptr.waiters.prioritize();
  return kernel.finish(TX_SUCCESS);
}
