import { enter } from '../../kernel/caller-context.ts';
import { dispatch } from '../../kernel/callback.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_INVALID_INTERFACE, NX_IP_ADDRESS_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import { physicalInterface } from '../ip-interfaces.ts';
import type { AddressChangeNotify, NX_IP } from '../ip.ts';
import { isHostAddress, isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * The address of an instance's first interface (C: `nx_ip_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE` where it was detached; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_address_get(
  ip_ptr: NX_IP | null,
  ip_address: Out<ULONG> | null,
  network_mask: Out<ULONG> | null,
): Op<UINT> {
  return getAddress(enter('nx_ip_address_get'), ip_ptr, 0, ip_address, network_mask);
}

/**
 * Sets the address of an instance's first interface (C: `nx_ip_address_set`).
 *
 * @returns as `nx_ip_interface_address_set`
 */
export function nx_ip_address_set(ip_ptr: NX_IP | null, ip_address: ULONG, network_mask: ULONG): Op<UINT> {
  return setAddress(enter('nx_ip_address_set'), ip_ptr, 0, ip_address, network_mask);
}

/**
 * The address of one of an instance's interfaces (C: `nx_ip_interface_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_address_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  ip_address: Out<ULONG> | null,
  network_mask: Out<ULONG> | null,
): Op<UINT> {
  return getAddress(enter('nx_ip_interface_address_get'), ip_ptr, interface_index, ip_address, network_mask);
}

/**
 * Sets the address of one of an instance's interfaces; who asked for it by `nx_ip_address_change_notify` is told, in the
 * caller's context, where the address or the mask is another one (C: `nx_ip_interface_address_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for an address of no class A, B or C;
 *   `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_address_set(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  ip_address: ULONG,
  network_mask: ULONG,
): Op<UINT> {
  return setAddress(enter('nx_ip_interface_address_set'), ip_ptr, interface_index, ip_address, network_mask);
}

function getAddress(
  kernel: Kernel,
  ip: NX_IP | null,
  index: UINT,
  address: Out<ULONG> | null,
  mask: Out<ULONG> | null,
): Op<UINT> {
  if (!isIp(ip) || address === null || mask === null) return kernel.finish(NX_PTR_ERROR);
  const one = physicalInterface(ip, index);
  if (one === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip, () => {
    address.value = one.nx_interface_ip_address;
    mask.value = one.nx_interface_ip_network_mask;
    return NX_SUCCESS;
  });
}

function setAddress(kernel: Kernel, ip: NX_IP | null, index: UINT, address: ULONG, mask: ULONG): Op<UINT> {
  if (!isIp(ip)) return kernel.finish(NX_PTR_ERROR);
  if (!isHostAddress(address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const one = physicalInterface(ip, index);
  if (one === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  let changed = false;
  const set = (): number => {
    changed = one.nx_interface_ip_address !== address || one.nx_interface_ip_network_mask !== mask;
    one.nx_interface_ip_address = address;
    one.nx_interface_ip_network_mask = mask;
    return NX_SUCCESS;
  };
  return locked(kernel, ip, set, () => {
    const { addressChangeNotify: notify } = ip;
    if (notify === null || !changed) return null;
    return dispatch(kernel, 'ip_address_change_notify', () => notify(ip, ip.addressChangeInfo));
  });
}

/**
 * Has a routine called whenever the address or the mask of an interface changes (C: `nx_ip_address_change_notify`).
 *
 * @param change_notify - NULL for none
 * @param additional_info - handed to the routine
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_address_change_notify(
  ip_ptr: NX_IP | null,
  change_notify: AddressChangeNotify | null,
  additional_info: unknown,
): Op<UINT> {
  const kernel = enter('nx_ip_address_change_notify');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => {
    ip_ptr.addressChangeNotify = change_notify;
    ip_ptr.addressChangeInfo = additional_info;
    return NX_SUCCESS;
  });
}
