import type { UINT } from '../constants.ts';
import type { Op } from '../op.ts';
import type { TX_TIMER } from '../application-timer.ts';
import type { TX_BLOCK_POOL } from '../block-pool.ts';
import type { TX_BYTE_POOL } from '../byte-pool.ts';
import type { TX_EVENT_FLAGS_GROUP } from '../event-flags.ts';
import type { TX_MUTEX } from '../mutex.ts';
import type { TX_QUEUE } from '../queue.ts';
import type { TX_SEMAPHORE } from '../semaphore.ts';
import { countersOf, systemCounters, type CounterOut } from './performance.ts';

/**
 * What one pool has counted (C: `tx_block_pool_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_BLOCK_POOL_ENABLE_PERFORMANCE_INFO`
 */
export function tx_block_pool_performance_info_get(
  pool_ptr: TX_BLOCK_POOL | null,
  allocates: CounterOut,
  releases: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_block_pool_performance_info_get',
    'TX_BLOCK_POOL_ENABLE_PERFORMANCE_INFO',
    pool_ptr,
    (kernel) => kernel.created.blockPools,
    { allocates, releases, suspensions, timeouts },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_block_pool_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_BLOCK_POOL_ENABLE_PERFORMANCE_INFO`
 */
export function tx_block_pool_performance_system_info_get(
  allocates: CounterOut,
  releases: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_block_pool_performance_system_info_get',
    'TX_BLOCK_POOL_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.blockPools, created.blockPools],
    { allocates, releases, suspensions, timeouts },
  );
}

/**
 * What one pool has counted (C: `tx_byte_pool_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO`
 */
export function tx_byte_pool_performance_info_get(
  pool_ptr: TX_BYTE_POOL | null,
  allocates: CounterOut,
  releases: CounterOut,
  fragments_searched: CounterOut,
  merges: CounterOut,
  splits: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_byte_pool_performance_info_get',
    'TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO',
    pool_ptr,
    (kernel) => kernel.created.bytePools,
    { allocates, releases, fragments_searched, merges, splits, suspensions, timeouts },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_byte_pool_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO`
 */
export function tx_byte_pool_performance_system_info_get(
  allocates: CounterOut,
  releases: CounterOut,
  fragments_searched: CounterOut,
  merges: CounterOut,
  splits: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_byte_pool_performance_system_info_get',
    'TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.bytePools, created.bytePools],
    { allocates, releases, fragments_searched, merges, splits, suspensions, timeouts },
  );
}

/**
 * What one group has counted (C: `tx_event_flags_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_EVENT_FLAGS_ENABLE_PERFORMANCE_INFO`
 */
export function tx_event_flags_performance_info_get(
  group_ptr: TX_EVENT_FLAGS_GROUP | null,
  sets: CounterOut,
  gets: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_event_flags_performance_info_get',
    'TX_EVENT_FLAGS_ENABLE_PERFORMANCE_INFO',
    group_ptr,
    (kernel) => kernel.created.eventFlags,
    { sets, gets, suspensions, timeouts },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_event_flags_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_EVENT_FLAGS_ENABLE_PERFORMANCE_INFO`
 */
export function tx_event_flags_performance_system_info_get(
  sets: CounterOut,
  gets: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_event_flags_performance_system_info_get',
    'TX_EVENT_FLAGS_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.eventFlags, created.eventFlags],
    { sets, gets, suspensions, timeouts },
  );
}

/**
 * What one mutex has counted (C: `tx_mutex_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_MUTEX_ENABLE_PERFORMANCE_INFO`
 */
export function tx_mutex_performance_info_get(
  mutex_ptr: TX_MUTEX | null,
  puts: CounterOut,
  gets: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
  inversions: CounterOut,
  inheritances: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_mutex_performance_info_get',
    'TX_MUTEX_ENABLE_PERFORMANCE_INFO',
    mutex_ptr,
    (kernel) => kernel.created.mutexes,
    { puts, gets, suspensions, timeouts, inversions, inheritances },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_mutex_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_MUTEX_ENABLE_PERFORMANCE_INFO`
 */
export function tx_mutex_performance_system_info_get(
  puts: CounterOut,
  gets: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
  inversions: CounterOut,
  inheritances: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_mutex_performance_system_info_get',
    'TX_MUTEX_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.mutexes, created.mutexes],
    { puts, gets, suspensions, timeouts, inversions, inheritances },
  );
}

