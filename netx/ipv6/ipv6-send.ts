import { NX_IP_VERSION_V6, NX_LINK_PACKET_SEND, NX_PHYSICAL_HEADER } from '../constants.ts';
import { sendToDriver } from '../driver-call.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { deferReceive } from '../ip-receive.ts';
import { packetBytes, prepend, type NX_PACKET } from '../packet.ts';
import { appendBytes } from '../packet-data.ts';
import { dropPacket, type DropReason } from '../packet-drop.ts';
import { packetRelease, takePacket } from '../packet-pool.ts';
import type { Pending } from '../pending.ts';
import { emitIpv6Header, IPV6_HEADER, type Ipv6Address } from '../wire/ipv6.ts';
import { groupHardware, isLoopback, isMulticast } from './address.ts';
import type { Ipv6 } from './ipv6.ts';
import { nextHopOf } from './next-hop.ts';
import { ownAddress } from './own-addresses.ts';
import { pathMtu, toLink } from './to-link.ts';

/** What goes into the header of a packet, and where it leaves. */
export interface Ipv6Way {
  readonly networkInterface: NX_INTERFACE;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly trafficClass: number;
  /** Drop the packet rather than send it in fragments. */
  readonly dontFragment: boolean;
  /** The destination is on the link, whatever its address says: neighbor discovery. */
  readonly onLink?: boolean;
}

/**
 * Puts the IPv6 header before a packet and sends it on its way. The caller has made sure that there is room for the header,
 * and holds the IP mutex; the stack owns the packet from here on.
 */
export function ipv6Send(ip6: Ipv6, packet: NX_PACKET, way: Ipv6Way): Pending {
  const { networkInterface, source, destination, nextHeader, hopLimit, trafficClass } = way;
  const payloadLength = packet.nx_packet_length;
  if (payloadLength > 0xffff || !prepend(packet, IPV6_HEADER)) return drop(ip6, packet, 'mtu');
  const header = { trafficClass, flowLabel: 0, payloadLength, nextHeader, hopLimit, source, destination };
  emitIpv6Header(header, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  packet.nx_packet_ip_version = NX_IP_VERSION_V6;
  ip6.ip.nx_ip_total_packets_sent++;
  if (isLoopback(destination) || ownAddress(ip6, destination) !== null) {
    loopBack(ip6, packet, networkInterface);
    return null;
  }
  // Nothing leaves by the loopback interface, which has no driver.
  if (networkInterface.nx_interface_link_driver_entry === null) return drop(ip6, packet, 'no-link');
  if (packet.nx_packet_length > pathMtu(ip6, networkInterface, packet)) {
    if (way.dontFragment || ip6.ip.reassembly === null) return drop(ip6, packet, 'mtu');
  }
  if (isMulticast(destination)) {
    const to = groupHardware(destination);
    if (packet.nx_packet_length <= ip6.linkMtu(networkInterface)) {
      return sendToDriver(ip6.ip, networkInterface, NX_LINK_PACKET_SEND, packet, to);
    }
    return toLink(ip6, networkInterface, packet, to);
  }
  const nextHop = way.onLink === true ? destination : nextHopOf(ip6, networkInterface, destination);
  if (nextHop === null) return drop(ip6, packet, 'neighbor-failed');
  return ip6.neighbors.send(networkInterface, source, nextHop, packet);
}

/** A packet that is too long, or to where there is no way, goes nowhere, as in C. */
function drop(ip6: Ipv6, packet: NX_PACKET, reason: DropReason): null {
  ip6.ip.nx_ip_send_packets_dropped++;
  dropPacket(ip6.kernel, packet, reason);
  return null;
}

/** Gives a copy of a packet, with room for the link's header as in a received one, to the instance's own receive queue. */
function loopBack({ kernel, ip }: Ipv6, packet: NX_PACKET, networkInterface: NX_INTERFACE): void {
  const copy = ip.defaultPool === null ? null : takePacket(kernel, ip.defaultPool, NX_PHYSICAL_HEADER);
  if (copy !== null) {
    copy.holder = 'stack';
    if (appendBytes(kernel, copy, packetBytes(packet), copy.nx_packet_pool_owner)) {
      copy.nx_packet_ip_interface = networkInterface;
      deferReceive(kernel, ip, copy);
    } else {
      packetRelease(kernel, copy);
    }
  }
  packetRelease(kernel, packet);
}
