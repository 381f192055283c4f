import { enter } from '../../kernel/caller-context.ts';
import { flagMacro } from '../../kernel/config.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_NOT_SUPPORTED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import { IP_ID, type NX_IP } from '../ip.ts';
import { isPool, type NX_PACKET_POOL } from '../packet-pool.ts';

/**
 * Gives an IP instance a second pool, of small packets: ARP and ICMP messages of the stack come from there, and from the
 * default pool only where it has none left (C: `nx_ip_auxiliary_packet_pool_set`).
 *
 * @returns `NX_SUCCESS`; `NX_NOT_SUPPORTED` unless the device has `NX_ENABLE_DUAL_PACKET_POOL`; `NX_PTR_ERROR`;
 *   `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_auxiliary_packet_pool_set(ip_ptr: NX_IP | null, aux_pool: NX_PACKET_POOL | null): Op<UINT> {
  const kernel = enter('nx_ip_auxiliary_packet_pool_set');
  if (!flagMacro(kernel.macros, 'NX_ENABLE_DUAL_PACKET_POOL')) return kernel.finish(NX_NOT_SUPPORTED);
  if (ip_ptr?.nx_ip_id !== IP_ID || !isPool(aux_pool)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'init' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.auxiliaryPool = aux_pool;
  return kernel.finish(NX_SUCCESS);
}
