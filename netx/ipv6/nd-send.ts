import type { NX_INTERFACE } from '../interface.ts';
import type { Pending } from '../pending.ts';
import type { HardwareAddress } from '../wire/ethernet.ts';
import { putIcmpv6Checksum } from '../wire/icmpv6.ts';
import { PROTOCOL_ICMPV6, pseudoHeaderSum6, type Ipv6Address } from '../wire/ipv6.ts';
import { buildNd, ND_HOP_LIMIT, type NdMessage } from '../wire/nd.ts';
import { NO_ND_OPTIONS } from '../wire/nd-options.ts';
import { ALL_ROUTERS, isUnspecified, solicitedNode, UNSPECIFIED } from './address.ts';
import { makePacket } from './fragment-send.ts';
import type { Ipv6 } from './ipv6.ts';
import { ipv6Send } from './ipv6-send.ts';
import type { Neighbor } from './neighbor-cache.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';

export const hardwareOf = (networkInterface: NX_INTERFACE): HardwareAddress => ({
  msw: networkInterface.nx_interface_physical_address_msw,
  lsw: networkInterface.nx_interface_physical_address_lsw,
});

/** Sends an ICMPv6 message that is complete but for its checksum; nothing where no packet is free. */
export function sendIcmpv6(
  ip6: Ipv6,
  message: Uint8Array,
  way: {
    readonly networkInterface: NX_INTERFACE;
    readonly source: Ipv6Address;
    readonly destination: Ipv6Address;
    readonly hopLimit: number;
    readonly onLink?: boolean;
  },
): Pending {
  putIcmpv6Checksum(message, pseudoHeaderSum6(way.source, way.destination, PROTOCOL_ICMPV6, message.length));
  const packet = makePacket(ip6, message);
  if (packet === null) return null;
  return ipv6Send(ip6, packet, { ...way, nextHeader: PROTOCOL_ICMPV6, trafficClass: 0, dontFragment: false });
}

/** Sends a neighbor discovery message. */
export function sendNd(
  ip6: Ipv6,
  networkInterface: NX_INTERFACE,
  source: Ipv6Address,
  destination: Ipv6Address,
  nd: NdMessage,
): Pending {
  return sendIcmpv6(ip6, buildNd(nd), { networkInterface, source, destination, hopLimit: ND_HOP_LIMIT, onLink: true });
}

/** Asks for a neighbor: all that may have its address, or the neighbor alone where it is to show that it is still there. */
export function sendSolicitation(ip6: Ipv6, { address, networkInterface, source, state }: Neighbor): Pending {
  return sendNd(ip6, networkInterface, source, state === 'probe' ? address : solicitedNode(address), {
    kind: 'neighbor-solicitation',
    target: address,
    options: { ...NO_ND_OPTIONS, sourceLinkLayer: hardwareOf(networkInterface) },
  });
}

/** Asks whether somebody else has an address that this host wants (RFC 4862 section 5.4.2). */
export function sendDuplicateProbe(ip6: Ipv6, networkInterface: NX_INTERFACE, target: Ipv6Address): Pending {
  const nd: NdMessage = { kind: 'neighbor-solicitation', target, options: NO_ND_OPTIONS };
  return sendNd(ip6, networkInterface, UNSPECIFIED, solicitedNode(target), nd);
}

/** Tells who has an address of this host. */
export function sendAdvertisement(
  ip6: Ipv6,
  { nxd_ipv6_address: target }: NXD_IPV6_ADDRESS,
  networkInterface: NX_INTERFACE,
  destination: Ipv6Address,
  solicited: boolean,
): Pending {
  return sendNd(ip6, networkInterface, target, destination, {
    kind: 'neighbor-advertisement',
    router: false,
    solicited,
    override: true,
    target,
    options: { ...NO_ND_OPTIONS, targetLinkLayer: hardwareOf(networkInterface) },
  });
}

/** Asks routers to tell of themselves, from an address of the interface or from none (RFC 4861 section 4.1). */
export function sendRouterSolicitation(ip6: Ipv6, networkInterface: NX_INTERFACE, source: Ipv6Address): Pending {
  const sourceLinkLayer = isUnspecified(source) ? null : hardwareOf(networkInterface);
  const nd: NdMessage = { kind: 'router-solicitation', options: { ...NO_ND_OPTIONS, sourceLinkLayer } };
  return sendNd(ip6, networkInterface, source, ALL_ROUTERS, nd);
}
