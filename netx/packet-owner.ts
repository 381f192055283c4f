import type { Kernel } from '../kernel/kernel.ts';
import type { NX_PACKET, PacketHolder } from './packet.ts';
import { note } from './packet-note.ts';

/** Hands a chain of packets over to another holder. */
export function passTo(packet: NX_PACKET, holder: Exclude<PacketHolder, 'free'>): void {
  for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) part.holder = holder;
}

/** Hands a packet that the application sends to the stack; the call is what later reports name. */
export function handOver(kernel: Kernel, packet: NX_PACKET): void {
  passTo(packet, 'stack');
  note(kernel, packet.release, packet.nx_packet_pool_owner.notesLines);
}

/** Hands a received packet to the application: from here on it counts as allocated by the service that gave it. */
export function takeOver(kernel: Kernel, packet: NX_PACKET, service: string): void {
  passTo(packet, 'application');
  note(kernel, packet.allocation, packet.nx_packet_pool_owner.notesLines);
  packet.allocation.service = service;
  packet.release.service = '';
  packet.queuedIn = null;
  for (let part = packet.nx_packet_next; part !== null; part = part.nx_packet_next) {
    Object.assign(part.allocation, packet.allocation);
  }
}
