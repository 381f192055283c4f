import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_INVALID_PARAMETERS,
  NX_IP_ADDRESS_ERROR,
  NX_IP_VERSION_V6,
  NX_NO_MORE_ENTRIES,
  NX_NOT_FOUND,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { NX_IPV6_ROUTE_TYPE_STATIC } from '../constants-ipv6.ts';
import { countSeconds } from '../ip-seconds.ts';
import type { NX_IP } from '../ip.ts';
import { isLinkLocal, isUnicast } from '../ipv6/address.ts';
import type { DefaultRouter } from '../ipv6/default-routers.ts';
import { ipv6Of } from '../ipv6/ipv6.ts';
import { isOnPrefixOfOwn } from '../ipv6/next-hop.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import { isIp, mayCreate } from './checks.ts';
import { isWithoutIpv6 } from './ipv6.ts';

/**
 * Adds a default router, or gives one that is known another lifetime (C: `nxd_ipv6_default_router_add`).
 *
 * @param router_lifetime - seconds; 0xFFFF for ever
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for an address that is not IPv6; `NX_INVALID_INTERFACE`;
 *   `NX_CALLER_ERROR` from timers and ISRs; `NX_IP_ADDRESS_ERROR` for a group, or an address on none of the interface's
 *   networks; `NX_NO_MORE_ENTRIES`; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_default_router_add(
  ip_ptr: NX_IP | null,
  router_address: NXD_ADDRESS | null,
  router_lifetime: ULONG,
  interface_index: UINT,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_default_router_add');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || router_address === null) return kernel.finish(NX_PTR_ERROR);
  if (router_address.nxd_ip_version !== NX_IP_VERSION_V6) return kernel.finish(NX_INVALID_PARAMETERS);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const address = router_address.nxd_ip_address.v6;
  const isReachable = isLinkLocal(address) || isOnPrefixOfOwn(ip6, networkInterface, address);
  if (!isUnicast(address) || !isReachable) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const added = ip6.routers.add(address, networkInterface, router_lifetime, NX_IPV6_ROUTE_TYPE_STATIC);
  countSeconds(kernel, ip_ptr);
  return kernel.finish(added ? NX_SUCCESS : NX_NO_MORE_ENTRIES);
}

/**
 * Takes a default router off the list (C: `nxd_ipv6_default_router_delete`).
 *
 * @returns `NX_SUCCESS`, also where there is no router at all; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for an address that
 *   is not IPv6; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_FOUND`; `NX_NOT_SUPPORTED` on a device with
 *   `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_default_router_delete(ip_ptr: NX_IP | null, router_address: NXD_ADDRESS | null): Op<UINT> {
  const kernel = enter('nxd_ipv6_default_router_delete');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || router_address === null) return kernel.finish(NX_PTR_ERROR);
  if (router_address.nxd_ip_version !== NX_IP_VERSION_V6) return kernel.finish(NX_INVALID_PARAMETERS);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  if (ip6.routers.size === 0) return kernel.finish(NX_SUCCESS);
  const router = ip6.routers.find(router_address.nxd_ip_address.v6);
  if (router === null) return kernel.finish(NX_NOT_FOUND);
  ip6.routers.remove(router);
  const neighbor = ip6.neighbors.find(router.address);
  if (neighbor !== null) neighbor.isRouter = false;
  ip6.destinations.forgetNextHop(router.address);
  return kernel.finish(NX_SUCCESS);
}

/** Hands out what is known of a router; where a cell is NULL nobody wants to know. */
function describe(
  router: DefaultRouter,
  address: NXD_ADDRESS | null,
  lifetime: Out<ULONG> | null,
  prefixLength: Out<ULONG> | null,
  method: Out<ULONG> | null,
): void {
  if (address !== null) {
    address.nxd_ip_version = NX_IP_VERSION_V6;
    address.nxd_ip_address.v6.set(router.address);
  }
  if (lifetime !== null) lifetime.value = router.lifetime;
  if (prefixLength !== null) prefixLength.value = isLinkLocal(router.address) ? 10 : 64;
  if (method !== null) method.value = router.type;
}

