import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import { out, type Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PACKET,
  NX_NO_WAIT,
  NX_OPTION_ERROR,
  NX_OVERFLOW,
  NX_PACKET_OFFSET_ERROR,
  NX_PTR_ERROR,
  NX_RECEIVE_PACKET,
  NX_SIZE_ERROR,
  NX_SUCCESS,
  NX_UNDERFLOW,
} from '../constants.ts';
import { netxState } from '../device-state.ts';
import { packetBytes, type NX_PACKET } from '../packet.ts';
import { chain, copyOut, packetsNeeded, unchain, writeBytes } from '../packet-data.ts';
import {
  createPool,
  deletePool,
  packetAllocate,
  packetRelease,
  packetsThatFit,
  PACKET_POOL_ID,
  type NX_PACKET_POOL,
} from '../packet-pool.ts';

const isPool = (pool: NX_PACKET_POOL | null): pool is NX_PACKET_POOL => pool?.nx_packet_pool_id === PACKET_POOL_ID;

/** A packet's pointers out of order: NX_UNDERFLOW or NX_OVERFLOW, or NX_SUCCESS. */
function bounds(packet: NX_PACKET): number {
  if (packet.nx_packet_prepend_ptr < packet.nx_packet_data_start) return NX_UNDERFLOW;
  return packet.nx_packet_append_ptr > packet.nx_packet_data_end ? NX_OVERFLOW : NX_SUCCESS;
}

/**
 * Creates a packet pool in memory that the firmware gives (C: `nx_packet_pool_create`).
 *
 * @param payload_size - bytes of each packet; all headers lie in them too
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a pool that exists; `NX_SIZE_ERROR` where the payload is 0 or no
 *   packet fits; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_packet_pool_create(
  pool_ptr: NX_PACKET_POOL | null,
  name_ptr: CHAR,
  payload_size: ULONG,
  memory_ptr: Uint8Array | null,
  memory_size: ULONG,
): Op<UINT> {
  const kernel = enter('nx_packet_pool_create');
  if (pool_ptr === null || isPool(pool_ptr) || memory_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (payload_size === 0 || packetsThatFit(memory_size, payload_size) === 0) return kernel.finish(NX_SIZE_ERROR);
  if (kernel.context !== 'init' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  requireRoom(memory_ptr, memory_size, 'nx_packet_pool_create', 'memory_ptr');
  createPool(kernel, pool_ptr, name_ptr, payload_size, memory_ptr, memory_size);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Deletes a pool; threads that wait for a packet get `NX_POOL_DELETED` (C: `nx_packet_pool_delete`).
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
 * Allocates a packet (C: `nx_packet_allocate`).
 *
 * @param packet_type - `NX_UDP_PACKET` and the like: the room for headers that stays free before the payload
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_OPTION_ERROR` for a type that is no multiple of 4; `NX_CALLER_ERROR` for a
 *   wait outside of threads; `NX_INVALID_PARAMETERS` for a type beyond the payload; `NX_NO_PACKET`; `NX_WAIT_ABORTED`;
 *   `NX_POOL_DELETED`
 */
