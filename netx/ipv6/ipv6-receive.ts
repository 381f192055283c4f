import type { Kernel } from '../../kernel/kernel.ts';
import { NX_IP_VERSION_V6 } from '../constants.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { rawArrival } from '../ip-raw.ts';
import type { NX_IP } from '../ip.ts';
import { strip, truncate, type NX_PACKET } from '../packet.ts';
import { dropPacket, type DropReason } from '../packet-drop.ts';
import type { Pending } from '../pending.ts';
import { udpArrival } from '../udp-arrival.ts';
import { readUint16 } from '../wire/bytes.ts';
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_SOURCE,
  ipv6PacketLength,
  isAddressAt,
  PROTOCOL_ICMPV6,
} from '../wire/ipv6.ts';
import { HOP_BY_HOP_OPTIONS } from '../wire/ipv6.ts';
import { ICMPV6_UNKNOWN_NEXT_HEADER } from '../wire/icmpv6.ts';
import { PROTOCOL_UDP } from '../wire/ipv4.ts';
import { ALL_NODES, isMulticastAt, LOOPBACK } from './address.ts';
import { walkExtensionHeaders } from './extension-headers.ts';
import { parameterProblem } from './icmpv6-error.ts';
import { icmpv6Receive } from './icmpv6-receive.ts';
import type { Ipv6 } from './ipv6.ts';
import { hearsSolicitedNodeAt, isOwnAddressAt } from './own-addresses.ts';

function drop({ kernel, ip }: Ipv6, packet: NX_PACKET, reason: DropReason): null {
  ip.nx_ip_receive_packets_dropped++;
  dropPacket(kernel, packet, reason);
  return null;
}

/** Deals with an IPv6 packet in the IP thread: checks its headers and hands it to its protocol. */
export function ipv6Receive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  const { ipv6: ip6 } = ip;
  if (ip6?.enabled !== true) {
    ip.nx_ip_receive_packets_dropped++;
    dropPacket(kernel, packet, 'protocol');
    return null;
  }
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_ip_interface: networkInterface } = packet;
  const length = at + IPV6_HEADER > packet.nx_packet_append_ptr ? null : packetLength(packet);
  if (length === null || networkInterface === null || isMulticastAt(memory, at + IPV6_SOURCE)) {
    ip.nx_ip_invalid_packets++;
    return drop(ip6, packet, 'ip-header');
  }
  if (isFalseLoopback(ip6, memory, at)) {
    ip.nx_ip_invalid_receive_address++;
    return drop(ip6, packet, 'source-address');
  }
  if (!isForUs(ip6, memory, at + IPV6_DESTINATION, networkInterface)) return drop(ip6, packet, 'not-for-us');
  truncate(packet, length);
  packet.nx_packet_ip_version = NX_IP_VERSION_V6;
  packet.nx_packet_ip_header = at;
  packet.nx_packet_ip_header_length = IPV6_HEADER;
  strip(packet, IPV6_HEADER);
  return ipv6Deliver(ip6, packet, memory[at + 6] ?? 0, at + 6);
}

/**
 * Hands a packet whose header was read to what comes next in it: extension headers or its protocol.
 *
 * @param fieldAt - where in the packet's memory the next header field lies
 */
export function ipv6Deliver(ip6: Ipv6, packet: NX_PACKET, nextHeader: number, fieldAt: number): Pending {
  const { ip, kernel } = ip6;
  switch (nextHeader) {
    case PROTOCOL_UDP:
      if (!ip.udpEnabled) return drop(ip6, packet, 'protocol');
      // Over IPv6 a datagram has to have a checksum (RFC 8200 section 8.1).
      if (packet.nx_packet_length >= 8 && readUint16(packet.nx_packet_memory, packet.nx_packet_prepend_ptr + 6) === 0) {
        ip.nx_ip_udp_checksum_errors++;
        return drop(ip6, packet, 'checksum');
      }
      return udpArrival(kernel, ip, packet);
    case PROTOCOL_ICMPV6:
      if (!ip6.icmpEnabled) return drop(ip6, packet, 'protocol');
      return icmpv6Receive(ip6, packet);
    default:
      return walk(ip6, packet, nextHeader, fieldAt);
  }
}

function walk(ip6: Ipv6, packet: NX_PACKET, nextHeader: number, fieldAt: number): Pending {
  const step = walkExtensionHeaders(packet, nextHeader, fieldAt);
  switch (step.action) {
    case 'deliver':
      return ipv6Deliver(ip6, packet, step.nextHeader, step.fieldAt);
    case 'fragment':
      return ip6.reassembly.receive(packet);
    case 'discard':
      return drop(ip6, packet, step.reason);
    case 'problem': {
      const refuse = (refused: NX_PACKET): Pending => {
        ip6.ip.nx_ip_receive_packets_dropped++;
        return parameterProblem(ip6, refused, step.code, step.at, step.toGroups);
      };
      const protocol = packet.nx_packet_memory[step.at] ?? HOP_BY_HOP_OPTIONS;
      // Hop-by-hop options in the wrong place are no protocol of anybody's.
      const isUnknown = step.code === ICMPV6_UNKNOWN_NEXT_HEADER && protocol !== HOP_BY_HOP_OPTIONS;
      if (!isUnknown || !ip6.ip.rawEnabled) return refuse(packet);
      return rawArrival(ip6.kernel, ip6.ip, packet, protocol, refuse);
    }
  }
}

function packetLength(packet: NX_PACKET): number | null {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at } = packet;
  // The header lies in the first packet of a chain; its payload may go on in others.
  const end = packet.nx_packet_next === null ? packet.nx_packet_append_ptr : at + packet.nx_packet_length;
  return ipv6PacketLength(memory, at, end);
}

/** Whether a packet for `::1` comes from somebody else: that address never leaves a host (RFC 4291 section 2.5.3). */
function isFalseLoopback(ip6: Ipv6, memory: Uint8Array, at: number): boolean {
  return isAddressAt(memory, at + IPV6_DESTINATION, LOOPBACK) && !isOwnAddressAt(ip6, memory, at + IPV6_SOURCE);
}

function isForUs(ip6: Ipv6, memory: Uint8Array, at: number, networkInterface: NX_INTERFACE): boolean {
  if (!isMulticastAt(memory, at)) return isOwnAddressAt(ip6, memory, at) || isAddressAt(memory, at, LOOPBACK);
  return (
    isAddressAt(memory, at, ALL_NODES) ||
    hearsSolicitedNodeAt(ip6, memory, at, networkInterface) ||
    ip6.groups.isMemberAt(memory, at, networkInterface)
  );
}
