import type { NX_INTERFACE } from '../interface.ts';
import { isAddressAt, type Ipv6Address } from '../wire/ipv6.ts';
import { isLinkLocal, isSolicitedNodeAt, sameAddress } from './address.ts';
import type { Ipv6 } from './ipv6.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';

/** The entry of an address of this host that may be used, or null. */
export function ownAddress(ip6: Ipv6, address: Ipv6Address): NXD_IPV6_ADDRESS | null {
  for (const own of ip6.addresses) {
    if (own.isUsable && sameAddress(own.nxd_ipv6_address, address)) return own;
  }
  return null;
}

/** Whether the address at a place in a packet is one of this host. */
export function isOwnAddressAt(ip6: Ipv6, bytes: Uint8Array, at: number): boolean {
  for (const own of ip6.addresses) {
    if (own.isUsable && isAddressAt(bytes, at, own.nxd_ipv6_address)) return true;
  }
  return false;
}

/** The entry of an address that is taken, tentative ones too, or null. */
export function takenAddress(ip6: Ipv6, address: Ipv6Address): NXD_IPV6_ADDRESS | null {
  for (const own of ip6.addresses) {
    if (own.nxd_ipv6_address_valid !== 0 && sameAddress(own.nxd_ipv6_address, address)) return own;
  }
  return null;
}

/** Whether an interface listens to the group at a place in a packet because of one of its addresses. */
export function hearsSolicitedNodeAt(
  ip6: Ipv6,
  bytes: Uint8Array,
  at: number,
  networkInterface: NX_INTERFACE,
): boolean {
  for (const own of ip6.addresses) {
    const isThere = own.nxd_ipv6_address_valid !== 0 && own.nxd_ipv6_address_attached === networkInterface;
    if (isThere && isSolicitedNodeAt(bytes, at, own.nxd_ipv6_address)) return true;
  }
  return false;
}

/** The usable link-local address of an interface, or of any, or null. */
export function linkLocalAddress(ip6: Ipv6, networkInterface: NX_INTERFACE | null): NXD_IPV6_ADDRESS | null {
  for (const own of ip6.addresses) {
    const isThere = networkInterface === null || own.nxd_ipv6_address_attached === networkInterface;
    if (own.isUsable && isThere && isLinkLocal(own.nxd_ipv6_address)) return own;
  }
  return null;
}