export function nx_packet_allocate(
  pool_ptr: NX_PACKET_POOL | null,
  packet_ptr: Out<NX_PACKET> | null,
  packet_type: ULONG,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_packet_allocate');
  if (!isPool(pool_ptr) || packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (packet_type % 4 !== 0) return kernel.finish(NX_OPTION_ERROR);
  if (wait_option !== NX_NO_WAIT && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return packetAllocate(kernel, pool_ptr, packet_ptr, packet_type, wait_option);
}

/**
 * Releases a packet and those chained to it (C: `nx_packet_release`). A thread that waits for a packet of the pool gets
 * it at once.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`, also for a packet that was released before, which the run's report names;
 *   `NX_UNDERFLOW`, `NX_OVERFLOW` for pointers out of the payload
 */
export function nx_packet_release(packet_ptr: NX_PACKET | null): Op<UINT> {
  const kernel = enter('nx_packet_release');
  if (packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  const broken = bounds(packet_ptr);
  if (broken !== NX_SUCCESS) return kernel.finish(broken);
  return kernel.finish(packetRelease(kernel, packet_ptr) ? NX_SUCCESS : NX_PTR_ERROR);
}

/**
 * Releases a packet that a driver has sent (C: `nx_packet_transmit_release`).
 *
 * @returns as `nx_packet_release`
 */
export function nx_packet_transmit_release(packet_ptr: NX_PACKET | null): Op<UINT> {
  const kernel = enter('nx_packet_transmit_release');
  if (packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  return kernel.finish(packetRelease(kernel, packet_ptr) ? NX_SUCCESS : NX_PTR_ERROR);
}

/**
 * Appends data, chaining further packets of a pool where the packet is full; all of it or nothing
 * (C: `nx_packet_data_append`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SIZE_ERROR` for no data; `NX_UNDERFLOW`; `NX_OVERFLOW`; `NX_CALLER_ERROR` for
 *   a wait outside of threads; statuses of `nx_packet_allocate`
 */
export function nx_packet_data_append(
  packet_ptr: NX_PACKET | null,
  data_start: Uint8Array | null,
  data_size: ULONG,
  pool_ptr: NX_PACKET_POOL | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_packet_data_append');
  if (packet_ptr === null || data_start === null || !isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (data_size === 0) return kernel.finish(NX_SIZE_ERROR);
  const broken = bounds(packet_ptr);
  if (broken !== NX_SUCCESS) return kernel.finish(broken);
  if (wait_option !== NX_NO_WAIT && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  requireRoom(data_start, data_size, 'nx_packet_data_append', 'data_start');
  const bytes = data_start.subarray(0, data_size);
  return compound(kernel.op, append(kernel, packet_ptr, bytes, pool_ptr, wait_option));
}

function* append(
  kernel: Kernel,
  packet: NX_PACKET,
  bytes: Uint8Array,
  pool: NX_PACKET_POOL,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const last = packet.nx_packet_last ?? packet;
  for (let count = packetsNeeded(packet, bytes.length, pool); count > 0; count--) {
    const cell = out<NX_PACKET>();
    const status = yield* packetAllocate(kernel, pool, cell, NX_RECEIVE_PACKET, waitOption);
    if (status !== NX_SUCCESS) {
      unchain(kernel, packet, last);
      return status;
    }
    chain(packet, cell.value);
  }
  writeBytes(packet, last, bytes);
  return yield* kernel.finish(NX_SUCCESS);
}

/**
 * Copies the payload of a packet and those chained to it (C: `nx_packet_data_retrieve`).
 *
 * @param buffer_start - receives the payload; there is no size to check, so it must be large enough
 * @param bytes_copied - receives how much there was
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PACKET` where the chain is shorter than its length
 */
export function nx_packet_data_retrieve(
  packet_ptr: NX_PACKET | null,
  buffer_start: Uint8Array | null,
  bytes_copied: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_packet_data_retrieve');
  if (packet_ptr === null || buffer_start === null || bytes_copied === null) return kernel.finish(NX_PTR_ERROR);
  const { nx_packet_length: length } = packet_ptr;
  requireRoom(buffer_start, length, 'nx_packet_data_retrieve', 'buffer_start');
  const copied = copyOut(packet_ptr, 0, buffer_start, length);
  bytes_copied.value = copied;
  return kernel.finish(copied < length ? NX_INVALID_PACKET : NX_SUCCESS);
}

/**
 * Copies part of a packet's payload (C: `nx_packet_data_extract_offset`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_PACKET_OFFSET_ERROR` for an offset at or behind the end
 */
export function nx_packet_data_extract_offset(
  packet_ptr: NX_PACKET | null,
  offset: ULONG,
  buffer_start: Uint8Array | null,
  buffer_length: ULONG,
  bytes_copied: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_packet_data_extract_offset');
  if (packet_ptr === null || buffer_start === null || bytes_copied === null) return kernel.finish(NX_PTR_ERROR);
  const { nx_packet_length: length } = packet_ptr;
  if (offset >= length && !(offset === 0 && length === 0)) return kernel.finish(NX_PACKET_OFFSET_ERROR);
  requireRoom(buffer_start, buffer_length, 'nx_packet_data_extract_offset', 'buffer_start');
  bytes_copied.value = copyOut(packet_ptr, offset, buffer_start, Math.min(buffer_length, length - offset));
  return kernel.finish(NX_SUCCESS);
}

/**
 * Copies a packet, in packets of a pool (C: `nx_packet_copy`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_UNDERFLOW`; `NX_OVERFLOW`; `NX_CALLER_ERROR` for a wait outside of threads;
 *   `NX_INVALID_PACKET` for one without payload; statuses of `nx_packet_allocate`
 */
export function nx_packet_copy(
  packet_ptr: NX_PACKET | null,
  new_packet_ptr: Out<NX_PACKET> | null,
  pool_ptr: NX_PACKET_POOL | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_packet_copy');
  if (packet_ptr === null || new_packet_ptr === null || !isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  const broken = bounds(packet_ptr);
  if (broken !== NX_SUCCESS) return kernel.finish(broken);
  if (wait_option !== NX_NO_WAIT && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (packet_ptr.nx_packet_length === 0) return kernel.finish(NX_INVALID_PACKET);
  return compound(kernel.op, copy(kernel, packet_ptr, new_packet_ptr, pool_ptr, wait_option));
}

function* copy(
  kernel: Kernel,
  packet: NX_PACKET,
  packetOut: Out<NX_PACKET>,
  pool: NX_PACKET_POOL,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const headroom = (packet.nx_packet_prepend_ptr - packet.nx_packet_data_start) & ~3;
  const type = Math.min(headroom, pool.nx_packet_pool_payload_size);
  const cell = out<NX_PACKET>();
  const allocated = yield* packetAllocate(kernel, pool, cell, type, waitOption);
  if (allocated !== NX_SUCCESS) return allocated;
  const status = yield* append(kernel, cell.value, packetBytes(packet), pool, waitOption);
  if (status !== NX_SUCCESS) {
    packetRelease(kernel, cell.value);
    return status;
  }
  cell.value.nx_packet_ip_interface = packet.nx_packet_ip_interface;
  packetOut.value = cell.value;
  return NX_SUCCESS;
}

/**
 * Bytes of payload in a packet and those chained to it (C: `nx_packet_length_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_packet_length_get(packet_ptr: NX_PACKET | null, length: Out<ULONG> | null): Op<UINT> {
  const kernel = enter('nx_packet_length_get');
  if (packet_ptr === null || length === null) return kernel.finish(NX_PTR_ERROR);
  length.value = packet_ptr.nx_packet_length;
  return kernel.finish(NX_SUCCESS);
}

/** Prepares NetX (C: `nx_system_initialize`); to be called once, before anything else of NetX. */
export function nx_system_initialize(): Op<UINT> {
  const kernel = enter('nx_system_initialize');
  netxState(kernel);
  return kernel.finish(NX_SUCCESS);
}
