import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_IP_ADDRESS_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isHostAddress, isIp } from './checks.ts';

/**
 * The address of an instance's first interface (C: `nx_ip_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_address_get(
  ip_ptr: NX_IP | null,
  ip_address: Out<ULONG> | null,
  network_mask: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_address_get');
  const [first] = ip_ptr?.nx_ip_interface ?? [];
  if (!isIp(ip_ptr) || ip_address === null || network_mask === null || first === undefined) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (kernel.context === 'isr' || kernel.context === 'timer') return kernel.finish(NX_CALLER_ERROR);
  ip_address.value = first.nx_interface_ip_address;
  network_mask.value = first.nx_interface_ip_network_mask;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets the address of an instance's first interface (C: `nx_ip_address_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_address_set(ip_ptr: NX_IP | null, ip_address: ULONG, network_mask: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_address_set');
  const [first] = ip_ptr?.nx_ip_interface ?? [];
  if (!isIp(ip_ptr) || first === undefined) return kernel.finish(NX_PTR_ERROR);
  if (!isHostAddress(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (kernel.context === 'isr' || kernel.context === 'timer') return kernel.finish(NX_CALLER_ERROR);
  first.nx_interface_ip_address = ip_address;
  first.nx_interface_ip_network_mask = network_mask;
  return kernel.finish(NX_SUCCESS);
}
