import { NX_IPV6_ADDRESS_MANUAL_CONFIG } from '../constants-ipv6.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { hasPrefix, isLinkLocal, isMulticast } from './address.ts';
import type { Ipv6 } from './ipv6.ts';

/** Whether an address is on an interface's link: a router has said so, or the firmware with an address and its prefix. */
function isOnLink(ip6: Ipv6, networkInterface: NX_INTERFACE, address: Ipv6Address): boolean {
  if (isLinkLocal(address) || ip6.prefixes.isOnLink(address, networkInterface)) return true;
  return isOnPrefixOfOwn(ip6, networkInterface, address, true);
}

/**
 * Whether an address begins like one of an interface's own.
 *
 * @param manual - only of those that the firmware has set: that a router has given others says nothing about the link
 */
export function isOnPrefixOfOwn(
  ip6: Ipv6,
  networkInterface: NX_INTERFACE,
  address: Ipv6Address,
  manual = false,
): boolean {
  for (const own of ip6.addresses) {
    const isManual = own.nxd_ipv6_address_ConfigurationMethod === NX_IPV6_ADDRESS_MANUAL_CONFIG;
    if (own.nxd_ipv6_address_attached !== networkInterface || own.nxd_ipv6_address_valid === 0) continue;
    if (own === ip6.loopback || isLinkLocal(own.nxd_ipv6_address) || (manual && !isManual)) continue;
    if (hasPrefix(address, own.nxd_ipv6_address, own.nxd_ipv6_address_prefix_length)) return true;
  }
  return false;
}

/**
 * The neighbor to which packets for a destination go (RFC 4861 section 5.2): the destination itself on the link, the one
 * that a redirect has named, a default router, or null where there is none.
 */
export function nextHopOf(ip6: Ipv6, networkInterface: NX_INTERFACE, destination: Ipv6Address): Ipv6Address | null {
  if (isMulticast(destination)) return destination;
  if (ip6.destinations.size > 0) {
    const redirected = ip6.destinations.nextHop(destination);
    if (redirected !== null) return redirected;
  }
  if (isOnLink(ip6, networkInterface, destination)) return destination;
  return ip6.routers.choose(networkInterface)?.address ?? null;
}
