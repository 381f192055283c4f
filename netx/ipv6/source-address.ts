import { NX_IPV6_ADDR_STATE_DEPRECATED } from '../constants-ipv6.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { commonPrefix, isLinkLocal, isLinkScopeGroup, isMulticast } from './address.ts';
import type { Ipv6 } from './ipv6.ts';
import { nextHopOf } from './next-hop.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';
import { linkLocalAddress, ownAddress } from './own-addresses.ts';

/**
 * The address from which to send to a destination, and with it the interface, or null where there is none (C:
 * `_nxd_ipv6_interface_find`). Of several that will do, one of the destination's scope, then one that is not deprecated,
 * then the one that has most in common with the destination (RFC 6724 section 5, rules 2, 3 and 8).
 */
export function sourceFor(
  ip6: Ipv6,
  destination: Ipv6Address,
  networkInterface: NX_INTERFACE | null = null,
): NXD_IPV6_ADDRESS | null {
  const own = ownAddress(ip6, destination);
  if (own !== null) return own;
  if (isLinkLocal(destination)) return linkLocalAddress(ip6, networkInterface);
  if (isMulticast(destination)) {
    const [near, far] = [linkLocalAddress(ip6, networkInterface), best(ip6, destination, networkInterface)];
    return isLinkScopeGroup(destination) ? (near ?? far) : (far ?? near);
  }
  return best(ip6, destination, networkInterface);
}

/** The best of the addresses that reach beyond the link, among those from which there is a way. */
function best(ip6: Ipv6, destination: Ipv6Address, networkInterface: NX_INTERFACE | null): NXD_IPV6_ADDRESS | null {
  let found: NXD_IPV6_ADDRESS | null = null;
  let rank = -1;
  for (const own of ip6.addresses) {
    const { nxd_ipv6_address_attached: attached, nxd_ipv6_address: address } = own;
    if (!own.isUsable || attached === null || own === ip6.loopback || isLinkLocal(address)) continue;
    if (networkInterface !== null && attached !== networkInterface) continue;
    if (nextHopOf(ip6, attached, destination) === null) continue;
    const fresh = own.nxd_ipv6_address_state === NX_IPV6_ADDR_STATE_DEPRECATED ? 0 : 1000;
    const value = fresh + commonPrefix(address, destination);
    if (value > rank) {
      rank = value;
      found = own;
    }
  }
  return found;
}
