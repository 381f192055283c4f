import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';
import { addBytes } from './checksum.ts';

export const IPV6_HEADER = 40;
/** Every link carries packets of this length (RFC 8200 section 5), in bytes. */
export const IPV6_MINIMUM_MTU = 1280;

/** Where the addresses lie in the header. */
export const IPV6_SOURCE = 8;
export const IPV6_DESTINATION = 24;
const ADDRESSES_END = 40;

/** Values of a next header field. */
export const HOP_BY_HOP_OPTIONS = 0;
export const ROUTING_HEADER = 43;
export const FRAGMENT_HEADER = 44;
export const PROTOCOL_ICMPV6 = 58;
export const NO_NEXT_HEADER = 59;
export const DESTINATION_OPTIONS = 60;

/** An IPv6 address: four words in the order of the wire, as NetX Duo keeps it. */
export type Ipv6Address = Uint32Array;

/** The header of an IPv6 packet (RFC 8200 section 3). */
export interface Ipv6Header {
  readonly trafficClass: number;
  readonly flowLabel: number;
  /** Bytes after the header, extension headers included. */
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
}

export function readIpv6Address(bytes: Uint8Array, at: number): Ipv6Address {
  const address = new Uint32Array(4);
  for (let word = 0; word < 4; word++) address[word] = readUint32(bytes, at + word * 4);
  return address;
}

export function writeIpv6Address(bytes: Uint8Array, at: number, address: Ipv6Address): void {
  for (let word = 0; word < 4; word++) writeUint32(bytes, at + word * 4, address[word] ?? 0);
}

/** Whether the address at a place in a packet is this one. */
export function isAddressAt(bytes: Uint8Array, at: number, address: Ipv6Address): boolean {
  return (
    readUint32(bytes, at + 12) === address[3] &&
    readUint32(bytes, at + 8) === address[2] &&
    readUint32(bytes, at + 4) === address[1] &&
    readUint32(bytes, at) === address[0]
  );
}

/**
 * Bytes of the IPv6 packet at `at`, header included, or null where its version is another or more is announced than lies
 * before `end`. Bytes after it are padding. The header has to be at hand; `end` may lie beyond the bytes, where the
 * payload goes on in other packets of a chain.
 */
export function ipv6PacketLength(bytes: Uint8Array, at: number, end: number): number | null {
  if (end - at < IPV6_HEADER || at + IPV6_HEADER > bytes.length || (bytes[at] ?? 0) >> 4 !== 6) return null;
  const length = IPV6_HEADER + readUint16(bytes, at + 4);
  return length > end - at ? null : length;
}

/** The header of an IPv6 packet between `at` and `end`, or null: see {@link ipv6PacketLength}. */
export function parseIpv6Header(bytes: Uint8Array, at: number, end: number): Ipv6Header | null {
  if (ipv6PacketLength(bytes, at, end) === null) return null;
  const first = readUint32(bytes, at);
  return {
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    payloadLength: readUint16(bytes, at + 4),
    nextHeader: bytes[at + 6] ?? 0,
    hopLimit: bytes[at + 7] ?? 0,
    source: readIpv6Address(bytes, at + IPV6_SOURCE),
    destination: readIpv6Address(bytes, at + IPV6_DESTINATION),
  };
}

export function emitIpv6Header(header: Ipv6Header, bytes: Uint8Array, at: number): void {
  writeUint32(bytes, at, ((6 << 28) | (header.trafficClass << 20) | header.flowLabel) >>> 0);
  writeUint16(bytes, at + 4, header.payloadLength);
  bytes[at + 6] = header.nextHeader;
  bytes[at + 7] = header.hopLimit;
  writeIpv6Address(bytes, at + IPV6_SOURCE, header.source);
  writeIpv6Address(bytes, at + IPV6_DESTINATION, header.destination);
}

/** The sum over the pseudo header of a packet whose IPv6 header lies at `at` (RFC 8200 section 8.1). */
export function pseudoHeaderSumAt(bytes: Uint8Array, at: number, protocol: number, length: number): number {
  return addBytes(protocol + length, bytes, at + IPV6_SOURCE, at + ADDRESSES_END);
}

/** The sum over the pseudo header of a packet between two addresses (RFC 8200 section 8.1). */
export function pseudoHeaderSum6(
  source: Ipv6Address,
  destination: Ipv6Address,
  protocol: number,
  length: number,
): number {
  let sum = protocol + length;
  for (let word = 0; word < 4; word++) {
    const [one = 0, other = 0] = [source[word], destination[word]];
    sum += (one >>> 16) + (one & 0xffff) + (other >>> 16) + (other & 0xffff);
  }
  return sum;
}
