import type { Kernel } from '../kernel/kernel.ts';
import { NX_DONT_FRAGMENT, NX_IP_VERSION_V4, NX_LINK_PACKET_BROADCAST, NX_RECEIVE_PACKET } from './constants.ts';
import { sendToDriver } from './driver-call.ts';
import { deferReceive } from './ip-receive.ts';
import type { NX_IP } from './ip.ts';
import { isBroadcast, isOwnAddress, type Route } from './ipv4-route.ts';
import { packetBytes, prepend, type NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { BROADCAST } from './wire/ethernet.ts';
import { emitIpv4Header, IPV4_HEADER } from './wire/ipv4.ts';

/** What the transport layer decides of an IPv4 header. */
export interface Ipv4Options {
  readonly tos: number;
  readonly ttl: number;
  readonly fragment: number;
  readonly protocol: number;
}

/**
 * Puts the IPv4 header before a packet and sends it on its way. The caller has made sure that there is room for the
 * header, and holds the IP mutex; the stack owns the packet from here on.
 */
export function ipv4Send(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  way: Route,
  source: number,
  destination: number,
  options: Ipv4Options,
): Pending {
  prepend(packet, IPV4_HEADER);
  packet.nx_packet_ip_version = NX_IP_VERSION_V4;
  const identification = ip.nextIdentification;
  ip.nextIdentification = (identification + 1) & 0xffff;
  const header = {
    tos: options.tos,
    totalLength: packet.nx_packet_length,
    identification,
    dontFragment: options.fragment === NX_DONT_FRAGMENT,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: options.ttl,
    protocol: options.protocol,
    source,
    destination,
  };
  emitIpv4Header(header, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  ip.nx_ip_total_packets_sent++;
  const { networkInterface, nextHop } = way;
  if (isOwnAddress(ip, destination) || destination >>> 24 === 127) {
    loopBack(kernel, ip, packet, way);
    return null;
  }
  if (packet.nx_packet_length > networkInterface.nx_interface_ip_mtu_size) return drop(kernel, ip, packet, 'mtu');
  if (isBroadcast(networkInterface, destination)) {
    return sendToDriver(ip, networkInterface, NX_LINK_PACKET_BROADCAST, packet, BROADCAST);
  }
  if (ip.arp === null) return drop(kernel, ip, packet, 'arp-failed');
  return ip.arp.send(networkInterface, nextHop, packet);
}

/** A packet longer than the link takes, or to a neighbour that cannot be asked for, goes nowhere, as in C. */
function drop(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, reason: 'mtu' | 'arp-failed'): null {
  ip.nx_ip_send_packets_dropped++;
  dropPacket(kernel, packet, reason);
  return null;
}

/** Gives a copy of a packet to the instance's own receive queue. */
function loopBack(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, way: Route): void {
  const copy = ip.defaultPool === null ? null : takePacket(kernel, ip.defaultPool, NX_RECEIVE_PACKET);
  if (copy !== null) {
    copy.holder = 'stack';
    if (appendBytes(kernel, copy, packetBytes(packet), copy.nx_packet_pool_owner)) {
      copy.nx_packet_ip_interface = way.networkInterface;
      deferReceive(kernel, ip, copy);
    } else {
      packetRelease(kernel, copy);
    }
  }
  packetRelease(kernel, packet);
}
