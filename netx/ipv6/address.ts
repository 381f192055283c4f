import type { HardwareAddress } from '../wire/ethernet.ts';
import { readUint32 } from '../wire/bytes.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';

/** The unspecified address, `::`. */
export const UNSPECIFIED: Ipv6Address = Uint32Array.of(0, 0, 0, 0);
/** The loopback address, `::1`. */
export const LOOPBACK: Ipv6Address = Uint32Array.of(0, 0, 0, 1);
/** All nodes of a link, `ff02::1`. */
export const ALL_NODES: Ipv6Address = Uint32Array.of(0xff020000, 0, 0, 1);
/** All routers of a link, `ff02::2`. */
export const ALL_ROUTERS: Ipv6Address = Uint32Array.of(0xff020000, 0, 0, 2);

export function sameAddress(one: Ipv6Address, other: Ipv6Address): boolean {
  return one[3] === other[3] && one[2] === other[2] && one[1] === other[1] && one[0] === other[0];
}

export const isUnspecified = (address: Ipv6Address): boolean => sameAddress(address, UNSPECIFIED);
export const isLoopback = (address: Ipv6Address): boolean => sameAddress(address, LOOPBACK);
/** `ff00::/8` */
export const isMulticast = (address: Ipv6Address): boolean => (address[0] ?? 0) >>> 24 === 0xff;
/** `fe80::/10` */
export const isLinkLocal = (address: Ipv6Address): boolean => (address[0] ?? 0) >>> 22 === 0x3fa;
/** Anything one host can have: not a group, and not unspecified. */
export const isUnicast = (address: Ipv6Address): boolean => !isMulticast(address) && !isUnspecified(address);

/** Whether the address in a packet's memory is a group. */
export const isMulticastAt = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0xff;

/** Whether a group reaches no further than the link (RFC 4291 section 2.7). */
export const isLinkScopeGroup = (address: Ipv6Address): boolean => (((address[0] ?? 0) >>> 16) & 15) <= 2;

/** How many bits two addresses have in common from the left. */
export function commonPrefix(one: Ipv6Address, other: Ipv6Address): number {
  for (let word = 0; word < 4; word++) {
    const difference = ((one[word] ?? 0) ^ (other[word] ?? 0)) >>> 0;
    if (difference !== 0) return word * 32 + Math.clz32(difference);
  }
  return 128;
}

/** Whether an address begins with the first bits of another. */
export const hasPrefix = (address: Ipv6Address, prefix: Ipv6Address, length: number): boolean =>
  commonPrefix(address, prefix) >= length;

/** The group of the neighbors that may have an address, `ff02::1:ffxx:xxxx` (RFC 4291 section 2.7.1). */
export const solicitedNode = (address: Ipv6Address): Ipv6Address =>
  Uint32Array.of(0xff020000, 0, 1, 0xff000000 | ((address[3] ?? 0) & 0xffffff));

/** Whether the group at a place in a packet is that of the neighbors that may have an address. */
export const isSolicitedNodeAt = (bytes: Uint8Array, at: number, address: Ipv6Address): boolean =>
  readUint32(bytes, at) === 0xff020000 &&
  readUint32(bytes, at + 4) === 0 &&
  readUint32(bytes, at + 8) === 1 &&
  readUint32(bytes, at + 12) === (0xff000000 | ((address[3] ?? 0) & 0xffffff)) >>> 0;

/** The hardware address of a group on Ethernet, 33:33 and its last four bytes (RFC 2464 section 7). */
export const groupHardware = (group: Ipv6Address): HardwareAddress => ({ msw: 0x3333, lsw: group[3] ?? 0 });

/** An address of a prefix of 64 bits with the EUI-64 of a hardware address for its second half (RFC 4291 appendix A). */
export function withInterfaceIdentifier(prefix: Ipv6Address, { msw, lsw }: HardwareAddress): Ipv6Address {
  const upper = (((msw << 16) | ((lsw >>> 16) & 0xff00) | 0xff) ^ 0x02000000) >>> 0;
  const lower = (0xfe000000 | (lsw & 0xffffff)) >>> 0;
  return Uint32Array.of(prefix[0] ?? 0, prefix[1] ?? 0, upper, lower);
}

const LINK_LOCAL_PREFIX: Ipv6Address = Uint32Array.of(0xfe800000, 0, 0, 0);

/** The link-local address of an interface, `fe80::` and the EUI-64 of its hardware address. */
export const linkLocalOf = (hardware: HardwareAddress): Ipv6Address =>
  withInterfaceIdentifier(LINK_LOCAL_PREFIX, hardware);

/** The first bits of an address, the others 0. */
export function maskAddress(address: Ipv6Address, length: number): Ipv6Address {
  return address.map((word, index) => {
    const bits = Math.min(32, Math.max(0, length - index * 32));
    return bits === 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
  });
}
