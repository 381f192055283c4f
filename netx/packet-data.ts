import type { Kernel } from '../kernel/kernel.ts';
import { NX_RECEIVE_PACKET } from './constants.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease, takePacket, type NX_PACKET_POOL } from './packet-pool.ts';

/** Packets beyond the last of a chain that `length` more bytes need. */
export function packetsNeeded(packet: NX_PACKET, length: number, pool: NX_PACKET_POOL): number {
  const last = packet.nx_packet_last ?? packet;
  const room = last.nx_packet_data_end - last.nx_packet_append_ptr;
  return length <= room ? 0 : Math.ceil((length - room) / pool.nx_packet_pool_payload_size);
}

/** Chains an empty packet to the end of a chain. */
export function chain(packet: NX_PACKET, part: NX_PACKET): void {
  (packet.nx_packet_last ?? packet).nx_packet_next = part;
  packet.nx_packet_last = part;
  part.holder = packet.holder;
}

/** Writes bytes behind the payload of a chain that has room for them. */
export function writeBytes(packet: NX_PACKET, firstEmpty: NX_PACKET, bytes: Uint8Array): void {
  let at = 0;
  for (let part: NX_PACKET | null = firstEmpty; part !== null && at < bytes.length; part = part.nx_packet_next) {
    const size = Math.min(bytes.length - at, part.nx_packet_data_end - part.nx_packet_append_ptr);
    part.nx_packet_memory.set(bytes.subarray(at, at + size), part.nx_packet_append_ptr);
    part.nx_packet_append_ptr += size;
    at += size;
  }
  packet.nx_packet_length += bytes.length;
}

/** Appends bytes without waiting, chaining further packets; false, and nothing appended, where there are too few. */
export function appendBytes(kernel: Kernel, packet: NX_PACKET, bytes: Uint8Array, pool: NX_PACKET_POOL): boolean {
  const needed = packetsNeeded(packet, bytes.length, pool);
  if (needed > pool.nx_packet_pool_available) return false;
  const last = packet.nx_packet_last ?? packet;
  for (let count = 0; count < needed; count++) {
    const part = takePacket(kernel, pool, NX_RECEIVE_PACKET);
    if (part !== null) chain(packet, part);
  }
  writeBytes(packet, last, bytes);
  return true;
}

/** Copies `length` bytes of a chain's payload, from an offset on, into a buffer; gives how many there were. */
export function copyOut(packet: NX_PACKET, offset: number, into: Uint8Array, length: number): number {
  let skip = offset;
  let copied = 0;
  for (let part: NX_PACKET | null = packet; part !== null && copied < length; part = part.nx_packet_next) {
    const size = part.nx_packet_append_ptr - part.nx_packet_prepend_ptr;
    if (skip < size) {
      const take = Math.min(size - skip, length - copied);
      const from = part.nx_packet_prepend_ptr + skip;
      into.set(part.nx_packet_memory.subarray(from, from + take), copied);
      copied += take;
    }
    skip = Math.max(0, skip - size);
  }
  return copied;
}

/** Cuts what was chained behind `last` off again. */
export function unchain(kernel: Kernel, packet: NX_PACKET, last: NX_PACKET): void {
  const extra = last.nx_packet_next;
  last.nx_packet_next = null;
  packet.nx_packet_last = last === packet ? null : last;
  if (extra !== null) packetRelease(kernel, extra);
}
