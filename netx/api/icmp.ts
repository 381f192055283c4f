import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_ENABLED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { icmpModule } from '../icmpv4.ts';
import { icmpv4InterfacePing, icmpv4Ping } from '../icmpv4-ping.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { NX_IP } from '../ip.ts';
import type { NX_PACKET } from '../packet.ts';
import { isIp, mayCreate } from './checks.ts';

const NOTHING = new Uint8Array(0);

/**
 * Turns ICMP on: echo requests are answered, and senders are told of ports that nobody has (C: `nx_icmp_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_icmp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_icmp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.icmpEnabled) return kernel.finish(NX_ALREADY_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.icmp = icmpModule(kernel, ip_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * What ICMP has counted (C: `nx_icmp_info_get`); every out-parameter may be NULL.
 *
 * @param ping_threads_suspended - threads that wait for a reply at the moment
 * @param icmp_unhandled_messages - messages that NetX does nothing with: all but echo requests and replies
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_icmp_info_get(
  ip_ptr: NX_IP | null,
  pings_sent: Out<ULONG> | null,
  ping_timeouts: Out<ULONG> | null,
  ping_threads_suspended: Out<ULONG> | null,
  ping_responses_received: Out<ULONG> | null,
  icmp_checksum_errors: Out<ULONG> | null,
  icmp_unhandled_messages: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_icmp_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!ip_ptr.icmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (pings_sent !== null) pings_sent.value = ip_ptr.nx_ip_pings_sent;
  if (ping_timeouts !== null) ping_timeouts.value = ip_ptr.nx_ip_ping_timeouts;
  if (ping_threads_suspended !== null) ping_threads_suspended.value = ip_ptr.nx_ip_icmp_ping_suspended_count;
  if (ping_responses_received !== null) ping_responses_received.value = ip_ptr.nx_ip_ping_responses_received;
  if (icmp_checksum_errors !== null) icmp_checksum_errors.value = ip_ptr.nx_ip_icmp_checksum_errors;
  if (icmp_unhandled_messages !== null) icmp_unhandled_messages.value = ip_ptr.nx_ip_icmp_unhandled_messages;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sends an echo request and waits for its reply (C: `nx_icmp_ping`).
 *
 * @param data - what the request carries and the reply brings back; NULL for nothing
 * @param data_size - bytes of it
 * @param response_ptr - receives the reply's packet, which the caller has to release: its data begins after the ICMP header
 * @param wait_option - ticks to wait for packets, and for the reply
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0 or an address to which there is no way;
 *   `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_OVERFLOW` for more data than an IP packet carries;
 *   `NX_NO_PACKET`; `NX_NO_RESPONSE`; `NX_WAIT_ABORTED`
 */
export function nx_icmp_ping(
  ip_ptr: NX_IP | null,
  ip_address: ULONG,
  data: Uint8Array | null,
  data_size: ULONG,
  response_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_icmp_ping');
  if (!isIp(ip_ptr) || response_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (data === null && data_size > 0) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!ip_ptr.icmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const bytes = data ?? NOTHING;
  requireRoom(bytes, data_size, 'nx_icmp_ping', 'data');
  return compound(kernel.op, icmpv4Ping(kernel, ip_ptr, ip_address, bytes, data_size, response_ptr, wait_option));
}

/**
 * Sends an echo request out of a given interface and waits for its reply (C: `_nx_icmp_interface_ping`).
 *
 * @param interface_ptr - where it goes out; its address is the sender's
 * @param next_hop_address - the neighbour that it goes to: the receiver itself, or a router
 * @returns as `nx_icmp_ping`; `NX_INVALID_INTERFACE` for one that is not the instance's
 */
export function nx_icmp_interface_ping(
  ip_ptr: NX_IP | null,
  ip_address: ULONG,
  interface_ptr: NX_INTERFACE | null,
  next_hop_address: ULONG,
  data: Uint8Array | null,
  data_size: ULONG,
  response_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_icmp_interface_ping');
  if (!isIp(ip_ptr) || interface_ptr === null || response_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (data === null && data_size > 0) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === 0 || next_hop_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!ip_ptr.icmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (!ip_ptr.nx_ip_interface.includes(interface_ptr)) return kernel.finish(NX_INVALID_INTERFACE);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const bytes = data ?? NOTHING;
  requireRoom(bytes, data_size, 'nx_icmp_interface_ping', 'data');
  const [one, hop] = [interface_ptr, next_hop_address];
  const ping = icmpv4InterfacePing(kernel, ip_ptr, ip_address, one, hop, bytes, data_size, response_ptr, wait_option);
  return compound(kernel.op, ping);
}
