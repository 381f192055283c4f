import { readUint16, writeUint16 } from '../../../netx/wire/bytes.ts';
import { addBytes, foldChecksum } from '../../../netx/wire/checksum.ts';
import { IPV4_HEADER } from '../../../netx/wire/ipv4.ts';

const MORE_FRAGMENTS = 0x2000;
const OFFSET = 0x1fff;
const COPIED = 0x80;
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;

/**
 * A header for the fragments after the first: of the options only those that have to be in each of them (RFC 791
 * section 3.1, the copied flag).
 */
function laterHeader(packet: Uint8Array, headerLength: number): Uint8Array {
  const kept: number[] = [];
  for (let at = IPV4_HEADER; at < headerLength;) {
    const type = packet[at] ?? END_OF_OPTIONS;
    if (type === END_OF_OPTIONS) break;
    const length = type === NO_OPERATION ? 1 : (packet[at + 1] ?? 0);
    if (length === 0 || at + length > headerLength) break;
    if ((type & COPIED) !== 0) kept.push(...packet.subarray(at, at + length));
    at += length;
  }
  const header = new Uint8Array(IPV4_HEADER + ((kept.length + 3) & ~3));
  header.set(packet.subarray(0, IPV4_HEADER));
  header.set(kept, IPV4_HEADER);
  header[0] = 0x40 | (header.length >> 2);
  return header;
}

/** Puts the checksum of a header into it. */
export function sealHeader(packet: Uint8Array, headerLength: number): void {
  writeUint16(packet, 10, 0);
  writeUint16(packet, 10, foldChecksum(addBytes(0, packet, 0, headerLength)));
}

/**
 * Cuts an IPv4 packet, which may be a fragment itself, into fragments (RFC 791 section 3.2).
 *
 * @param mtu - bytes of the longest fragment; null is given back where not even one unit of data fits
 */
export function fragmentIpv4(packet: Uint8Array, mtu: number): readonly Uint8Array[] | null {
  const headerLength = ((packet[0] ?? 0) & 15) * 4;
  const field = readUint16(packet, 6);
  const fragments: Uint8Array[] = [];
  let header = packet.subarray(0, headerLength);
  for (let at = headerLength; at < packet.length;) {
    const rest = packet.length - at;
    const room = mtu - header.length;
    const length = rest <= room ? rest : room & ~7;
    if (length <= 0) return null;
    const fragment = new Uint8Array(header.length + length);
    fragment.set(header);
    fragment.set(packet.subarray(at, at + length), header.length);
    const offset = (field & OFFSET) + ((at - headerLength) >> 3);
    const isLast = length === rest && (field & MORE_FRAGMENTS) === 0;
    writeUint16(fragment, 2, fragment.length);
    writeUint16(fragment, 6, (isLast ? 0 : MORE_FRAGMENTS) | offset);
    sealHeader(fragment, header.length);
    fragments.push(fragment);
    if (at === headerLength) header = laterHeader(packet, headerLength);
    at += length;
  }
  return fragments;
}
