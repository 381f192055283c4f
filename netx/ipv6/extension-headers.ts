import { strip, type NX_PACKET } from '../packet.ts';
import type { DropReason } from '../packet-drop.ts';
import { ICMPV6_ERRONEOUS_FIELD, ICMPV6_UNKNOWN_NEXT_HEADER, ICMPV6_UNKNOWN_OPTION } from '../wire/icmpv6.ts';
import {
  DESTINATION_OPTIONS,
  FRAGMENT_HEADER,
  HOP_BY_HOP_OPTIONS,
  IPV6_HEADER,
  NO_NEXT_HEADER,
  PROTOCOL_ICMPV6,
  ROUTING_HEADER,
} from '../wire/ipv6.ts';
import { judgeOptions } from '../wire/ipv6-extensions.ts';
import { PROTOCOL_UDP } from '../wire/ipv4.ts';

/** Extension headers beyond these in one packet are not read. */
const MOST_HEADERS = 8;

/** What comes after the extension headers of a packet. */
export type Walk =
  /** A protocol; the packet begins with its header now. */
  | { readonly action: 'deliver'; readonly nextHeader: number; readonly fieldAt: number }
  /** A fragment header, with which the packet begins now. */
  | { readonly action: 'fragment' }
  | { readonly action: 'discard'; readonly reason: DropReason }
  /** Something in them that its sender has to be told of, at a place in the packet's memory. */
  | { readonly action: 'problem'; readonly code: number; readonly at: number; readonly toGroups: boolean };

const DISCARD: Walk = { action: 'discard', reason: 'ip-header' };

const problem = (code: number, at: number, toGroups = false): Walk => ({ action: 'problem', code, at, toGroups });

/**
 * Goes through the extension headers with which a packet begins, up to its protocol or a fragment header, and takes them
 * off (RFC 8200 section 4). A routing header that has not reached its end is refused: source routes are not followed (RFC
 * 5095). All of them have to lie in the first packet of a chain.
 *
 * @param fieldAt - where the field lies that says what comes first
 */
export function walkExtensionHeaders(packet: NX_PACKET, first: number, firstFieldAt: number): Walk {
  const { nx_packet_memory: memory, nx_packet_append_ptr: end } = packet;
  let [nextHeader, fieldAt] = [first, firstFieldAt];
  for (let count = 0; count < MOST_HEADERS; count++) {
    const at = packet.nx_packet_prepend_ptr;
    switch (nextHeader) {
      case PROTOCOL_UDP:
      case PROTOCOL_ICMPV6:
        return { action: 'deliver', nextHeader, fieldAt };
      case FRAGMENT_HEADER:
        return { action: 'fragment' };
      case NO_NEXT_HEADER:
        return { action: 'discard', reason: 'protocol' };
      case HOP_BY_HOP_OPTIONS:
      case DESTINATION_OPTIONS:
      case ROUTING_HEADER: {
        // Hop-by-hop options come right after the IPv6 header or not at all.
        if (nextHeader === HOP_BY_HOP_OPTIONS && at !== packet.nx_packet_ip_header + IPV6_HEADER) {
          return problem(ICMPV6_UNKNOWN_NEXT_HEADER, fieldAt);
        }
        const length = ((memory[at + 1] ?? 0) + 1) * 8;
        if (at + 2 > end || at + length > end) return DISCARD;
        if (nextHeader === ROUTING_HEADER) {
          if (memory[at + 3] !== 0) return problem(ICMPV6_ERRONEOUS_FIELD, at + 2);
        } else {
          const verdict = judgeOptions(memory, at + 2, at + length);
          if (verdict.action === 'discard') return DISCARD;
          if (verdict.action === 'problem') return problem(ICMPV6_UNKNOWN_OPTION, verdict.at, verdict.toGroups);
        }
        fieldAt = at;
        nextHeader = memory[at] ?? 0;
        strip(packet, length);
        packet.nx_packet_ip_header_length += length;
        break;
      }
      default:
        return problem(ICMPV6_UNKNOWN_NEXT_HEADER, fieldAt);
    }
  }
  return DISCARD;
}
