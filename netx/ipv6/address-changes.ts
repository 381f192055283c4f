import { dispatch } from '../../kernel/callback.ts';
import type { Pending } from '../pending.ts';
import { callDriver } from '../driver-call.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { NX_LINK_MULTICAST_JOIN, NX_LINK_MULTICAST_LEAVE } from '../constants.ts';
import type { Suspension } from '../../kernel/op.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { groupHardware, solicitedNode } from './address.ts';
import type { Ipv6 } from './ipv6.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';
import { NX_IP_VERSION_V6 } from '../constants.ts';
import { NX_IPV6_ADDR_STATE_TENTATIVE, NX_IPV6_ADDR_STATE_VALID } from '../constants-ipv6.ts';

/** Tells the firmware of a change of its addresses, where it wants to know. */
export function notifyChange(
  { ip, kernel, changeNotify }: Ipv6,
  status: number,
  networkInterface: NX_INTERFACE,
  index: number,
  address: Ipv6Address,
): Pending {
  if (changeNotify === null) return null;
  return dispatch(kernel, 'ipv6_address_change_notify', () =>
    changeNotify(ip, status, networkInterface.nx_interface_index, index, address),
  );
}

/** Has the driver listen to a group (C: `_nx_ipv6_multicast_join`). */
export function* listenTo(
  { ip }: Ipv6,
  group: Ipv6Address,
  networkInterface: NX_INTERFACE,
): Generator<Suspension, number, unknown> {
  return yield* callDriver(ip, networkInterface, NX_LINK_MULTICAST_JOIN, null, groupHardware(group));
}

/** Has the driver listen to a group no more (C: `_nx_ipv6_multicast_leave`). */
export function* listenNoMore(
  { ip }: Ipv6,
  group: Ipv6Address,
  networkInterface: NX_INTERFACE,
): Generator<Suspension, number, unknown> {
  return yield* callDriver(ip, networkInterface, NX_LINK_MULTICAST_LEAVE, null, groupHardware(group));
}

/**
 * Gives an interface an address: it is tentative until it has shown to be unique, where ICMPv6 is on, and is used at once
 * where it is not.
 *
 * @param status - how it came about, also for the callback: an `NX_IPV6_ADDRESS_..._CONFIG`
 */
export function* assignAddress(
  ip6: Ipv6,
  own: NXD_IPV6_ADDRESS,
  networkInterface: NX_INTERFACE,
  address: Ipv6Address,
  prefixLength: number,
  status: number,
): Generator<Suspension, void, unknown> {
  own.clear();
  own.nxd_ipv6_address_valid = 1;
  own.nxd_ipv6_address_type = NX_IP_VERSION_V6;
  own.nxd_ipv6_address_prefix_length = prefixLength & 0xff;
  own.nxd_ipv6_address.set(address);
  own.nxd_ipv6_address_attached = networkInterface;
  own.nxd_ipv6_address_ConfigurationMethod = status;
  const { dadTransmits } = ip6.settings;
  const isTentative = ip6.icmpEnabled && dadTransmits > 0;
  own.nxd_ipv6_address_state = isTentative ? NX_IPV6_ADDR_STATE_TENTATIVE : NX_IPV6_ADDR_STATE_VALID;
  own.nxd_ipv6_address_DupAddrDetectTransmit = isTentative ? dadTransmits : 0;
  yield* listenTo(ip6, solicitedNode(address), networkInterface);
  const pending = notifyChange(ip6, status, networkInterface, own.nxd_ipv6_address_index, own.nxd_ipv6_address);
  if (pending !== null) yield* pending;
}

/** Takes an address away, and tells why. */
export function* withdrawAddress(
  ip6: Ipv6,
  own: NXD_IPV6_ADDRESS,
  status: number,
): Generator<Suspension, void, unknown> {
  const networkInterface = own.nxd_ipv6_address_attached;
  const address = own.nxd_ipv6_address.slice();
  own.clear();
  if (networkInterface === null) return;
  yield* listenNoMore(ip6, solicitedNode(address), networkInterface);
  const pending = notifyChange(ip6, status, networkInterface, own.nxd_ipv6_address_index, address);
  if (pending !== null) yield* pending;
}
