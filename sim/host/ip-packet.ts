import { readUint16, readUint32, writeUint16, writeUint32 } from '../../netx/wire/bytes.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  parseEthernet,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { emitIpv4Header, IPV4_HEADER, parseIpv4Header } from '../../netx/wire/ipv4.ts';
import { emitIpv6Header, FRAGMENT_HEADER, IPV6_HEADER, parseIpv6Header } from '../../netx/wire/ipv6.ts';
import { pseudoHeaderSum6 } from '../../netx/wire/ipv6.ts';
import { addWord32 } from '../../netx/wire/checksum.ts';
import type { IpAddress } from './ip-address.ts';

/** What an IP packet of either version carries. */
export interface IpPacket {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly payload: Uint8Array;
}

/** A part of a packet. */
export interface Fragment {
  readonly identification: number;
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
}

/** A packet as it came in a frame. */
export interface ReceivedPacket extends IpPacket {
  readonly hardware: HardwareAddress;
  /** Null for a packet that is whole. */
  readonly fragment: Fragment | null;
  /** Header and payload as they came, to be quoted in an error. */
  readonly bytes: Uint8Array;
}

const TTL = 64;
/** Neighbor discovery wants it, and nobody else minds (RFC 4861 section 3.1). */
const HOP_LIMIT = 255;
const FRAGMENT_HEADER_LENGTH = 8;

/** The sum over the pseudo header of a packet, with which the checksum of its payload begins. */
export function pseudoHeader({ source, destination, protocol, payload }: IpPacket): number {
  if (typeof source !== 'number' && typeof destination !== 'number') {
    return pseudoHeaderSum6(source, destination, protocol, payload.length);
  }
  if (typeof source !== 'number' || typeof destination !== 'number') return 0;
  return addWord32(addWord32(protocol + payload.length, source), destination);
}

/**
 * A packet as Ethernet frames: one, or a fragment in each of several.
 *
 * @param mtu - bytes of the longest packet that a frame takes
 */
export function buildFrames(
  packet: IpPacket,
  from: HardwareAddress,
  to: HardwareAddress,
  identification: number,
  mtu: number,
): readonly Uint8Array[] {
  const { source, payload } = packet;
  const header = typeof source === 'number' ? IPV4_HEADER : IPV6_HEADER;
  if (header + payload.length <= mtu) return [buildFrame(packet, from, to, payload, identification, null)];
  const room = (mtu - header - (header === IPV6_HEADER ? FRAGMENT_HEADER_LENGTH : 0)) & ~7;
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += room) {
    const piece = payload.subarray(offset, offset + room);
    const more = offset + room < payload.length;
    frames.push(buildFrame(packet, from, to, piece, identification, { identification, offset, more }));
  }
  return frames;
}

function buildFrame(
  { source, destination, protocol }: IpPacket,
  from: HardwareAddress,
  to: HardwareAddress,
  piece: Uint8Array,
  identification: number,
  fragment: Fragment | null,
): Uint8Array {
  if (typeof source === 'number' && typeof destination === 'number') {
    const frame = new Uint8Array(ETHERNET_HEADER + IPV4_HEADER + piece.length);
    emitEthernet({ destination: to, source: from, etherType: ETHERTYPE_IPV4 }, frame, 0);
    const header = {
      tos: 0,
      totalLength: IPV4_HEADER + piece.length,
      identification: identification & 0xffff,
      dontFragment: false,
      moreFragments: fragment?.more === true,
      fragmentOffset: fragment?.offset ?? 0,
      ttl: TTL,
      protocol,
      source,
      destination,
    };
    emitIpv4Header(header, frame, ETHERNET_HEADER);
    frame.set(piece, ETHERNET_HEADER + IPV4_HEADER);
    return frame;
  }
  const extension = fragment === null ? 0 : FRAGMENT_HEADER_LENGTH;
  const at = ETHERNET_HEADER + IPV6_HEADER;
  const frame = new Uint8Array(at + extension + piece.length);
  emitEthernet({ destination: to, source: from, etherType: ETHERTYPE_IPV6 }, frame, 0);
  if (typeof source !== 'number' && typeof destination !== 'number') {
    const nextHeader = fragment === null ? protocol : FRAGMENT_HEADER;
    const payloadLength = extension + piece.length;
    const header = {
      trafficClass: 0,
      flowLabel: 0,
      payloadLength,
      nextHeader,
      hopLimit: HOP_LIMIT,
      source,
      destination,
    };
    emitIpv6Header(header, frame, ETHERNET_HEADER);
  }
  if (fragment !== null) {
    frame[at] = protocol;
    writeUint16(frame, at + 2, fragment.offset | (fragment.more ? 1 : 0));
    writeUint32(frame, at + 4, fragment.identification);
  }
  frame.set(piece, at + extension);
  return frame;
}

/** The IP packet in a frame; null for anything else, and for extension headers other than that of fragments. */
export function parseFrame(frame: Uint8Array): ReceivedPacket | null {
  const ethernet = parseEthernet(frame);
  if (ethernet === null) return null;
  const { source: hardware, etherType } = ethernet;
  if (etherType === ETHERTYPE_IPV4) return parseV4(frame, hardware);
  return etherType === ETHERTYPE_IPV6 ? parseV6(frame, hardware) : null;
}

function parseV4(frame: Uint8Array, hardware: HardwareAddress): ReceivedPacket | null {
  const ip = parseIpv4Header(frame, ETHERNET_HEADER, frame.length);
  if (ip === null) return null;
  const { source, destination, protocol, identification, fragmentOffset: offset, moreFragments: more } = ip;
  const end = ETHERNET_HEADER + ip.totalLength;
  const payload = frame.subarray(ETHERNET_HEADER + ip.headerLength, end);
  const fragment = more || offset > 0 ? { identification, offset, more } : null;
  return { source, destination, protocol, payload, hardware, fragment, bytes: frame.subarray(ETHERNET_HEADER, end) };
}

function parseV6(frame: Uint8Array, hardware: HardwareAddress): ReceivedPacket | null {
  const ip = parseIpv6Header(frame, ETHERNET_HEADER, frame.length);
  if (ip === null) return null;
  const { source, destination, nextHeader } = ip;
  const at = ETHERNET_HEADER + IPV6_HEADER;
  const end = at + ip.payloadLength;
  const bytes = frame.subarray(ETHERNET_HEADER, end);
  if (nextHeader !== FRAGMENT_HEADER) {
    const payload = frame.subarray(at, end);
    return { source, destination, protocol: nextHeader, payload, hardware, fragment: null, bytes };
  }
  if (at + FRAGMENT_HEADER_LENGTH > end) return null;
  const field = readUint16(frame, at + 2);
  const fragment = {
    identification: readUint32(frame, at + 4),
    offset: field & 0xfff8,
    more: (field & 1) === 1,
  };
  const payload = frame.subarray(at + FRAGMENT_HEADER_LENGTH, end);
  return { source, destination, protocol: frame[at] ?? 0, payload, hardware, fragment, bytes };
}
