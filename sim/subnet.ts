import { SimulationError } from '../kernel/simulation-error.ts';
import { formatIpv4 } from '../netx/nxd-address.ts';
import { parseIpv4, tryParseIpv4 } from './ipv4-text.ts';

/** A range of IPv4 addresses that share their first `prefix` bits. */
export interface Subnet {
  /** Its first address. */
  readonly network: number;
  readonly prefix: number;
}

/** The mask of a prefix: 24 gives 255.255.255.0. */
export const maskOf = (prefix: number): number => (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);

/** `10.0.1.0/24` */
export const formatSubnet = ({ network, prefix }: Subnet): string => `${formatIpv4(network)}/${prefix}`;

/** Whether an address lies in a subnet. */
export const contains = ({ network, prefix }: Subnet, address: number): boolean =>
  ((network ^ address) & maskOf(prefix)) === 0;

/** Whether two subnets have addresses in common. */
export const overlap = (one: Subnet, other: Subnet): boolean =>
  contains(one.prefix < other.prefix ? one : other, one.prefix < other.prefix ? other.network : one.network);

/** An address of an interface, with its subnet. */
export interface InterfaceAddress extends Subnet {
  readonly address: number;
}

/**
 * An address with its subnet, from `'10.0.1.7/24'`.
 *
 * @throws SimulationError where the text is none
 */
export function parseInterfaceAddress(text: string): InterfaceAddress {
  const [, digits = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const address = tryParseIpv4(digits);
  const prefix = bits === '' ? NaN : Number(bits);
  if (address !== null && prefix <= 32) return { address, network: (address & maskOf(prefix)) >>> 0, prefix };
  throw new SimulationError({
    kind: 'world',
    what: `'${text}' is no IPv4 address with a prefix`,
    fix: "write it as '10.0.1.7/24'",
  });
}

/**
 * A subnet, from `'10.0.1.0/24'`.
 *
 * @throws SimulationError where the text is none, or names an address within the subnet
 */
export function parseSubnet(text: string): Subnet {
  const { address, network, prefix } = parseInterfaceAddress(text);
  if (address === network) return { network, prefix };
  throw new SimulationError({
    kind: 'world',
    what: `'${text}' is an address, and no subnet`,
    fix: `write the subnet as '${formatSubnet({ network, prefix })}'`,
  });
}

/** The address that a device asks for; with a prefix where it names one. */
export function parseWanted(text: string): { readonly address: number; readonly prefix: number | null } {
  return text.includes('/') ? parseInterfaceAddress(text) : { address: parseIpv4(text), prefix: null };
}
