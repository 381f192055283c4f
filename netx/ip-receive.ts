import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_ARP_REC_EVENT, NX_IP_RARP_REC_EVENT, NX_IP_RECEIVE_EVENT } from './constants.ts';
import { IP_ID, type NX_IP } from './ip.ts';
import { ipv4Receive } from './ipv4-receive.ts';
import type { NX_PACKET } from './packet.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease } from './packet-pool.ts';
import type { PacketQueue } from './packet-queue.ts';
import type { Pending } from './pending.ts';

/** Lets a received packet wait for the IP thread; of an instance that was deleted, it is released. */
function defer(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, queue: PacketQueue, event: number): void {
  if (ip.nx_ip_id !== IP_ID) {
    packetRelease(kernel, packet);
    return;
  }
  packet.holder = 'stack';
  // Drivers for one interface need not say which.
  packet.nx_packet_ip_interface ??= ip.nx_ip_interface[0] ?? null;
  queue.push(packet);
  if (queue.length === 1) eventFlagsSet(kernel, ip.nx_ip_events, event);
}

/** Hands a received IP packet to the IP thread (C: `_nx_ip_packet_deferred_receive`); drivers call it as ISR. */
export function deferReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  defer(kernel, ip, packet, ip.deferred, NX_IP_RECEIVE_EVENT);
}

/** Hands a received ARP packet to the IP thread (C: `_nx_arp_packet_deferred_receive`). */
export function deferArp(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  defer(kernel, ip, packet, ip.deferredArp, NX_IP_ARP_REC_EVENT);
}

/** Hands a received RARP packet to the IP thread (C: `_nx_rarp_packet_deferred_receive`). */
export function deferRarp(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  defer(kernel, ip, packet, ip.deferredRarp, NX_IP_RARP_REC_EVENT);
}

/** Deals with an IP packet in the IP thread: hands it to the version of IP that it is of. */
export function ipReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  ip.nx_ip_total_packets_received++;
  kernel.op.charge += kernel.cpu.model.service;
  const version = (packet.nx_packet_memory[packet.nx_packet_prepend_ptr] ?? 0) >> 4;
  if (version === 4) return ipv4Receive(kernel, ip, packet);
  if (version === 6 && ip.ipv6 !== null) return ip.ipv6.arrival(packet);
  ip.nx_ip_invalid_packets++;
  ip.nx_ip_receive_packets_dropped++;
  dropPacket(kernel, packet, 'ip-header');
  return null;
}
