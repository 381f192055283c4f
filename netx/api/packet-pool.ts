import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import { flagMacro } from '../../kernel/config.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_NOT_SUPPORTED, NX_PTR_ERROR, NX_SIZE_ERROR, NX_SUCCESS } from '../constants.ts';
import { packetLayout } from '../packet-layout.ts';
import { createPool, deletePool, isPool, overlapsPool, type NX_PACKET_POOL } from '../packet-pool.ts';

/**
 * Creates a packet pool in memory that the firmware gives (C: `nx_packet_pool_create`). Every packet takes
 * `NX_PACKET.sizeof` bytes and its payload, rounded up to `NX_PACKET_ALIGNMENT`.
 *
 * @param payload_size - bytes of each packet; all headers lie in them too
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL, a pool that exists, or memory that is part of another pool;
 *   `NX_SIZE_ERROR` where the payload is 0 or no packet fits; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_packet_pool_create(
  pool_ptr: NX_PACKET_POOL | null,
  name_ptr: CHAR,
  payload_size: ULONG,
  memory_ptr: Uint8Array | null,
  memory_size: ULONG,
): Op<UINT> {
  const kernel = enter('nx_packet_pool_create');
  if (pool_ptr === null || memory_ptr === null) return kernel.finish(NX_PTR_ERROR);
  const layout = packetLayout(kernel.macros, memory_ptr.byteOffset, memory_size, payload_size);
  if (payload_size === 0 || layout.count === 0) return kernel.finish(NX_SIZE_ERROR);
  if (isPool(pool_ptr) || overlapsPool(kernel, memory_ptr, memory_size)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'init' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  requireRoom(memory_ptr, memory_size, 'nx_packet_pool_create', 'memory_ptr');
  createPool(kernel, pool_ptr, { name: name_ptr, memory: memory_ptr, size: memory_size, layout });
  return kernel.finish(NX_SUCCESS);
}

/**
 * Deletes a pool; threads that wait for a packet get `NX_POOL_DELETED` (C: `nx_packet_pool_delete`). Packets of it that are
 * still held can be read, and no longer released.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_packet_pool_delete(pool_ptr: NX_PACKET_POOL | null): Op<UINT> {
  const kernel = enter('nx_packet_pool_delete');
  if (!isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  deletePool(kernel, pool_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * The state of a pool (C: `nx_packet_pool_info_get`); every out-parameter may be NULL.
 *
 * @param empty_pool_requests - receives how often the pool was asked for a packet and had none, waiting or not
 * @param empty_pool_suspensions - receives how many of these waited
 * @param invalid_packet_releases - receives how many packets were released that were not held
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_packet_pool_info_get(
  pool_ptr: NX_PACKET_POOL | null,
  total_packets: Out<ULONG> | null,
  free_packets: Out<ULONG> | null,
  empty_pool_requests: Out<ULONG> | null,
  empty_pool_suspensions: Out<ULONG> | null,
  invalid_packet_releases: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_packet_pool_info_get');
  if (!isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  if (total_packets !== null) total_packets.value = pool_ptr.nx_packet_pool_total;
  if (free_packets !== null) free_packets.value = pool_ptr.nx_packet_pool_available;
  if (empty_pool_requests !== null) empty_pool_requests.value = pool_ptr.nx_packet_pool_empty_requests;
  if (empty_pool_suspensions !== null) empty_pool_suspensions.value = pool_ptr.nx_packet_pool_empty_suspensions;
  if (invalid_packet_releases !== null) invalid_packet_releases.value = pool_ptr.nx_packet_pool_invalid_releases;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets a pool's low watermark: while fewer packets than that are free, received datagrams that nobody waits for are dropped
 * and not queued, so that there are packets left to send with (C: `nx_packet_pool_low_watermark_set`).
 *
 * @param low_watermark - packets; 0 for none
 * @returns `NX_SUCCESS`; `NX_NOT_SUPPORTED` unless the device has `NX_ENABLE_LOW_WATERMARK`; `NX_PTR_ERROR`;
 *   `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_packet_pool_low_watermark_set(pool_ptr: NX_PACKET_POOL | null, low_watermark: ULONG): Op<UINT> {
  const kernel = enter('nx_packet_pool_low_watermark_set');
  if (!flagMacro(kernel.macros, 'NX_ENABLE_LOW_WATERMARK')) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  pool_ptr.nx_packet_pool_low_watermark = low_watermark;
  return kernel.finish(NX_SUCCESS);
}
