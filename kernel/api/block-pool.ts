import {
  blockAllocate,
  blockPoolOf,
  blockRelease,
  blocksThatFit,
  BLOCK_POOL_ID,
  createBlockPool,
  deleteBlockPool,
  type TX_BLOCK_POOL,
} from '../block-pool.ts';
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

/**
 * Creates a pool of blocks of one size (C: `tx_block_pool_create`).
 *
 * @param pool_size - bytes of memory; each block takes its size, rounded up to words, and one word more
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR` for NULL or a pool that exists; `TX_PTR_ERROR`; `TX_SIZE_ERROR` where no block
 *   fits; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_block_pool_create(
  pool_ptr: TX_BLOCK_POOL | null,
  name_ptr: CHAR,
  block_size: ULONG,
  pool_start: Uint8Array | null,
  pool_size: ULONG,
): Op<UINT> {
  const kernel = enter('tx_block_pool_create');
  if (pool_ptr === null || kernel.created.blockPools.has(pool_ptr)) return kernel.refuse(TX_POOL_ERROR);
  if (pool_start === null) return kernel.refuse(TX_PTR_ERROR);
  if (block_size === 0 || blocksThatFit(pool_size, block_size) === 0) return kernel.refuse(TX_SIZE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  requireRoom(pool_start, pool_size, 'tx_block_pool_create', 'pool_start');
  createBlockPool(kernel, pool_ptr, name_ptr, block_size, pool_start, pool_size);
  const { tx_block_pool_total: total, tx_block_pool_block_size: size } = pool_ptr;
  kernel.eventLog?.register('blockPool', pool_ptr, name_ptr, total, size);
  kernel.eventLog?.insert('tx_block_pool_create', pool_ptr, pool_start, total, size);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a pool; its waiters get `TX_DELETED` (C: `tx_block_pool_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_block_pool_delete(pool_ptr: TX_BLOCK_POOL | null): Op<UINT> {
  const kernel = enter('tx_block_pool_delete');
  if (pool_ptr?.tx_block_pool_id !== BLOCK_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_block_pool_delete', pool_ptr);
  kernel.eventLog?.unregister(pool_ptr);
  deleteBlockPool(kernel, pool_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Takes a block (C: `tx_block_allocate`).
 *
 * @param block_ptr - receives the block, a view of the pool's memory
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`; `TX_PTR_ERROR`; `TX_WAIT_ERROR` for a wait outside of threads; `TX_NO_MEMORY`;
 *   `TX_DELETED`; `TX_WAIT_ABORTED`
 */
export function tx_block_allocate(
  pool_ptr: TX_BLOCK_POOL | null,
  block_ptr: Out<Uint8Array> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('tx_block_allocate');
  if (pool_ptr?.tx_block_pool_id !== BLOCK_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  if (block_ptr === null) return kernel.refuse(TX_PTR_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  kernel.eventLog?.insert('tx_block_allocate', pool_ptr, 0, wait_option, pool_ptr.tx_block_pool_available);
  return blockAllocate(kernel, pool_ptr, block_ptr, wait_option);
}

/**
 * Gives a block back: to the first waiter, or to the pool (C: `tx_block_release`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` where it is no block that was allocated
 */
export function tx_block_release(block_ptr: Uint8Array | null): Op<UINT> {
  const kernel = enter('tx_block_release');
  const pool = block_ptr === null ? null : blockPoolOf(kernel, block_ptr);
  if (block_ptr === null || pool === null) return kernel.refuse(TX_PTR_ERROR);
  kernel.eventLog?.insert('tx_block_release', pool, block_ptr, pool.waiters.count);
  blockRelease(kernel, pool);
  return kernel.finish(TX_SUCCESS);
}

/**
 * The state of a pool (C: `tx_block_pool_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`
 */
export function tx_block_pool_info_get(
  pool_ptr: TX_BLOCK_POOL | null,
  name: Out<CHAR> | null,
  available_blocks: Out<ULONG> | null,
  total_blocks: Out<ULONG> | null,
  first_suspended: Out<TX_THREAD | null> | null,
  suspended_count: Out<ULONG> | null,
  next_pool: Out<TX_BLOCK_POOL> | null,
): Op<UINT> {
  const kernel = enter('tx_block_pool_info_get');
  if (pool_ptr?.tx_block_pool_id !== BLOCK_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  kernel.eventLog?.insert('tx_block_pool_info_get', pool_ptr);
  if (name !== null) name.value = pool_ptr.tx_block_pool_name;
  if (available_blocks !== null) available_blocks.value = pool_ptr.tx_block_pool_available;
  if (total_blocks !== null) total_blocks.value = pool_ptr.tx_block_pool_total;
  if (first_suspended !== null) first_suspended.value = pool_ptr.waiters.first;
  if (suspended_count !== null) suspended_count.value = pool_ptr.waiters.count;
  if (next_pool !== null) next_pool.value = kernel.created.blockPools.next(pool_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Puts the waiter of the highest priority first (C: `tx_block_pool_prioritize`).
 *
 * @returns `TX_SUCCESS`; `TX_POOL_ERROR`
 */
export function tx_block_pool_prioritize(pool_ptr: TX_BLOCK_POOL | null): Op<UINT> {
  const kernel = enter('tx_block_pool_prioritize');
  if (pool_ptr?.tx_block_pool_id !== BLOCK_POOL_ID) return kernel.refuse(TX_POOL_ERROR);
  kernel.eventLog?.insert('tx_block_pool_prioritize', pool_ptr, pool_ptr.waiters.count);
  pool_ptr.waiters.prioritize();
  return kernel.finish(TX_SUCCESS);
}
