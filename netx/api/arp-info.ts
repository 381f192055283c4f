import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_NOT_ENABLED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isIp } from './checks.ts';

/**
 * What ARP has counted (C: `nx_arp_info_get`); every out-parameter may be NULL.
 *
 * @param arp_dynamic_entries - neighbours that the cache holds at the moment, without the static ones
 * @param arp_aged_entries - neighbours that were given up because they did not answer
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_arp_info_get(
  ip_ptr: NX_IP | null,
  arp_requests_sent: Out<ULONG> | null,
  arp_requests_received: Out<ULONG> | null,
  arp_responses_sent: Out<ULONG> | null,
  arp_responses_received: Out<ULONG> | null,
  arp_dynamic_entries: Out<ULONG> | null,
  arp_static_entries: Out<ULONG> | null,
  arp_aged_entries: Out<ULONG> | null,
  arp_invalid_messages: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_arp_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (arp_requests_sent !== null) arp_requests_sent.value = ip_ptr.nx_ip_arp_requests_sent;
  if (arp_requests_received !== null) arp_requests_received.value = ip_ptr.nx_ip_arp_requests_received;
  if (arp_responses_sent !== null) arp_responses_sent.value = ip_ptr.nx_ip_arp_responses_sent;
  if (arp_responses_received !== null) arp_responses_received.value = ip_ptr.nx_ip_arp_responses_received;
  if (arp_dynamic_entries !== null) arp_dynamic_entries.value = ip_ptr.arp.count(false);
  if (arp_static_entries !== null) arp_static_entries.value = ip_ptr.arp.count(true);
  if (arp_aged_entries !== null) arp_aged_entries.value = ip_ptr.nx_ip_arp_aged_entries;
  if (arp_invalid_messages !== null) arp_invalid_messages.value = ip_ptr.nx_ip_arp_invalid_messages;
  return kernel.finish(NX_SUCCESS);
}
