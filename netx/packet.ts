import type { CallSite } from '../kernel/call-site.ts';
import type { ULONG } from '../kernel/constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_PACKET_POOL } from './packet-pool.ts';

/** Who is responsible for a packet at the moment; a driver is from the request to send it until it releases it. */
export type PacketHolder = 'free' | 'application' | 'stack' | 'driver';

/** Where and when a packet was allocated or released. */
export interface PacketNote {
  service: string;
  thread: string;
  /** Virtual time in nanoseconds. */
  time: number;
  site: CallSite | null;
}

/**
 * A packet: bytes in its pool's memory. The pointers are addresses in {@link NX_PACKET.nx_packet_memory}; the payload
 * lies between prepend and append pointer, and may go on in the next packet of the chain.
 */
export class NX_PACKET {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 60;

  /** The memory in which the packet lies: that which the firmware gave to its pool. */
  readonly nx_packet_memory: Uint8Array;
  readonly nx_packet_pool_owner: NX_PACKET_POOL;
  /** First and last address of the packet's payload area. */
  readonly nx_packet_data_start: number;
  readonly nx_packet_data_end: number;
  nx_packet_prepend_ptr: number;
  nx_packet_append_ptr: number;
  /** Bytes of the whole chain; valid in its first packet. */
  nx_packet_length: ULONG = 0;
  nx_packet_next: NX_PACKET | null = null;
  nx_packet_last: NX_PACKET | null = null;
  nx_packet_queue_next: NX_PACKET | null = null;
  nx_packet_ip_interface: NX_INTERFACE | null = null;

  holder: PacketHolder = 'free';
  readonly allocation: PacketNote = { service: '', thread: '', time: 0, site: null };
  readonly release: PacketNote = { service: '', thread: '', time: 0, site: null };
  /** Version of the IP header that was before the payload when the packet was received: 4, 6, or 0 for none. */
  nx_packet_ip_version = 0;
  /** Where in the memory that header is, and its length with all options and extension headers, in bytes. */
  nx_packet_ip_header = 0;
  nx_packet_ip_header_length = 0;
  /** Port that a received datagram came from. */
  sourcePort = 0;
  /** Sum over the bytes of the UDP datagram still has to be checked. */
  checksumPending = false;

  constructor(pool: NX_PACKET_POOL, memory: Uint8Array, start: number, end: number) {
    this.nx_packet_pool_owner = pool;
    this.nx_packet_memory = memory;
    this.nx_packet_data_start = start;
    this.nx_packet_data_end = end;
    this.nx_packet_prepend_ptr = start;
    this.nx_packet_append_ptr = start;
  }
}

/** The payload of a packet and of those chained to it, copied. */
export function packetBytes(packet: NX_PACKET): Uint8Array {
  if (packet.nx_packet_next === null) {
    return packet.nx_packet_memory.slice(packet.nx_packet_prepend_ptr, packet.nx_packet_append_ptr);
  }
  const bytes = new Uint8Array(packet.nx_packet_length);
  let at = 0;
  for (let part: NX_PACKET | null = packet; part !== null && at < bytes.length; part = part.nx_packet_next) {
    const piece = part.nx_packet_memory.subarray(part.nx_packet_prepend_ptr, part.nx_packet_append_ptr);
    bytes.set(piece.subarray(0, bytes.length - at), at);
    at += piece.length;
  }
  return bytes;
}

/** The payload of a packet where it lies; copied only where it goes on in other packets. */
export function packetView(packet: NX_PACKET): Uint8Array {
  if (packet.nx_packet_next !== null) return packetBytes(packet);
  return packet.nx_packet_memory.subarray(packet.nx_packet_prepend_ptr, packet.nx_packet_append_ptr);
}

/** Takes bytes off the front of a packet, in its first packet only: a header that was read. */
export function strip(packet: NX_PACKET, bytes: number): void {
  packet.nx_packet_prepend_ptr += bytes;
  packet.nx_packet_length -= bytes;
}

/** Makes the packet longer at its front, for a header to be written; false where there is no room. */
export function prepend(packet: NX_PACKET, bytes: number): boolean {
  if (packet.nx_packet_prepend_ptr - bytes < packet.nx_packet_data_start) return false;
  packet.nx_packet_prepend_ptr -= bytes;
  packet.nx_packet_length += bytes;
  return true;
}

/** Cuts a chain to a length, for padding to be left off; what is emptied stays chained. */
export function truncate(packet: NX_PACKET, length: number): void {
  if (packet.nx_packet_length <= length) return;
  packet.nx_packet_length = length;
  let left = length;
  for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) {
    const size = part.nx_packet_append_ptr - part.nx_packet_prepend_ptr;
    if (size > left) part.nx_packet_append_ptr = part.nx_packet_prepend_ptr + left;
    left -= Math.min(size, left);
  }
}