/**
 * What one queue has counted (C: `tx_queue_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_QUEUE_ENABLE_PERFORMANCE_INFO`
 */
export function tx_queue_performance_info_get(
  queue_ptr: TX_QUEUE | null,
  messages_sent: CounterOut,
  messages_received: CounterOut,
  empty_suspensions: CounterOut,
  full_suspensions: CounterOut,
  full_errors: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_queue_performance_info_get',
    'TX_QUEUE_ENABLE_PERFORMANCE_INFO',
    queue_ptr,
    (kernel) => kernel.created.queues,
    { messages_sent, messages_received, empty_suspensions, full_suspensions, full_errors, timeouts },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_queue_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_QUEUE_ENABLE_PERFORMANCE_INFO`
 */
export function tx_queue_performance_system_info_get(
  messages_sent: CounterOut,
  messages_received: CounterOut,
  empty_suspensions: CounterOut,
  full_suspensions: CounterOut,
  full_errors: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_queue_performance_system_info_get',
    'TX_QUEUE_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.queues, created.queues],
    { messages_sent, messages_received, empty_suspensions, full_suspensions, full_errors, timeouts },
  );
}

/**
 * What one semaphore has counted (C: `tx_semaphore_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO`
 */
export function tx_semaphore_performance_info_get(
  semaphore_ptr: TX_SEMAPHORE | null,
  puts: CounterOut,
  gets: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_semaphore_performance_info_get',
    'TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO',
    semaphore_ptr,
    (kernel) => kernel.created.semaphores,
    { puts, gets, suspensions, timeouts },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_semaphore_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO`
 */
export function tx_semaphore_performance_system_info_get(
  puts: CounterOut,
  gets: CounterOut,
  suspensions: CounterOut,
  timeouts: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_semaphore_performance_system_info_get',
    'TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.semaphores, created.semaphores],
    { puts, gets, suspensions, timeouts },
  );
}

/**
 * What one timer has counted (C: `tx_timer_performance_info_get`); every out-parameter may be NULL. Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_PTR_ERROR` for NULL or one that does not exist; `TX_FEATURE_NOT_ENABLED` unless the device's
 *   configuration sets `TX_TIMER_ENABLE_PERFORMANCE_INFO`
 */
export function tx_timer_performance_info_get(
  timer_ptr: TX_TIMER | null,
  activates: CounterOut,
  reactivates: CounterOut,
  deactivates: CounterOut,
  expirations: CounterOut,
  expiration_adjusts: CounterOut,
): Op<UINT> {
  return countersOf(
    'tx_timer_performance_info_get',
    'TX_TIMER_ENABLE_PERFORMANCE_INFO',
    timer_ptr,
    (kernel) => kernel.created.timers,
    { activates, reactivates, deactivates, expirations, expiration_adjusts },
  );
}

/**
 * What all of them together have counted, deleted ones included (C: `tx_timer_performance_system_info_get`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets
 *   `TX_TIMER_ENABLE_PERFORMANCE_INFO`
 */
export function tx_timer_performance_system_info_get(
  activates: CounterOut,
  reactivates: CounterOut,
  deactivates: CounterOut,
  expirations: CounterOut,
  expiration_adjusts: CounterOut,
): Op<UINT> {
  return systemCounters(
    'tx_timer_performance_system_info_get',
    'TX_TIMER_ENABLE_PERFORMANCE_INFO',
    ({ performance, created }) => [performance.timers, created.timers],
    { activates, reactivates, deactivates, expirations, expiration_adjusts },
  );
}
