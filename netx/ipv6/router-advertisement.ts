import type { Suspension } from '../../kernel/op.ts';
import {
  NX_IPV6_ADDR_STATE_DEPRECATED,
  NX_IPV6_ADDR_STATE_VALID,
  NX_IPV6_ADDRESS_STATELESS_AUTO_CONFIG,
  NX_IPV6_ROUTE_TYPE_SOLICITATED,
} from '../constants-ipv6.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { IPV6_MINIMUM_MTU, type Ipv6Address } from '../wire/ipv6.ts';
import type { RouterAdvertisement } from '../wire/nd.ts';
import type { PrefixInformation } from '../wire/nd-options.ts';
import { isLinkLocal, isMulticast, withInterfaceIdentifier } from './address.ts';
import { assignAddress } from './address-changes.ts';
import type { Ipv6 } from './ipv6.ts';
import { hardwareOf } from './nd-send.ts';
import type { NdOrigin } from './nd-receive.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';
import { takenAddress } from './own-addresses.ts';

/** A lifetime for ever on the wire. */
const FOREVER = 0xffffffff;
/** An advertisement that is not authenticated cannot make an address last less than this, in seconds (RFC 4862 section 5.5.3 e). */
const TWO_HOURS = 7200;

const lifetime = (seconds: number): number => (seconds === FOREVER ? Infinity : seconds);

/** A router tells of itself and of the link (RFC 4861 section 6.3.4). */
export function* advertisementReceive(
  ip6: Ipv6,
  advertisement: RouterAdvertisement,
  { networkInterface, source }: NdOrigin,
): Generator<Suspension, void, unknown> {
  const { options } = advertisement;
  const link = ip6.link(networkInterface);
  link.solicitationsLeft = 0;
  if (advertisement.hopLimit !== 0) ip6.hopLimit = advertisement.hopLimit;
  if (advertisement.reachableTime !== 0)
    ip6.reachableTime = Math.max(1, Math.floor(advertisement.reachableTime / 1000));
  if (advertisement.retransTimer !== 0) ip6.retransTime = advertisement.retransTimer * 1e6;
  noteRouter(ip6, source, networkInterface, advertisement.routerLifetime);
  if (options.sourceLinkLayer !== null) {
    const { entry, pending } = ip6.neighbors.hear(source, networkInterface, options.sourceLinkLayer);
    if (entry !== null) entry.isRouter = true;
    if (pending !== null) yield* pending;
  }
  if (options.mtu !== null && options.mtu >= IPV6_MINIMUM_MTU) link.mtu = options.mtu;
  for (const prefix of options.prefixes) {
    if (isLinkLocal(prefix.prefix) || isMulticast(prefix.prefix) || prefix.prefixLength > 128) continue;
    if (prefix.onLink) {
      ip6.prefixes.note(prefix.prefix, prefix.prefixLength, networkInterface, lifetime(prefix.validLifetime));
    }
    if (prefix.autonomous && link.autoconfigures) yield* autoconfigure(ip6, networkInterface, prefix);
  }
}

function noteRouter(ip6: Ipv6, address: Ipv6Address, networkInterface: NX_INTERFACE, seconds: number): void {
  if (seconds > 0) {
    ip6.routers.add(address, networkInterface, seconds, NX_IPV6_ROUTE_TYPE_SOLICITATED);
    return;
  }
  const router = ip6.routers.find(address, networkInterface);
  if (router !== null) ip6.routers.remove(router);
}

/**
 * Forms an address of a prefix and the interface's identifier, or gives the one that was formed from it its new lifetimes
 * (RFC 4862 section 5.5.3). A prefix that leaves no room for 64 bits of identifier is of no use.
 */
function* autoconfigure(
  ip6: Ipv6,
  networkInterface: NX_INTERFACE,
  prefix: PrefixInformation,
): Generator<Suspension, void, unknown> {
  const [valid, preferred] = [lifetime(prefix.validLifetime), lifetime(prefix.preferredLifetime)];
  if (prefix.prefixLength !== 64 || preferred > valid) return;
  const address = withInterfaceIdentifier(prefix.prefix, hardwareOf(networkInterface));
  const known = takenAddress(ip6, address);
  if (known !== null) {
    if (known.nxd_ipv6_address_ConfigurationMethod === NX_IPV6_ADDRESS_STATELESS_AUTO_CONFIG)
      renew(known, valid, preferred);
    return;
  }
  const free = ip6.assignable.find((own) => own.nxd_ipv6_address_valid === 0);
  if (free === undefined || valid === 0) return;
  yield* assignAddress(ip6, free, networkInterface, address, 64, NX_IPV6_ADDRESS_STATELESS_AUTO_CONFIG);
  free.validLifetime = valid;
  free.preferredLifetime = preferred;
}

function renew(own: NXD_IPV6_ADDRESS, valid: number, preferred: number): void {
  own.preferredLifetime = preferred;
  if (valid > TWO_HOURS || valid > own.validLifetime) own.validLifetime = valid;
  else if (own.validLifetime > TWO_HOURS) own.validLifetime = TWO_HOURS;
  if (own.nxd_ipv6_address_state === NX_IPV6_ADDR_STATE_DEPRECATED && preferred > 0) {
    own.nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_VALID;
  }
}
