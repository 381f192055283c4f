import type { Kernel } from '../kernel/kernel.ts';
import { NX_SUCCESS } from './constants.ts';
import type { NX_PACKET } from './packet.ts';
import { NX_DRIVER_TX_DONE } from './packet-tx-done.ts';
import { reportDoubleRelease } from './packet-misuse.ts';
import { note } from './packet-note.ts';
import { resume } from '../kernel/waiting.ts';

/** Gives one packet back: to the first that waits for one, or to the free packets. */
function giveBack(kernel: Kernel, packet: NX_PACKET): void {
  const pool = packet.nx_packet_pool_owner;
  const waiter = pool.waiters.first;
  if (waiter?.waitRequest?.kind === 'packet') {
    waiter.waitRequest.deliver(packet);
    resume(kernel, waiter, NX_SUCCESS);
    return;
  }
  note(kernel, packet.release, pool.notesLines);
  packet.nx_packet_next = null;
  packet.queuedIn = null;
  packet.holder = 'free';
  packet.nx_packet_queue_next = pool.free;
  pool.free = packet;
  pool.nx_packet_pool_available++;
  const trace = pool.state?.trace;
  if (trace?.detail === true) {
    trace.record({ type: 'packet-released', pool: pool.nx_packet_pool_name, available: pool.nx_packet_pool_available });
  }
}

/**
 * Releases a packet and all that are chained to it. False, and a report, at the first that cannot be: it was released
 * already, or an upper layer keeps it. The chain behind that one stays as it is.
 */
export function packetRelease(kernel: Kernel, packet: NX_PACKET): boolean {
  for (let part: NX_PACKET | null = packet; part !== null;) {
    if (part.holder === 'free' || part.retained !== null) {
      part.nx_packet_pool_owner.nx_packet_pool_invalid_releases++;
      if (part.holder === 'free') reportDoubleRelease(kernel, part);
      return false;
    }
    const next: NX_PACKET | null = part.nx_packet_next;
    giveBack(kernel, part);
    part = next;
  }
  return true;
}

/**
 * Releases a packet that a driver has sent. One that an upper layer keeps, to send it again, is marked as sent instead,
 * and loses its IP header.
 */
export function packetTransmitRelease(kernel: Kernel, packet: NX_PACKET): boolean {
  if (packet.holder === 'free' || packet.retained === null) return packetRelease(kernel, packet);
  packet.nx_packet_queue_next = NX_DRIVER_TX_DONE;
  packet.nx_packet_prepend_ptr += packet.nx_packet_ip_header_length;
  packet.nx_packet_length -= packet.nx_packet_ip_header_length;
  packet.nx_packet_ip_header_length = 0;
  packet.holder = 'stack';
  return true;
}
