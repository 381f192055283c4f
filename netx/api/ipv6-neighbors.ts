import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_ENTRY_NOT_FOUND,
  NX_INVALID_INTERFACE,
  NX_INVALID_PARAMETERS,
  NX_IP_VERSION_V6,
  NX_NO_INTERFACE_ADDRESS,
  NX_NOT_SUCCESSFUL,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { ipv6Of } from '../ipv6/ipv6.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import { readHardwareAddress } from '../wire/ethernet.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';
import { isWithoutIpv6 } from './ipv6.ts';

/**
 * Sets the hardware address of a neighbor, which stays until it is deleted (C: `nxd_nd_cache_entry_set`).
 *
 * @param dest_ip - the four words of the neighbor's address
 * @param mac - the six bytes of its hardware address
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_NO_INTERFACE_ADDRESS` where the interface has no IPv6 address; `NX_NOT_SUCCESSFUL` where the cache is full of
 *   neighbors that cannot be spared; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_nd_cache_entry_set(
  ip_ptr: NX_IP | null,
  dest_ip: Uint32Array | null,
  interface_index: UINT,
  mac: Uint8Array | null,
): Op<UINT> {
  const kernel = enter('nxd_nd_cache_entry_set');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || dest_ip === null || mac === null) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const hasAddress = ip6.assignable.some((own) => own.nxd_ipv6_address_attached === networkInterface);
  if (!hasAddress) return kernel.finish(NX_NO_INTERFACE_ADDRESS);
  const [address, hardware] = [dest_ip.slice(0, 4), readHardwareAddress(mac, 0)];
  const work = function* (): Generator<Suspension, number, unknown> {
    const pending = ip6.neighbors.set(address, networkInterface, hardware);
    if (pending === false) return NX_NOT_SUCCESSFUL;
    if (pending !== null) yield* pending;
    return NX_SUCCESS;
  };
  return locked(kernel, ip6.ip, work);
}

/**
 * Takes a neighbor out of the cache; packets that wait for it are released (C: `nxd_nd_cache_entry_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_ENTRY_NOT_FOUND`; `NX_NOT_SUPPORTED`
 *   on a device with `NX_DISABLE_IPV6`
 */
export function nxd_nd_cache_entry_delete(ip_ptr: NX_IP | null, dest_ip: Uint32Array | null): Op<UINT> {
  const kernel = enter('nxd_nd_cache_entry_delete');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || dest_ip === null) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const { neighbors } = ipv6Of(kernel, ip_ptr);
  const entry = neighbors.find(dest_ip);
  if (entry === null) return kernel.finish(NX_ENTRY_NOT_FOUND);
  neighbors.remove(entry);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Empties the neighbor cache (C: `nxd_nd_cache_invalidate`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_SUPPORTED` on a device with
 *   `NX_DISABLE_IPV6`
 */
export function nxd_nd_cache_invalidate(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nxd_nd_cache_invalidate');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ipv6Of(kernel, ip_ptr).neighbors.clear();
  return kernel.finish(NX_SUCCESS);
}

/**
 * The hardware address of a neighbor (C: `nxd_nd_cache_hardware_address_find`). Of one that is being asked for it is 0.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for an address that is not IPv6; `NX_CALLER_ERROR` unless
 *   called from a thread; `NX_ENTRY_NOT_FOUND`; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_nd_cache_hardware_address_find(
  ip_ptr: NX_IP | null,
  ip_address: NXD_ADDRESS | null,
  physical_msw: Out<ULONG> | null,
  physical_lsw: Out<ULONG> | null,
  interface_index: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_nd_cache_hardware_address_find');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || ip_address === null || physical_msw === null || physical_lsw === null) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (ip_address.nxd_ip_version !== NX_IP_VERSION_V6) return kernel.finish(NX_INVALID_PARAMETERS);
  if (interface_index === null) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const entry = ipv6Of(kernel, ip_ptr).neighbors.find(ip_address.nxd_ip_address.v6);
  if (entry === null) return kernel.finish(NX_ENTRY_NOT_FOUND);
  physical_msw.value = entry.hardware?.msw ?? 0;
  physical_lsw.value = entry.hardware?.lsw ?? 0;
  interface_index.value = entry.networkInterface.nx_interface_index;
  return kernel.finish(NX_SUCCESS);
}

/**
 * The neighbor that has a hardware address (C: `nxd_nd_cache_ip_address_find`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for the hardware address 0; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_ENTRY_NOT_FOUND`; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_nd_cache_ip_address_find(
  ip_ptr: NX_IP | null,
  ip_address: NXD_ADDRESS | null,
  physical_msw: ULONG,
  physical_lsw: ULONG,
  interface_index: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_nd_cache_ip_address_find');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || ip_address === null || interface_index === null) return kernel.finish(NX_PTR_ERROR);
  if (physical_msw === 0 && physical_lsw === 0) return kernel.finish(NX_INVALID_PARAMETERS);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const entry = ipv6Of(kernel, ip_ptr).neighbors.findHardware({ msw: physical_msw, lsw: physical_lsw });
  if (entry === null) return kernel.finish(NX_ENTRY_NOT_FOUND);
  ip_address.nxd_ip_version = NX_IP_VERSION_V6;
  ip_address.nxd_ip_address.v6.set(entry.address);
  interface_index.value = entry.networkInterface.nx_interface_index;
  return kernel.finish(NX_SUCCESS);
}
