import {
  NX_INTERFACE_CAPABILITY_ICMPV4_RX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_ICMPV4_TX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_ICMPV6_RX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_ICMPV6_TX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_IGMP_RX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_IGMP_TX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_IPV4_RX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_IPV4_TX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_TCP_RX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_TCP_TX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_UDP_RX_CHECKSUM,
  NX_INTERFACE_CAPABILITY_UDP_TX_CHECKSUM,
} from './constants-driver.ts';
import { readUint16, writeUint16 } from './wire/bytes.ts';
import { addBytes, foldChecksum } from './wire/checksum.ts';
import { ETHERNET_HEADER, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './wire/ethernet.ts';

/** How a protocol above IP carries its checksum, and the flags of those who take care of it. */
interface Protocol {
  /** Where in its header the checksum stands, in bytes. */
  readonly at: number;
  readonly pseudoHeader: boolean;
  readonly transmit: number;
  readonly receive: number;
}

const IGMP: Protocol = {
  at: 2,
  pseudoHeader: false,
  transmit: NX_INTERFACE_CAPABILITY_IGMP_TX_CHECKSUM,
  receive: NX_INTERFACE_CAPABILITY_IGMP_RX_CHECKSUM,
};

const PROTOCOLS: ReadonlyMap<number, Protocol> = new Map([
  [
    1,
    {
      at: 2,
      pseudoHeader: false,
      transmit: NX_INTERFACE_CAPABILITY_ICMPV4_TX_CHECKSUM,
      receive: NX_INTERFACE_CAPABILITY_ICMPV4_RX_CHECKSUM,
    },
  ],
  [2, IGMP],
  [
    6,
    {
      at: 16,
      pseudoHeader: true,
      transmit: NX_INTERFACE_CAPABILITY_TCP_TX_CHECKSUM,
      receive: NX_INTERFACE_CAPABILITY_TCP_RX_CHECKSUM,
    },
  ],
  [
    17,
    {
      at: 6,
      pseudoHeader: true,
      transmit: NX_INTERFACE_CAPABILITY_UDP_TX_CHECKSUM,
      receive: NX_INTERFACE_CAPABILITY_UDP_RX_CHECKSUM,
    },
  ],
  [
    58,
    {
      at: 2,
      pseudoHeader: true,
      transmit: NX_INTERFACE_CAPABILITY_ICMPV6_TX_CHECKSUM,
      receive: NX_INTERFACE_CAPABILITY_ICMPV6_RX_CHECKSUM,
    },
  ],
]);

const UDP = 17;

/** What a frame carries above IP: which protocol, from where to where, and the sum over its pseudo header. */
interface Payload {
  readonly protocol: Protocol;
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly sum: number;
}

/** What lies behind an IPv4 or IPv6 header; null for fragments, options of IPv6, and lengths that are wrong. */
function payloadOf(frame: Uint8Array): Payload | null {
  const etherType = readUint16(frame, 12);
  const at = ETHERNET_HEADER;
  let [start, end, number, addresses] = [0, 0, 0, 0];
  if (etherType === ETHERTYPE_IPV4) {
    // A fragment has only part of what the checksum covers.
    if ((readUint16(frame, at + 6) & 0x3fff) !== 0) return null;
    start = at + ((frame[at] ?? 0) & 15) * 4;
    end = at + readUint16(frame, at + 2);
    number = frame[at + 9] ?? 0;
    addresses = at + 12;
  } else if (etherType === ETHERTYPE_IPV6) {
    start = at + 40;
    end = start + readUint16(frame, at + 4);
    number = frame[at + 6] ?? 0;
    addresses = at + 8;
  }
  const protocol = PROTOCOLS.get(number);
  if (protocol === undefined || end > frame.length || start + protocol.at + 2 > end) return null;
  const addressesEnd = etherType === ETHERTYPE_IPV4 ? addresses + 8 : addresses + 32;
  const sum = protocol.pseudoHeader ? addBytes(number + (end - start), frame, addresses, addressesEnd) : 0;
  return { protocol, number, start, end, sum };
}

const headerEnd = (frame: Uint8Array): number => ETHERNET_HEADER + ((frame[ETHERNET_HEADER] ?? 0) & 15) * 4;

/**
 * Writes the checksums into a frame on its way out, as a controller does that was told to.
 *
 * @param flags - `NX_INTERFACE_CAPABILITY_` flags: those with `TX` count
 */
export function fillChecksums(frame: Uint8Array, flags: number): void {
  const isV4 = readUint16(frame, 12) === ETHERTYPE_IPV4;
  if (isV4 && (flags & NX_INTERFACE_CAPABILITY_IPV4_TX_CHECKSUM) !== 0 && headerEnd(frame) <= frame.length) {
    writeUint16(frame, ETHERNET_HEADER + 10, 0);
    writeUint16(frame, ETHERNET_HEADER + 10, foldChecksum(addBytes(0, frame, ETHERNET_HEADER, headerEnd(frame))));
  }
  const payload = payloadOf(frame);
  if (payload === null || (flags & payload.protocol.transmit) === 0) return;
  const { protocol, number, start, end, sum } = payload;
  writeUint16(frame, start + protocol.at, 0);
  const checksum = foldChecksum(addBytes(sum, frame, start, end));
  // UDP says with zero that there is none (RFC 768).
  writeUint16(frame, start + protocol.at, number === UDP && checksum === 0 ? 0xffff : checksum);
}

/**
 * Whether the checksums of a received frame are right, as far as the controller was told to look.
 *
 * @param flags - `NX_INTERFACE_CAPABILITY_` flags: those with `RX` count
 */
export function checksumsHold(frame: Uint8Array, flags: number): boolean {
  const isV4 = readUint16(frame, 12) === ETHERTYPE_IPV4;
  if (isV4 && (flags & NX_INTERFACE_CAPABILITY_IPV4_RX_CHECKSUM) !== 0) {
    const end = Math.min(headerEnd(frame), frame.length);
    if (foldChecksum(addBytes(0, frame, ETHERNET_HEADER, end)) !== 0) return false;
  }
  const payload = payloadOf(frame);
  if (payload === null || (flags & payload.protocol.receive) === 0) return true;
  const { protocol, number, start, end, sum } = payload;
  if (number === UDP && isV4 && readUint16(frame, start + protocol.at) === 0) return true;
  return foldChecksum(addBytes(sum, frame, start, end)) === 0;
}
