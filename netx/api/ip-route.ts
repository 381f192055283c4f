import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_IP_ADDRESS_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isIp } from './checks.ts';

/**
 * Sets the address of the router to everything outside the instance's networks (C: `nx_ip_gateway_address_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0 or an address on none of the networks;
 *   `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_gateway_address_set(ip_ptr: NX_IP | null, ip_address: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_gateway_address_set');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const reachable = ip_ptr.nx_ip_interface.some(
    (one) => ((one.nx_interface_ip_address ^ ip_address) & one.nx_interface_ip_network_mask) === 0,
  );
  if (ip_address === 0 || !reachable) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (kernel.context === 'isr' || kernel.context === 'timer') return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.nx_ip_gateway_address = ip_address;
  return kernel.finish(NX_SUCCESS);
}
