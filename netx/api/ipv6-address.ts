import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_DUPLICATED_ENTRY,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_IP_VERSION_V6,
  NX_NO_INTERFACE_ADDRESS,
  NX_NO_MORE_ENTRIES,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { NX_IPV6_ADDRESS_MANUAL_CONFIG, NX_IPV6_ADDRESS_MANUAL_DELETE } from '../constants-ipv6.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { NX_IP } from '../ip.ts';
import { isUnicast, linkLocalOf } from '../ipv6/address.ts';
import { assignAddress, withdrawAddress } from '../ipv6/address-changes.ts';
import { ipv6Of, type Ipv6, type Ipv6AddressChangeNotify } from '../ipv6/ipv6.ts';
import { hardwareOf } from '../ipv6/nd-send.ts';
import { takenAddress } from '../ipv6/own-addresses.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';
import { isWithoutIpv6 } from './ipv6.ts';

/** Prefix length with which no address stands for the interface's link-local address. */
const LINK_LOCAL = 10;

/**
 * Gives an interface an IPv6 address (C: `nxd_ipv6_address_set`). It can be used some seconds later, once duplicate address
 * detection is through; the callback of `nxd_ipv6_address_change_notify` tells when.
 *
 * @param ip_address - the address, or NULL with a prefix length of 10 for the link-local one, built from the hardware
 *   address: call it once the interface is initialised (`NX_IP_INITIALIZE_DONE`)
 * @param address_index - receives the place in the table of addresses; may be NULL
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for an address that is not IPv6 or is a group, or for NULL
 *   with another prefix length; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs; `NX_DUPLICATED_ENTRY`;
 *   `NX_NO_MORE_ENTRIES`; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_address_set(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  ip_address: NXD_ADDRESS | null,
  prefix_length: ULONG,
  address_index: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_address_set');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const isOfVersion6 = ip_address?.nxd_ip_version === NX_IP_VERSION_V6;
  if (ip_address !== null && prefix_length !== LINK_LOCAL && !isOfVersion6) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const networkInterface = ip6.interfaceAt(interface_index);
  if (networkInterface === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (ip_address !== null && !isUnicast(ip_address.nxd_ip_address.v6)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const wanted = ip_address?.nxd_ip_address.v6.slice() ?? null;
  const work = (): Generator<Suspension, number, unknown> =>
    setAddress(ip6, networkInterface, wanted, prefix_length, address_index);
  return locked(kernel, ip6.ip, work);
}

function* setAddress(
  ip6: Ipv6,
  networkInterface: NX_INTERFACE,
  wanted: Ipv6Address | null,
  prefixLength: number,
  index: Out<UINT> | null,
): Generator<Suspension, number, unknown> {
  if (wanted !== null && takenAddress(ip6, wanted) !== null) return NX_DUPLICATED_ENTRY;
  const free = ip6.assignable.find((own) => own.nxd_ipv6_address_valid === 0);
  if (free === undefined) return NX_NO_MORE_ENTRIES;
  if (wanted === null && prefixLength !== LINK_LOCAL) return NX_IP_ADDRESS_ERROR;
  const address = wanted ?? linkLocalOf(hardwareOf(networkInterface));
  if (wanted === null && takenAddress(ip6, address) !== null) return NX_DUPLICATED_ENTRY;
  if (index !== null) index.value = free.nxd_ipv6_address_index;
  yield* assignAddress(ip6, free, networkInterface, address, prefixLength, NX_IPV6_ADDRESS_MANUAL_CONFIG);
  return NX_SUCCESS;
}

/**
 * The address at a place of the table (C: `nxd_ipv6_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NO_INTERFACE_ADDRESS` for a place that is empty or does not exist;
 *   `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_address_get(
  ip_ptr: NX_IP | null,
  address_index: UINT,
  ip_address: NXD_ADDRESS | null,
  prefix_length: Out<ULONG> | null,
  interface_index: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_address_get');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr) || ip_address === null || prefix_length === null || interface_index === null) {
    return kernel.finish(NX_PTR_ERROR);
  }
  const own = ipv6Of(kernel, ip_ptr).addresses[address_index];
  if (own === undefined) return kernel.finish(NX_NO_INTERFACE_ADDRESS);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (own.nxd_ipv6_address_valid === 0) return kernel.finish(NX_NO_INTERFACE_ADDRESS);
  ip_address.nxd_ip_version = NX_IP_VERSION_V6;
  ip_address.nxd_ip_address.v6.set(own.nxd_ipv6_address);
  prefix_length.value = own.nxd_ipv6_address_prefix_length;
  interface_index.value = own.nxd_ipv6_address_attached?.nx_interface_index ?? 0;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Takes an address away (C: `nxd_ipv6_address_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NO_INTERFACE_ADDRESS` for a place that is empty or does not exist;
 *   `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_address_delete(ip_ptr: NX_IP | null, address_index: UINT): Op<UINT> {
  const kernel = enter('nxd_ipv6_address_delete');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const own = ip6.assignable[address_index];
  if (own === undefined) return kernel.finish(NX_NO_INTERFACE_ADDRESS);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const work = function* (): Generator<Suspension, number, unknown> {
    if (own.nxd_ipv6_address_valid === 0) return NX_NO_INTERFACE_ADDRESS;
    yield* withdrawAddress(ip6, own, NX_IPV6_ADDRESS_MANUAL_DELETE);
    return NX_SUCCESS;
  };
  return locked(kernel, ip6.ip, work);
}

/**
 * Sets the callback that is told of every address that is set, found unique or taken, formed from a router's prefix,
 * expired or deleted (C: `nxd_ipv6_address_change_notify`). It runs in the IP thread, or in the thread that sets or
 * deletes the address.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_SUPPORTED` unless the device has
 *   `NX_ENABLE_IPV6_ADDRESS_CHANGE_NOTIFY`, and with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_address_change_notify(
  ip_ptr: NX_IP | null,
  ipv6_address_change_notify: Ipv6AddressChangeNotify | null,
): Op<UINT> {
  const kernel = enter('nxd_ipv6_address_change_notify');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  if (!ip6.settings.notifiesChanges) return kernel.finish(NX_NOT_SUPPORTED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip6.changeNotify = ipv6_address_change_notify;
  return kernel.finish(NX_SUCCESS);
}
