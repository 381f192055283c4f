import {
  byteAllocate,
  bytePoolOf,
  byteRelease,
  BYTE_POOL_ID,
  createBytePool,
  deleteBytePool,
  type TX_BYTE_POOL,
} from '../byte-pool.ts';
import { enter } from '../caller-context.ts';
import {
  TX_CALLER_ERROR,
  TX_POOL_ERROR,
  TX_PTR_ERROR,
  TX_SIZE_ERROR,
  TX_SUCCESS,
  TX_WAIT_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Op } from '../op.ts';
import type { Out } from '../out.ts';
import type { TX_THREAD } from '../thread.ts';
import { calledFrom, mayCreate, requireRoom, waitAllowed } from './checks.ts';

/** Least memory of a byte pool, in bytes. */
const LEAST = 100;

/**
 * Creates a pool of memory that is handed out in pieces of any size (C: `tx_byte_pool_create`).
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR` for NULL or a pool that exists; `TX_PTR_ERROR`; `TX_SIZE_ERROR` below 100 bytes;
 *   `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_byte_pool_create(
  pool_ptr: TX_BYTE_POOL | null,
  name_ptr: CHAR,
  pool_start: Uint8Array | null,
  pool_size: ULONG,
): Op<UINT> {
  const kernel = enter('tx_byte_pool_create');
  if (pool_ptr === null || kernel.created.bytePools.has(pool_ptr)) return kernel.refuse(TX_POOL_ERROR);
  if (pool_start === null) return kernel.refuse(TX_PTR_ERROR);
  if (pool_size < LEAST) return kernel.refuse(TX_SIZE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  requireRoom(pool_start, pool_size, 'tx_byte_pool_create', 'pool_start');
  createBytePool(kernel, pool_ptr, name_ptr, pool_start, pool_size);
  kernel.eventLog?.register('bytePool', pool_ptr, name_ptr, pool_size, 0);
  kernel.eventLog?.insert('tx_byte_pool_create', pool_ptr, pool_start, pool_size);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a pool; its waiters get `TX_DELETED` (C: `tx_byte_pool_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_byte_pool_delete(pool_ptr: TX_BYTE_POOL | null): Op<UINT> {
  const kernel = enter('tx_byte_pool_delete');
  if (pool_ptr?.tx_byte_pool_id !== BYTE_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_byte_pool_delete', pool_ptr);
  kernel.eventLog?.unregister(pool_ptr);
  deleteBytePool(kernel, pool_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Takes a piece of memory (C: `tx_byte_allocate`).
 *
 * @param memory_ptr - receives the piece, a view of the pool's memory
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`; `TX_PTR_ERROR`; `TX_SIZE_ERROR` for 0 or more than the pool has;
 *   `TX_WAIT_ERROR` for a wait outside of threads; `TX_CALLER_ERROR` from timers and ISRs; `TX_NO_MEMORY`; `TX_DELETED`;
 *   `TX_WAIT_ABORTED`
 */
export function tx_byte_allocate(
  pool_ptr: TX_BYTE_POOL | null,
  memory_ptr: Out<Uint8Array> | null,
  memory_size: ULONG,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('tx_byte_allocate');
  if (pool_ptr?.tx_byte_pool_id !== BYTE_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  if (memory_ptr === null) return kernel.refuse(TX_PTR_ERROR);
  if (memory_size === 0 || memory_size > pool_ptr.tx_byte_pool_size) return kernel.refuse(TX_SIZE_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_byte_allocate', pool_ptr, 0, memory_size, wait_option);
  return byteAllocate(kernel, pool_ptr, memory_ptr, memory_size, wait_option);
}

/**
 * Gives a piece of memory back, and serves the waiters it is enough for (C: `tx_byte_release`).
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` where it is no piece that was allocated; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_byte_release(memory_ptr: Uint8Array | null): Op<UINT> {
  const kernel = enter('tx_byte_release');
  if (memory_ptr === null) return kernel.finish(TX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  const pool = bytePoolOf(memory_ptr);
  if (pool === null) return kernel.finish(TX_PTR_ERROR);
  kernel.eventLog?.insert('tx_byte_release', pool, memory_ptr, pool.waiters.count, pool.tx_byte_pool_available);
  byteRelease(kernel, memory_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * The state of a pool (C: `tx_byte_pool_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`
 */
export function tx_byte_pool_info_get(
  pool_ptr: TX_BYTE_POOL | null,
  name: Out<CHAR> | null,
  available_bytes: Out<ULONG> | null,
  fragments: Out<ULONG> | null,
  first_suspended: Out<TX_THREAD | null> | null,
  suspended_count: Out<ULONG> | null,
  next_pool: Out<TX_BYTE_POOL> | null,
): Op<UINT> {
  const kernel = enter('tx_byte_pool_info_get');
  if (pool_ptr?.tx_byte_pool_id !== BYTE_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  kernel.eventLog?.insert('tx_byte_pool_info_get', pool_ptr);
  if (name !== null) name.value = pool_ptr.tx_byte_pool_name;
  if (available_bytes !== null) available_bytes.value = pool_ptr.tx_byte_pool_available;
  if (fragments !== null) fragments.value = pool_ptr.tx_byte_pool_fragments;
  if (first_suspended !== null) first_suspended.value = pool_ptr.waiters.first;
  if (suspended_count !== null) suspended_count.value = pool_ptr.waiters.count;
  if (next_pool !== null) next_pool.value = kernel.created.bytePools.next(pool_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Puts the waiter of the highest priority first (C: `tx_byte_pool_prioritize`).
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`
 */
export function tx_byte_pool_prioritize(pool_ptr: TX_BYTE_POOL | null): Op<UINT> {
  const kernel = enter('tx_byte_pool_prioritize');
  if (pool_ptr?.tx_byte_pool_id !== BYTE_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  kernel.eventLog?.insert('tx_byte_pool_prioritize', pool_ptr, pool_ptr.waiters.count);
  pool_ptr.waiters.prioritize();
  return kernel.finish(TX_SUCCESS);
}
