import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import {
  NX_CALLER_ERROR,
  NX_ENTRY_NOT_FOUND,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_NO_MORE_ENTRIES,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { NX_IP } from '../ip.ts';
import { isMulticast } from '../ipv6/address.ts';
import { listenNoMore, listenTo } from '../ipv6/address-changes.ts';
import { ipv6Of, type Ipv6 } from '../ipv6/ipv6.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { isIp } from './checks.ts';
import { locked } from './ip-locked.ts';
import { isWithoutIpv6 } from './ipv6.ts';

function change(
  service: string,
  ip_ptr: NX_IP | null,
  group_address: NXD_ADDRESS | null,
  interface_index: UINT,
  work: (ip6: Ipv6, group: Ipv6Address, networkInterface: NX_INTERFACE) => Generator<Suspension, number, unknown>,
): Op<UINT> {
  const kernel = enter(service);
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || group_address === null) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  if (!ip6.settings.multicastServices) return kernel.finish(NX_NOT_SUPPORTED);
  const group = group_address.nxd_ip_address.v6.slice();
  if (!isMulticast(group)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip6.ip, () => work(ip6, group, networkInterface));
}

/**
 * Joins a multicast group on an interface (C: `nxd_ipv6_multicast_interface_join`). Joining again counts: the group is left
 * when it was left as often.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for an address that is no group; `NX_INVALID_INTERFACE`;
 *   `NX_CALLER_ERROR` unless called from a thread; `NX_NO_MORE_ENTRIES`; `NX_NOT_SUPPORTED` unless the device has
 *   `NX_ENABLE_IPV6_MULTICAST`, and with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_multicast_interface_join(
  ip_ptr: NX_IP | null,
  group_address: NXD_ADDRESS | null,
  interface_index: UINT,
): Op<UINT> {
  const service = 'nxd_ipv6_multicast_interface_join';
  return change(service, ip_ptr, group_address, interface_index, function* (ip6, group, networkInterface) {
    const joined = ip6.groups.join(group, networkInterface);
    if (joined === 'full') return NX_NO_MORE_ENTRIES;
    if (joined === 'first') yield* listenTo(ip6, group, networkInterface);
    return NX_SUCCESS;
  });
}

/**
 * Leaves a multicast group on an interface (C: `nxd_ipv6_multicast_interface_leave`).
 *
 * @returns as {@link nxd_ipv6_multicast_interface_join}; `NX_ENTRY_NOT_FOUND` where the interface is not in the group
 */
export function nxd_ipv6_multicast_interface_leave(
  ip_ptr: NX_IP | null,
  group_address: NXD_ADDRESS | null,
  interface_index: UINT,
): Op<UINT> {
  const service = 'nxd_ipv6_multicast_interface_leave';
  return change(service, ip_ptr, group_address, interface_index, function* (ip6, group, networkInterface) {
    const left = ip6.groups.leave(group, networkInterface);
    if (left === 'absent') return NX_ENTRY_NOT_FOUND;
    if (left === 'last') yield* listenNoMore(ip6, group, networkInterface);
    return NX_SUCCESS;
  });
}
