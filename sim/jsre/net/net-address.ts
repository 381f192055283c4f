import { NX_IP_VERSION_V4, NX_IP_VERSION_V6 } from '../../../netx/constants.ts';
import { formatIpv4, formatIpv6, NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { parseIpv6 } from '../../../netx/ipv6/address-text.ts';
import type { Ipv6Address } from '../../../netx/wire/ipv6.ts';
import { tryParseIpv4 } from '../../ipv4-text.ts';

/** The domains of sockets, by the numbers that programs know. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export type Domain = typeof AF_INET | typeof AF_INET6;

/** An address of either version with a port: one end of a conversation. */
export interface NetAddress {
  readonly ip: NXD_ADDRESS;
  readonly port: number;
}

/** An address as programs write it. */
export interface Sockaddr {
  readonly domain: Domain;
  readonly addr: string;
  readonly port: number;
}

/** The first three words of an IPv4 address that stands in an IPv6 one (RFC 4291 section 2.5.5.2). */
const MAPPED: readonly number[] = [0, 0, 0xffff];

/** An IPv4 address, given as a number. */
export function ipv4(address: number): NXD_ADDRESS {
  const ip = new NXD_ADDRESS();
  ip.nxd_ip_version = NX_IP_VERSION_V4;
  ip.nxd_ip_address.v4 = address >>> 0;
  return ip;
}

function ipv6(words: Ipv6Address): NXD_ADDRESS {
  // What is sent over IPv4 is an IPv4 address, however it was written.
  if (MAPPED.every((word, index) => words[index] === word)) return ipv4(words[3] ?? 0);
  const ip = new NXD_ADDRESS();
  ip.nxd_ip_version = NX_IP_VERSION_V6;
  ip.nxd_ip_address.v6.set(words);
  return ip;
}

/** The address that a text stands for in a domain, or null. In IPv6 `::ffff:1.2.3.4` stands for the IPv4 address in it. */
export function parseAddress(domain: Domain, text: string): NXD_ADDRESS | null {
  if (domain === AF_INET) {
    const address = tryParseIpv4(text);
    return address === null ? null : ipv4(address);
  }
  const words = parseIpv6(text);
  return words === null ? null : ipv6(words);
}

/** The domain that a text is an address of, or null where it is none. */
export function domainOf(text: string): Domain | null {
  if (tryParseIpv4(text) !== null) return AF_INET;
  return parseIpv6(text) === null ? null : AF_INET6;
}

export const isV6 = (ip: NXD_ADDRESS): boolean => ip.nxd_ip_version === NX_IP_VERSION_V6;

/** Whether an address stands for any of the device's own. */
export function isAny(ip: NXD_ADDRESS): boolean {
  return isV6(ip) ? ip.nxd_ip_address.v6.every((word) => word === 0) : ip.nxd_ip_address.v4 === 0;
}

/** Whether two addresses and ports are the same. */
export const sameAddress = (a: NetAddress, b: NetAddress): boolean => a.port === b.port && a.ip.equals(b.ip);

/** An address as a program of a domain sees it: in an IPv6 socket an IPv4 address is a mapped one. */
export function sockaddrOf(domain: Domain, { ip, port }: NetAddress): Sockaddr {
  if (domain === AF_INET) return { domain, addr: formatIpv4(ip.nxd_ip_address.v4), port };
  if (isV6(ip)) return { domain, addr: formatIpv6(ip.nxd_ip_address.v6), port };
  const unset = ip.nxd_ip_address.v4 === 0;
  return { domain, addr: unset ? '::' : `::ffff:${formatIpv4(ip.nxd_ip_address.v4)}`, port };
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(ip: NXD_ADDRESS): Uint8Array {
  const words = isV6(ip) ? [...ip.nxd_ip_address.v6] : [ip.nxd_ip_address.v4];
  return Uint8Array.from(words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]));
}
