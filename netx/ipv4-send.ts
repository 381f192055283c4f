import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_DONT_FRAGMENT, NX_LINK_PACKET_BROADCAST, NX_RECEIVE_PACKET } from './constants.ts';
import { netxState } from './device-state.ts';
import { callDriver } from './driver-call.ts';
import { deferReceive } from './ip-receive.ts';
import { isBroadcast, isOwnAddress, type NX_IP, type Route } from './ip.ts';
import { prepend, type NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import { packetBytes } from './packet.ts';
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
export function* ipv4Send(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  way: Route,
  source: number,
  destination: number,
  options: Ipv4Options,
): Generator<Suspension, void, unknown> {
  prepend(packet, IPV4_HEADER);
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
  } else if (packet.nx_packet_length > networkInterface.nx_interface_ip_mtu_size) {
    drop(kernel, ip, packet);
  } else if (isBroadcast(networkInterface, destination)) {
    yield* callDriver(ip, networkInterface, NX_LINK_PACKET_BROADCAST, packet, BROADCAST);
  } else if (ip.arp === null) {
    drop(kernel, ip, packet);
  } else {
    yield* ip.arp.send(networkInterface, nextHop, packet);
  }
}

/** A packet longer than the link takes, or to a neighbour that cannot be asked for, goes nowhere, as in C. */
function drop(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  ip.nx_ip_send_packets_dropped++;
  const detail = `${packet.nx_packet_length} bytes`;
  netxState(kernel).trace?.record({ type: 'datagram-dropped', reason: ip.arp === null ? 'arp-failed' : 'mtu', detail });
  packetRelease(kernel, packet);
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
