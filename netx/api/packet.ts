import { waitAllowed } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_OPTION_ERROR, NX_OVERFLOW, NX_PTR_ERROR, NX_SUCCESS, NX_UNDERFLOW } from '../constants.ts';
import { netxState } from '../device-state.ts';
import type { NX_PACKET } from '../packet.ts';
import { checkHeld } from '../packet-misuse.ts';
import { isPool, packetAllocate, packetRelease, packetTransmitRelease, type NX_PACKET_POOL } from '../packet-pool.ts';

/** A packet's pointers out of order: NX_UNDERFLOW or NX_OVERFLOW, or NX_SUCCESS. */
export function pointerStatus(packet: NX_PACKET): number {
  if (packet.nx_packet_prepend_ptr < packet.nx_packet_data_start) return NX_UNDERFLOW;
  return packet.nx_packet_append_ptr > packet.nx_packet_data_end ? NX_OVERFLOW : NX_SUCCESS;
}

/**
 * Allocates a packet (C: `nx_packet_allocate`). Threads that wait get packets in the order in which they came.
 *
 * @param packet_ptr - receives the packet, which the caller holds until it releases it or sends it
 * @param packet_type - `NX_UDP_PACKET` and the like: the room for headers that stays free before the payload, in bytes
 * @param wait_option - ticks
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_OPTION_ERROR` for a type that is no multiple of 4; `NX_CALLER_ERROR` for a
 *   wait outside of threads; `NX_INVALID_PARAMETERS` for a type beyond the payload; `NX_NO_PACKET` where there is none, or
 *   none came in time; `NX_WAIT_ABORTED`; `NX_POOL_DELETED`
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
  if (!waitAllowed(kernel, wait_option)) return kernel.finish(NX_CALLER_ERROR);
  return packetAllocate(kernel, pool_ptr, packet_ptr, packet_type, wait_option);
}

function release(service: string, packet: NX_PACKET | null, giveBack: typeof packetRelease): Op<UINT> {
  const kernel = enter(service);
  if (packet === null || !isPool(packet.nx_packet_pool_owner)) return kernel.finish(NX_PTR_ERROR);
  const broken = pointerStatus(packet);
  if (broken !== NX_SUCCESS) return kernel.finish(broken);
  // One that is free already has a report of its own.
  if (packet.holder === 'stack' && packet.retained === null) checkHeld(kernel, packet);
  return kernel.finish(giveBack(kernel, packet) ? NX_SUCCESS : NX_PTR_ERROR);
}

/**
 * Releases a packet and those chained to it (C: `nx_packet_release`). A thread that waits for a packet of the pool gets
 * it at once. C sets the caller's variable to NULL; here the variable still names the packet, and using it is reported.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL, a packet of a deleted pool, one that was released before (which the
 *   run's report names) or that an upper layer keeps; `NX_UNDERFLOW`, `NX_OVERFLOW` for pointers out of the payload
 */
export function nx_packet_release(packet_ptr: NX_PACKET | null): Op<UINT> {
  return release('nx_packet_release', packet_ptr, packetRelease);
}

/**
 * Releases a packet that a driver has sent (C: `nx_packet_transmit_release`). One that an upper layer keeps
 * (`nx_packet_tcp_queue_next` is neither `NX_PACKET_ALLOCATED` nor `NX_PACKET_FREE`) is only marked `NX_DRIVER_TX_DONE`, its
 * IP header taken off. The driver takes its link header off first.
 *
 * @returns as `nx_packet_release`
 */
export function nx_packet_transmit_release(packet_ptr: NX_PACKET | null): Op<UINT> {
  return release('nx_packet_transmit_release', packet_ptr, packetTransmitRelease);
}

/**
 * Bytes of payload in a packet and those chained to it (C: `nx_packet_length_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_packet_length_get(packet_ptr: NX_PACKET | null, length: Out<ULONG> | null): Op<UINT> {
  const kernel = enter('nx_packet_length_get');
  if (packet_ptr === null || length === null) return kernel.finish(NX_PTR_ERROR);
  checkHeld(kernel, packet_ptr);
  length.value = packet_ptr.nx_packet_length;
  return kernel.finish(NX_SUCCESS);
}

/** Prepares NetX (C: `nx_system_initialize`); to be called once, before anything else of NetX. */
export function nx_system_initialize(): Op<UINT> {
  const kernel = enter('nx_system_initialize');
  netxState(kernel);
  return kernel.finish(NX_SUCCESS);
}
