import type { Kernel } from '../kernel/kernel.ts';
import { NX_LINK_PACKET_BROADCAST, NX_LINK_PACKET_SEND, NX_PHYSICAL_HEADER } from './constants.ts';
import { sendToDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import { deferReceive } from './ip-receive.ts';
import type { NX_IP } from './ip.ts';
import { sendFragments } from './ipv4-fragment.ts';
import { isBroadcast, isLoopback, isMulticast, type Route } from './ipv4-route.ts';
import { groupHardware, groupOf } from './multicast-group.ts';
import { packetBytes, type NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { dropPacket, type DropReason } from './packet-drop.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { BROADCAST, type HardwareAddress } from './wire/ethernet.ts';
import { IPV4_HEADER } from './wire/ipv4.ts';

const NOBODY: HardwareAddress = { msw: 0, lsw: 0 };
/** Where the bit that forbids fragments is in an IPv4 header. */
const FLAGS = 6;
const DONT_FRAGMENT = 0x40;
const MOST_LENGTH = 0xffff;

/**
 * Sends a packet that has its IPv4 header: to this host itself, or by an interface to everybody, to a group, or to the
 * neighbour of its route. A packet longer than the link takes is cut up where that is allowed, and goes nowhere where not;
 * the sender is not told, as in C.
 */
export function ipv4Output(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, way: Route, destination: number): Pending {
  const { networkInterface, nextHop } = way;
  const length = packet.nx_packet_length;
  if (length > MOST_LENGTH) return dropSent(kernel, ip, packet, 'mtu');
  if (destination === networkInterface.nx_interface_ip_address || isLoopback(destination)) {
    loopBack(kernel, ip, packet, networkInterface);
    packetRelease(kernel, packet);
    return null;
  }
  if (length > networkInterface.nx_interface_ip_mtu_size) {
    const flags = packet.nx_packet_memory[packet.nx_packet_prepend_ptr + FLAGS] ?? 0;
    if (ip.reassembly === null || (flags & DONT_FRAGMENT) !== 0) return dropSent(kernel, ip, packet, 'mtu');
  }
  if (networkInterface.nx_interface_address_mapping_needed === 0) {
    return linkTransmit(kernel, ip, networkInterface, NX_LINK_PACKET_SEND, packet, NOBODY);
  }
  if (isBroadcast(networkInterface, destination)) {
    return linkTransmit(kernel, ip, networkInterface, NX_LINK_PACKET_BROADCAST, packet, BROADCAST);
  }
  if (isMulticast(destination)) {
    const isWanted = groupOf(ip, destination, networkInterface)?.loopback === true;
    if (isWanted) loopBack(kernel, ip, packet, networkInterface);
    return linkTransmit(kernel, ip, networkInterface, NX_LINK_PACKET_SEND, packet, groupHardware(destination));
  }
  if (ip.arp === null) {
    ip.nx_ip_transmit_resource_errors++;
    return dropSent(kernel, ip, packet, 'arp-failed');
  }
  return ip.arp.send(networkInterface, nextHop, packet);
}

/**
 * Gives a packet to an interface's driver, in fragments where it is longer than the link takes. ARP sends by this too, so
 * that a packet waits for a neighbour as one, however many fragments it becomes.
 */
export function linkTransmit(
  kernel: Kernel,
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: number,
  packet: NX_PACKET,
  to: HardwareAddress,
): Pending {
  if (networkInterface.nx_interface_link_driver_entry === null) return dropSent(kernel, ip, packet, 'no-link');
  if (packet.nx_packet_length > networkInterface.nx_interface_ip_mtu_size) {
    return sendFragments(kernel, ip, networkInterface, command, packet, to);
  }
  ip.nx_ip_total_packets_sent++;
  ip.nx_ip_total_bytes_sent += packet.nx_packet_length - IPV4_HEADER;
  return sendToDriver(ip, networkInterface, command, packet, to);
}

/** Gives up a packet that was to be sent. */
export function dropSent(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, reason: DropReason): null {
  ip.nx_ip_send_packets_dropped++;
  dropPacket(kernel, packet, reason);
  return null;
}

/** Gives a copy of a packet, from the instance's default pool, to its own receive queue. */
function loopBack(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, networkInterface: NX_INTERFACE): void {
  const pool = ip.defaultPool;
  const copy = pool === null ? null : takePacket(kernel, pool, NX_PHYSICAL_HEADER);
  if (copy !== null) {
    copy.holder = 'stack';
    if (appendBytes(kernel, copy, packetBytes(packet), copy.nx_packet_pool_owner)) {
      ip.nx_ip_total_packets_sent++;
      ip.nx_ip_total_bytes_sent += packet.nx_packet_length - IPV4_HEADER;
      copy.nx_packet_ip_interface = networkInterface;
      deferReceive(kernel, ip, copy);
      return;
    }
    packetRelease(kernel, copy);
  }
  ip.nx_ip_send_packets_dropped++;
  ip.nx_ip_transmit_resource_errors++;
}
