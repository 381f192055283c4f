import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_FOUND,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { ipConfig } from '../ip-config.ts';
import type { NX_IP } from '../ip.ts';
import { interfaceTo } from '../ipv4-route.ts';
import { addStaticRoute, deleteStaticRoute } from '../routing-table.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * Sets the address of the router to everything outside the instance's networks (C: `nx_ip_gateway_address_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0 or an address on none of the networks;
 *   `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_gateway_address_set(ip_ptr: NX_IP | null, ip_address: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_gateway_address_set');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => {
    const networkInterface = interfaceTo(ip_ptr, ip_address);
    if (networkInterface === null) return NX_IP_ADDRESS_ERROR;
    ip_ptr.nx_ip_gateway_address = ip_address;
    ip_ptr.nx_ip_gateway_interface = networkInterface;
    return NX_SUCCESS;
  });
}

/**
 * The address of the router (C: `nx_ip_gateway_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_FOUND` where none is set
 */
export function nx_ip_gateway_address_get(ip_ptr: NX_IP | null, ip_address: Out<ULONG> | null): Op<UINT> {
  const kernel = enter('nx_ip_gateway_address_get');
  if (!isIp(ip_ptr) || ip_address === null) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => {
    if (ip_ptr.nx_ip_gateway_address === 0) return NX_NOT_FOUND;
    ip_address.value = ip_ptr.nx_ip_gateway_address;
    return NX_SUCCESS;
  });
}

/**
 * Forgets the router (C: `nx_ip_gateway_address_clear`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_gateway_address_clear(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_ip_gateway_address_clear');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => {
    ip_ptr.nx_ip_gateway_address = 0;
    ip_ptr.nx_ip_gateway_interface = null;
    return NX_SUCCESS;
  });
}

/**
 * Adds a route to a network, or gives the one that is there another next hop; routes of longer prefixes come first (C:
 * `nx_ip_static_route_add`).
 *
 * @returns `NX_SUCCESS`; `NX_NOT_SUPPORTED` unless the device has `NX_ENABLE_IP_STATIC_ROUTING`; `NX_PTR_ERROR`;
 *   `NX_CALLER_ERROR` from timers and ISRs; `NX_IP_ADDRESS_ERROR` for a next hop on none of the instance's networks;
 *   `NX_OVERFLOW` where all of `NX_IP_ROUTING_TABLE_SIZE` routes are taken
 */
export function nx_ip_static_route_add(
  ip_ptr: NX_IP | null,
  network_address: ULONG,
  net_mask: ULONG,
  next_hop: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_static_route_add');
  if (!ipConfig(kernel).staticRouting) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => addStaticRoute(ip_ptr, network_address, net_mask, next_hop));
}

/**
 * Takes a route to a network away (C: `nx_ip_static_route_delete`).
 *
 * @returns `NX_SUCCESS`, also where there are no routes at all; `NX_NOT_SUPPORTED` unless the device has
 *   `NX_ENABLE_IP_STATIC_ROUTING`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_SUCCESSFUL` where there are
 *   others only
 */
export function nx_ip_static_route_delete(ip_ptr: NX_IP | null, network_address: ULONG, net_mask: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_static_route_delete');
  if (!ipConfig(kernel).staticRouting) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => deleteStaticRoute(ip_ptr, network_address, net_mask));
}
