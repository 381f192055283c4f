import { enter } from '../../kernel/caller-context.ts';
import { TX_TCP_IP, type UINT, type ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_NO_PACKET,
  NX_NO_WAIT,
  NX_NOT_ENABLED,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { stopRaw } from '../ip-raw.ts';
import { ipConfig } from '../ip-config.ts';
import type { NX_IP, RawPacketFilter } from '../ip.ts';
import type { NX_PACKET } from '../packet.ts';
import { takeOver } from '../packet-pool.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';
import { suspendCurrent } from '../../kernel/waiting.ts';

/**
 * Lets packets of protocols that the stack does not have be sent and received (C: `nx_ip_raw_packet_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_raw_packet_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_ip_raw_packet_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.rawEnabled = true;
  ip_ptr.nx_ip_raw_received_packet_max = ip_ptr.config.rawQueueDepth;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Neither sends nor receives raw packets any more: those that wait are released, and threads that wait for one get
 * `NX_NO_PACKET` (C: `nx_ip_raw_packet_disable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_raw_packet_disable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_ip_raw_packet_disable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => {
    ip_ptr.rawEnabled = false;
    stopRaw(kernel, ip_ptr);
    return NX_SUCCESS;
  });
}

/**
 * Receives a packet of a protocol that the stack does not have; its payload comes without the IP header (C:
 * `nx_ip_raw_packet_receive`).
 *
 * @param packet_ptr - receives the packet, which the caller owns from then on
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_NO_PACKET`, also
 *   where raw packets are disabled meanwhile; `NX_WAIT_ABORTED`
 */
export function nx_ip_raw_packet_receive(
  ip_ptr: NX_IP | null,
  packet_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_raw_packet_receive');
  if (!isIp(ip_ptr) || packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip_ptr.rawEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return compound(kernel.op, receive(kernel, ip_ptr, packet_ptr, wait_option));
}

function* receive(
  kernel: Kernel,
  ip: NX_IP,
  packetOut: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const delivered: NX_PACKET[] = [];
  const waiting = ip.rawPackets.shift();
  if (waiting !== null) {
    delivered.push(waiting);
  } else {
    if (waitOption === NX_NO_WAIT) return yield* kernel.finish(NX_NO_PACKET);
    const thread = kernel.current;
    if (thread !== null) thread.waitRequest = { kind: 'raw-packet', deliver: (packet) => void delivered.push(packet) };
    const status = yield* suspendCurrent(kernel, TX_TCP_IP, ip.rawReceivers, waitOption);
    if (delivered.length === 0) return status;
  }
  const [packet] = delivered;
  if (packet === undefined) return NX_NO_PACKET;
  takeOver(kernel, packet, 'nx_ip_raw_packet_receive');
  packetOut.value = packet;
  return yield* kernel.finish(NX_SUCCESS);
}

/**
 * Sets how many raw packets may wait to be received; when more come, the new ones are dropped (C:
 * `nx_ip_raw_receive_queue_max_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_raw_receive_queue_max_set(ip_ptr: NX_IP | null, queue_max: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_raw_receive_queue_max_set');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.nx_ip_raw_received_packet_max = queue_max;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Has a routine asked about every raw packet that arrives, in the IP thread (C: `nx_ip_raw_packet_filter_set`): when it
 * returns `NX_SUCCESS` the packet is its own, else the packet is dropped. No packet is queued then.
 *
 * @param raw_packet_filter - NULL for none
 * @returns `NX_SUCCESS`; `NX_NOT_SUPPORTED` unless the device has `NX_ENABLE_IP_RAW_PACKET_FILTER`; `NX_PTR_ERROR`;
 *   `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_raw_packet_filter_set(ip_ptr: NX_IP | null, raw_packet_filter: RawPacketFilter | null): Op<UINT> {
  const kernel = enter('nx_ip_raw_packet_filter_set');
  if (!ipConfig(kernel).rawFilter) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.rawFilter = raw_packet_filter;
  return kernel.finish(NX_SUCCESS);
}
