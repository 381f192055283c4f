import type { Suspension } from '../../kernel/op.ts';
import {
  NX_IPV6_ADDR_STATE_DEPRECATED,
  NX_IPV6_ADDR_STATE_VALID,
  NX_IPV6_ADDRESS_LIFETIME_EXPIRED,
} from '../constants-ipv6.ts';
import { UNSPECIFIED } from './address.ts';
import { withdrawAddress } from './address-changes.ts';
import { detectDuplicates } from './duplicate-detection.ts';
import type { Ipv6 } from './ipv6.ts';
import { sendRouterSolicitation } from './nd-send.ts';
import { linkLocalAddress } from './own-addresses.ts';

/** What is due once a second, in NetX Duo's order. */
export function* ipv6Periodic(ip6: Ipv6): Generator<Suspension, void, unknown> {
  yield* ip6.reassembly.periodic();
  if (!ip6.icmpEnabled) return;
  yield* detectDuplicates(ip6);
  yield* solicitRouters(ip6);
  yield* ip6.neighbors.slowPeriodic();
  for (const { address } of ip6.routers.tick()) {
    const entry = ip6.neighbors.find(address);
    if (entry !== null) entry.isRouter = false;
    ip6.destinations.forgetNextHop(address);
  }
  ip6.prefixes.tick();
  ip6.destinations.tick();
  yield* ageAddresses(ip6);
}

/** What is due at the fast periodic timer. */
export function* ipv6FastPeriodic(ip6: Ipv6): Generator<Suspension, void, unknown> {
  if (ip6.icmpEnabled) yield* ip6.neighbors.fastPeriodic();
}

/** Asks for routers, a few times, as long as none has told of itself (RFC 4861 section 6.3.7). */
function* solicitRouters(ip6: Ipv6): Generator<Suspension, void, unknown> {
  for (const link of ip6.links.values()) {
    if (link.solicitationsLeft === 0 || --link.untilSolicitation > 0) continue;
    link.solicitationsLeft--;
    link.untilSolicitation = ip6.settings.solicitationInterval;
    const { networkInterface } = link;
    const source = linkLocalAddress(ip6, networkInterface)?.nxd_ipv6_address ?? UNSPECIFIED;
    const pending = sendRouterSolicitation(ip6, networkInterface, source);
    if (pending !== null) yield* pending;
  }
}

/** Addresses from prefixes of routers grow old: first they are not to be used for what is new, then they go. */
function* ageAddresses(ip6: Ipv6): Generator<Suspension, void, unknown> {
  for (const own of ip6.addresses) {
    if (own.nxd_ipv6_address_valid === 0 || own.validLifetime === Infinity) {
      deprecate(own.preferredLifetime, own);
      continue;
    }
    own.validLifetime--;
    if (own.validLifetime <= 0) yield* withdrawAddress(ip6, own, NX_IPV6_ADDRESS_LIFETIME_EXPIRED);
    else deprecate(own.preferredLifetime, own);
  }
}

function deprecate(left: number, own: { preferredLifetime: number; nxd_ipv6_address_state: number }): void {
  if (left === Infinity) return;
  own.preferredLifetime = Math.max(0, left - 1);
  if (own.preferredLifetime === 0 && own.nxd_ipv6_address_state === NX_IPV6_ADDR_STATE_VALID) {
    own.nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_DEPRECATED;
  }
}
