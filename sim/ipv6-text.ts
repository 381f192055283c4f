import { SimulationError } from '../kernel/simulation-error.ts';
import { parseIpv6 } from '../netx/ipv6/address-text.ts';
import { isLinkLocal, isLoopback, isUnicast } from '../netx/ipv6/address.ts';
import type { Ipv6Address } from '../netx/wire/ipv6.ts';

/** An IPv6 address, and how many of its bits from the left are its network's. */
export interface Ipv6Prefix {
  readonly address: Ipv6Address;
  readonly prefixLength: number;
}

/**
 * An IPv6 address, from `'fd00:1::1'`.
 *
 * @throws SimulationError where the text is none
 */
export function parseIpv6Address(text: string): Ipv6Address {
  const address = parseIpv6(text);
  if (address !== null) return address;
  throw new SimulationError({
    kind: 'world',
    what: `'${text}' is no IPv6 address`,
    fix: "write it as 'fd00:1::1'",
  });
}

/**
 * An address or a prefix with its length, from `'fd00:1::/64'`.
 *
 * @throws SimulationError where the text is none
 */
export function parseIpv6Prefix(text: string): Ipv6Prefix {
  const [, digits = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseIpv6(digits);
  if (address !== null && Number(length) <= 128) return { address, prefixLength: Number(length) };
  throw new SimulationError({
    kind: 'world',
    what: `'${text}' is no IPv6 prefix`,
    fix: "write it as '2001:db8:1::/64'",
  });
}

/**
 * The address of an interface with its prefix, from `'fd00:1::1/64'`.
 *
 * @throws SimulationError where the text is none, or no address that packets can be routed to
 */
export function parseInterfaceAddress6(text: string): Ipv6Prefix {
  const own = parseIpv6Prefix(text);
  if (isUnicast(own.address) && !isLinkLocal(own.address) && !isLoopback(own.address)) return own;
  throw new SimulationError({
    kind: 'world',
    what: `'${text}' is no address that an interface can have`,
    fix: "give one such as 'fd00:1::1/64'; the link-local address is there by itself",
  });
}
