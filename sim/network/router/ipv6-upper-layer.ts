import {
  DESTINATION_OPTIONS,
  HOP_BY_HOP_OPTIONS,
  IPV6_HEADER,
  isAddressAt,
  NO_NEXT_HEADER,
  ROUTING_HEADER,
  type Ipv6Address,
} from '../../../netx/wire/ipv6.ts';

/** Extension headers beyond these in one packet are not read. */
const MOST_HEADERS = 8;
const NEXT_HEADER_AT = 6;

/** What a packet carries behind its extension headers. */
export interface UpperLayer {
  readonly protocol: number;
  /** Where it begins in the packet. */
  readonly at: number;
  /** Where the field lies that names the protocol. */
  readonly fieldAt: number;
}

/**
 * What a packet carries behind its extension headers (RFC 8200 section 4); a fragment header counts as what it carries. Null
 * where they go on past its end, or there is nothing behind them.
 */
export function upperLayer(packet: Uint8Array): UpperLayer | null {
  let [fieldAt, at] = [NEXT_HEADER_AT, IPV6_HEADER];
  for (let count = 0; count < MOST_HEADERS; count++) {
    const protocol = packet[fieldAt] ?? NO_NEXT_HEADER;
    if (protocol === NO_NEXT_HEADER) return null;
    const isOptions = protocol === HOP_BY_HOP_OPTIONS || protocol === DESTINATION_OPTIONS;
    if (!isOptions && protocol !== ROUTING_HEADER) return { protocol, at, fieldAt };
    if (at + 8 > packet.length) return null;
    fieldAt = at;
    at += ((packet[at + 1] ?? 0) + 1) * 8;
  }
  return null;
}

/** Whether one of some addresses lies at a place in a packet. */
export const isOneOfAt = (packet: Uint8Array, at: number, addresses: readonly Ipv6Address[]): boolean =>
  addresses.some((address) => isAddressAt(packet, at, address));
