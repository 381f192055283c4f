import { parseIpv6 } from '../../netx/ipv6/address-text.ts';
import { formatIpv4, formatIpv6 } from '../../netx/nxd-address.ts';
import type { Ipv6Address } from '../../netx/wire/ipv6.ts';
import { tryParseIpv4 } from '../ipv4-text.ts';

/** An address inside the world: IPv4 as a number, IPv6 as four words. */
export type IpAddress = number | Ipv6Address;

/** An address in words, which also tells one from another. */
export const formatAddress = (address: IpAddress): string =>
  typeof address === 'number' ? formatIpv4(address) : formatIpv6(address);

/** An address and a port in words. */
export const formatEndpoint = (address: IpAddress, port: number): string =>
  typeof address === 'number' ? `${formatAddress(address)}:${port}` : `[${formatAddress(address)}]:${port}`;

/** An address of either version, or null where the text is none. */
export const parseAddress = (text: string): IpAddress | null => tryParseIpv4(text) ?? parseIpv6(text);