/**
 * The first default router of an interface (C: `nxd_ipv6_default_router_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_FOUND`;
 *   `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_default_router_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  router_address: NXD_ADDRESS | null,
  router_lifetime: Out<ULONG> | null,
  prefix_length: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_default_router_get');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || router_address === null || router_lifetime === null || prefix_length === null) {
    return kernel.finish(NX_PTR_ERROR);
  }
  const ip6 = ipv6Of(kernel, ip_ptr);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const [first] = ip6.routers.of(networkInterface);
  if (first === undefined) return kernel.finish(NX_NOT_FOUND);
  describe(first, router_address, router_lifetime, prefix_length, null);
  return kernel.finish(NX_SUCCESS);
}

/**
 * One of the default routers of an interface (C: `nxd_ipv6_default_router_entry_get`). Every out-parameter may be NULL.
 *
 * @param entry_index - the number of the router among those of the interface, from 0
 * @param configuration_method - receives how it became known: an `NX_IPV6_ROUTE_TYPE_`
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`, also for an entry that no table has;
 *   `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_FOUND`; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_default_router_entry_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  entry_index: UINT,
  router_address: NXD_ADDRESS | null,
  router_lifetime: Out<ULONG> | null,
  prefix_length: Out<ULONG> | null,
  configuration_method: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_default_router_entry_get');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null || entry_index >= ip6.settings.routers) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const router = ip6.routers.of(networkInterface)[entry_index];
  if (router === undefined) return kernel.finish(NX_NOT_FOUND);
  describe(router, router_address, router_lifetime, prefix_length, configuration_method);
  return kernel.finish(NX_SUCCESS);
}

/**
 * How many default routers an interface has (C: `nxd_ipv6_default_router_number_of_entries_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_default_router_number_of_entries_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  num_entries: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_default_router_number_of_entries_get');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || num_entries === null) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  num_entries.value = ip6.routers.of(networkInterface).length;
  return kernel.finish(NX_SUCCESS);
}

function autoconfigure(service: string, ip_ptr: NX_IP | null, interface_index: UINT, on: boolean): Op<UINT> {
  const kernel = enter(service);
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  if (!ip6.settings.autoconfigServices) return kernel.finish(NX_NOT_SUPPORTED);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const link = ip6.link(networkInterface);
  if (link.autoconfigures === on) return kernel.finish(on ? NX_ALREADY_ENABLED : NX_SUCCESS);
  link.autoconfigures = on;
  link.solicitationsLeft = on ? ip6.settings.routerSolicitations : 0;
  link.untilSolicitation = ip6.settings.solicitationDelay;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Has an interface form addresses from the prefixes of routers, as it does from the start, and asks for routers anew (C:
 * `nxd_ipv6_stateless_address_autoconfig_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_SUPPORTED` unless the device has `NX_IPV6_STATELESS_AUTOCONFIG_CONTROL`,
 *   and with `NX_DISABLE_IPV6`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs; `NX_ALREADY_ENABLED`
 */
export function nxd_ipv6_stateless_address_autoconfig_enable(ip_ptr: NX_IP | null, interface_index: UINT): Op<UINT> {
  return autoconfigure('nxd_ipv6_stateless_address_autoconfig_enable', ip_ptr, interface_index, true);
}

/**
 * Has an interface form no addresses from the prefixes of routers (C: `nxd_ipv6_stateless_address_autoconfig_disable`).
 * Addresses that it has stay.
 *
 * @returns `NX_SUCCESS`, also where it was off; otherwise as {@link nxd_ipv6_stateless_address_autoconfig_enable}
 */
export function nxd_ipv6_stateless_address_autoconfig_disable(ip_ptr: NX_IP | null, interface_index: UINT): Op<UINT> {
  return autoconfigure('nxd_ipv6_stateless_address_autoconfig_disable', ip_ptr, interface_index, false);
}
