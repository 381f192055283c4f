import type { Suspension } from '../../kernel/op.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { packetBytes, type NX_PACKET } from '../packet.ts';
import { packetRelease } from '../packet-pool.ts';
import type { Pending } from '../pending.ts';
import { IPV6_DESTINATION, IPV6_SOURCE, readIpv6Address, type Ipv6Address } from '../wire/ipv6.ts';
import {
  ND_HOP_LIMIT,
  parseNd,
  type NdMessage,
  type NeighborAdvertisement,
  type NeighborSolicitation,
  type Redirect,
} from '../wire/nd.ts';
import { ALL_NODES, isLinkLocal, isMulticast, isUnspecified, sameAddress, solicitedNode } from './address.ts';
import { dropIcmpv6 } from './icmpv6-error.ts';
import type { Ipv6 } from './ipv6.ts';
import { sendAdvertisement } from './nd-send.ts';
import { nextHopOf } from './next-hop.ts';
import { takenAddress } from './own-addresses.ts';
import { failDuplicate } from './duplicate-detection.ts';
import { advertisementReceive } from './router-advertisement.ts';

/** Where a neighbor discovery message came from, and whom it was for. */
export interface NdOrigin {
  readonly networkInterface: NX_INTERFACE;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
}

/** Deals with a neighbor discovery message whose checksum is right; one that is not valid is dropped. */
export function ndReceive(ip6: Ipv6, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_ip_header: header, nx_packet_ip_interface: networkInterface } = packet;
  // What came through a router does not concern this link.
  const isNear = memory[header + 7] === ND_HOP_LIMIT;
  const nd = isNear ? parseNd(packetBytes(packet)) : null;
  if (nd === null || networkInterface === null) return dropIcmpv6(ip6, packet, 'neighbor discovery that is not valid');
  const origin: NdOrigin = {
    networkInterface,
    source: readIpv6Address(memory, header + IPV6_SOURCE),
    destination: readIpv6Address(memory, header + IPV6_DESTINATION),
  };
  if (!isValid(nd, origin)) return dropIcmpv6(ip6, packet, `a ${nd.kind} that is not valid`);
  packetRelease(ip6.kernel, packet);
  switch (nd.kind) {
    case 'neighbor-solicitation':
      return solicited(ip6, nd, origin);
    case 'neighbor-advertisement':
      return advertised(ip6, nd, origin);
    case 'router-advertisement':
      return ip6.settings.processesAdvertisements ? advertisementReceive(ip6, nd, origin) : null;
    case 'redirect':
      return ip6.settings.processesRedirects ? redirected(ip6, nd, origin) : null;
    case 'router-solicitation':
      // For routers only.
      return null;
  }
}

/** What RFC 4861 asks of a message beyond its form: sections 6.1.2, 7.1.1, 7.1.2 and 8.1. */
function isValid(nd: NdMessage, { source, destination }: NdOrigin): boolean {
  switch (nd.kind) {
    case 'neighbor-solicitation':
      if (isMulticast(nd.target)) return false;
      if (!isUnspecified(source)) return true;
      return sameAddress(destination, solicitedNode(nd.target)) && nd.options.sourceLinkLayer === null;
    case 'neighbor-advertisement':
      return !isMulticast(nd.target) && !(isMulticast(destination) && nd.solicited);
    case 'router-advertisement':
      return isLinkLocal(source);
    case 'redirect':
      return (
        isLinkLocal(source) &&
        !isMulticast(nd.destination) &&
        (isLinkLocal(nd.target) || sameAddress(nd.target, nd.destination))
      );
    case 'router-solicitation':
      return !isUnspecified(source) || nd.options.sourceLinkLayer === null;
  }
}

/** Somebody asks for an address of this host (RFC 4861 section 7.2.3), or wants one that this host has. */
function solicited(ip6: Ipv6, nd: NeighborSolicitation, { networkInterface, source }: NdOrigin): Pending {
  const own = takenAddress(ip6, nd.target);
  if (own?.nxd_ipv6_address_attached !== networkInterface) return null;
  if (own.isTentative) {
    // Two hosts try for one address at once: neither gets it (RFC 4862 section 5.4.3).
    return isUnspecified(source) ? failDuplicate(ip6, own) : null;
  }
  if (!own.isUsable) return null;
  if (isUnspecified(source)) return sendAdvertisement(ip6, own, networkInterface, ALL_NODES, false);
  const { sourceLinkLayer } = nd.options;
  const heard = sourceLinkLayer === null ? null : ip6.neighbors.hear(source, networkInterface, sourceLinkLayer).pending;
  const answer = sendAdvertisement(ip6, own, networkInterface, source, true);
  return both(heard, answer);
}

/** Somebody tells its hardware address: that of a neighbor, or of an address that this host wanted for itself. */
function advertised(ip6: Ipv6, nd: NeighborAdvertisement, { networkInterface }: NdOrigin): Pending {
  const own = takenAddress(ip6, nd.target);
  if (own !== null) {
    return own.isTentative && own.nxd_ipv6_address_attached === networkInterface ? failDuplicate(ip6, own) : null;
  }
  const entry = ip6.neighbors.find(nd.target);
  // Nobody asked: nothing is to be noted of it (RFC 4861 section 7.2.5).
  if (entry === null) return null;
  if (entry.isRouter && !nd.router) {
    const router = ip6.routers.find(nd.target, networkInterface);
    if (router !== null) ip6.routers.remove(router);
  }
  return ip6.neighbors.advertised(entry, nd.options.targetLinkLayer, nd);
}

/** The router that this host sends through names a better first hop (RFC 4861 section 8.3). */
function redirected(ip6: Ipv6, nd: Redirect, { networkInterface, source }: NdOrigin): Pending {
  const current = nextHopOf(ip6, networkInterface, nd.destination);
  if (current === null || !sameAddress(current, source)) return null;
  ip6.destinations.redirect(nd.destination, nd.target);
  const { targetLinkLayer } = nd.options;
  return targetLinkLayer === null ? null : ip6.neighbors.hear(nd.target, networkInterface, targetLinkLayer).pending;
}

/** Two pieces of work, one after the other. */
function both(first: Pending, second: Pending): Pending {
  if (first === null || second === null) return first ?? second;
  return inTurn(first, second);
}

function* inTurn(first: NonNullable<Pending>, second: NonNullable<Pending>): Generator<Suspension, void, unknown> {
  yield* first;
  yield* second;
}
