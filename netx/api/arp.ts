import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { ArpCache } from '../arp-cache.ts';
import { NX_ALREADY_ENABLED, NX_CALLER_ERROR, NX_PTR_ERROR, NX_SIZE_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isIp, mayCreate } from './checks.ts';

/** Bytes of ARP memory that one entry takes on a 32-bit target. */
const ARP_ENTRY = 52;

/**
 * Turns ARP on (C: `nx_arp_enable`).
 *
 * @param arp_cache_size - bytes of memory: one neighbour takes 52
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SIZE_ERROR` for less than one entry; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_ALREADY_ENABLED`
 */
export function nx_arp_enable(
  ip_ptr: NX_IP | null,
  arp_cache_memory: Uint8Array | null,
  arp_cache_size: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_enable');
  if (!isIp(ip_ptr) || arp_cache_memory === null) return kernel.finish(NX_PTR_ERROR);
  if (arp_cache_size < ARP_ENTRY) return kernel.finish(NX_SIZE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (ip_ptr.arp !== null) return kernel.finish(NX_ALREADY_ENABLED);
  requireRoom(arp_cache_memory, arp_cache_size, 'nx_arp_enable', 'arp_cache_memory');
  ip_ptr.arp = new ArpCache(kernel, ip_ptr, Math.floor(arp_cache_size / ARP_ENTRY));
  return kernel.finish(NX_SUCCESS);
}
