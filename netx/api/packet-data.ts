import { requireRoom, waitAllowed } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PACKET,
  NX_PACKET_OFFSET_ERROR,
  NX_PTR_ERROR,
  NX_SIZE_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_PACKET } from '../packet.ts';
import { adjustData, copyOut, packetsNeeded, writeBytes } from '../packet-data.ts';
import { copyPacket, extendAndWrite } from '../packet-extend.ts';
import { checkHeld } from '../packet-misuse.ts';
import { isPool, type NX_PACKET_POOL } from '../packet-pool.ts';
import { pointerStatus } from './packet.ts';

/**
 * Appends data, chaining further packets of a pool where the packet is full; all of it or nothing
 * (C: `nx_packet_data_append`).
 *
 * @param data_size - bytes
 * @param pool_ptr - where further packets come from
 * @param wait_option - ticks, for each of them
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SIZE_ERROR` for no data, and for data that does not fit where the device has
 *   `NX_DISABLE_PACKET_CHAIN`; `NX_UNDERFLOW`; `NX_OVERFLOW`; `NX_CALLER_ERROR` for a wait outside of threads;
 *   `NX_NO_PACKET`; `NX_WAIT_ABORTED`; `NX_POOL_DELETED`
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
  const broken = pointerStatus(packet_ptr);
  if (broken !== NX_SUCCESS) return kernel.finish(broken);
  if (!waitAllowed(kernel, wait_option)) return kernel.finish(NX_CALLER_ERROR);
  requireRoom(data_start, data_size, 'nx_packet_data_append', 'data_start');
  checkHeld(kernel, packet_ptr);
  const bytes = data_start.length === data_size ? data_start : data_start.subarray(0, data_size);
  const needed = packetsNeeded(packet_ptr, data_size, pool_ptr);
  if (needed > 0 && !pool_ptr.chains) return kernel.finish(NX_SIZE_ERROR);
  if (needed > 0) return compound(kernel.op, extendAndWrite(kernel, packet_ptr, bytes, pool_ptr, wait_option));
  writeBytes(packet_ptr, packet_ptr.nx_packet_last ?? packet_ptr, bytes);
  return kernel.finish(NX_SUCCESS);
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
  checkHeld(kernel, packet_ptr);
  const { nx_packet_length: length } = packet_ptr;
  requireRoom(buffer_start, length, 'nx_packet_data_retrieve', 'buffer_start');
  const copied = copyOut(packet_ptr, 0, buffer_start, length);
  bytes_copied.value = copied;
  return kernel.finish(copied < length ? NX_INVALID_PACKET : NX_SUCCESS);
}

/**
 * Copies part of a packet's payload (C: `nx_packet_data_extract_offset`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_PACKET_OFFSET_ERROR` for an offset at or behind the end, unless it is 0
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
  checkHeld(kernel, packet_ptr);
  const { nx_packet_length: length } = packet_ptr;
  if (offset >= length && !(offset === 0 && length === 0)) return kernel.finish(NX_PACKET_OFFSET_ERROR);
  requireRoom(buffer_start, buffer_length, 'nx_packet_data_extract_offset', 'buffer_start');
  const wanted = Math.min(buffer_length, length - offset);
  bytes_copied.value = copyOut(packet_ptr, offset, buffer_start, wanted);
  return kernel.finish(bytes_copied.value === 0 && wanted > 0 ? NX_PACKET_OFFSET_ERROR : NX_SUCCESS);
}

/**
 * Copies a packet, in packets of a pool (C: `nx_packet_copy`): what lies before the payload too, so that the copy has the
 * same room for headers.
 *
 * @param new_packet_ptr - receives the copy, which the caller holds
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_UNDERFLOW`; `NX_OVERFLOW`; `NX_CALLER_ERROR` for a wait outside of threads;
 *   `NX_INVALID_PACKET` for one without payload, or whose length is not that of its chain; `NX_SIZE_ERROR` for one that
 *   does not fit where the device has `NX_DISABLE_PACKET_CHAIN`; `NX_NO_PACKET`; `NX_WAIT_ABORTED`; `NX_POOL_DELETED`
 */
export function nx_packet_copy(
  packet_ptr: NX_PACKET | null,
  new_packet_ptr: Out<NX_PACKET> | null,
  pool_ptr: NX_PACKET_POOL | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_packet_copy');
  if (packet_ptr === null || new_packet_ptr === null || !isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  const broken = pointerStatus(packet_ptr);
  if (broken !== NX_SUCCESS) return kernel.finish(broken);
  if (!waitAllowed(kernel, wait_option)) return kernel.finish(NX_CALLER_ERROR);
  checkHeld(kernel, packet_ptr);
  if (packet_ptr.nx_packet_length === 0) return kernel.finish(NX_INVALID_PACKET);
  return compound(kernel.op, copyPacket(kernel, packet_ptr, new_packet_ptr, pool_ptr, wait_option));
}

/**
 * Makes room for a header before the payload, where there is too little, by moving the payload towards the end of the
 * packet; what has no room there goes into one more packet, without waiting for it (C: `nx_packet_data_adjust`).
 *
 * @param header_size - bytes that shall be free before the payload
 * @returns `NX_SUCCESS`, also where there is room enough already; `NX_PTR_ERROR` for NULL, which C does not check;
 *   `NX_UNDERFLOW` where the packet cannot hold the header at all, or no packet may be chained
 *   (`NX_DISABLE_PACKET_CHAIN`); `NX_NOT_SUPPORTED` for an odd size that takes one more packet; `NX_NO_PACKET`
 */
export function nx_packet_data_adjust(packet_ptr: NX_PACKET | null, header_size: ULONG): Op<UINT> {
  const kernel = enter('nx_packet_data_adjust');
  if (packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  checkHeld(kernel, packet_ptr);
  return kernel.finish(adjustData(kernel, packet_ptr, header_size));
}
