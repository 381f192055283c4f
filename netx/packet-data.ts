import type { Kernel } from '../kernel/kernel.ts';
import { NX_NO_PACKET, NX_NOT_SUPPORTED, NX_RECEIVE_PACKET, NX_SUCCESS, NX_UNDERFLOW } from './constants.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease, takePacket, type NX_PACKET_POOL } from './packet-pool.ts';

/** Packets beyond the last of a chain that `length` more bytes need. */
export function packetsNeeded(packet: NX_PACKET, length: number, pool: NX_PACKET_POOL): number {
  let room = 0;
  for (let part: NX_PACKET | null = packet.nx_packet_last ?? packet; part !== null; part = part.nx_packet_next) {
    room += part.nx_packet_data_end - part.nx_packet_append_ptr;
  }
  return length <= room ? 0 : Math.ceil((length - room) / pool.nx_packet_pool_payload_size);
}

/** Chains a packet, with those chained to it, to the end of a chain. */
export function chain(packet: NX_PACKET, part: NX_PACKET): void {
  let last = packet.nx_packet_last ?? packet;
  while (last.nx_packet_next !== null) last = last.nx_packet_next;
  last.nx_packet_next = part;
  packet.nx_packet_last = part.nx_packet_last ?? part;
  part.nx_packet_last = null;
  for (let each: NX_PACKET | null = part; each !== null; each = each.nx_packet_next) each.holder = packet.holder;
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
  if (needed > pool.nx_packet_pool_available || (needed > 0 && !pool.chains)) return false;
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

/**
 * Makes room for a header before the payload, within the first packet: the payload moves towards the end, and what has
 * no room there goes into a packet that is chained behind it.
 *
 * @param size - bytes of header
 * @returns `NX_SUCCESS`; `NX_UNDERFLOW` where the packet could not hold the header, or chains are not built in;
 *   `NX_NOT_SUPPORTED` for a header of odd size where a packet has to be chained; `NX_NO_PACKET`
 */
export function adjustData(kernel: Kernel, packet: NX_PACKET, size: number): number {
  const { nx_packet_data_start: start, nx_packet_data_end: end, nx_packet_memory: memory } = packet;
  const { nx_packet_prepend_ptr: from, nx_packet_append_ptr: to, nx_packet_pool_owner: pool } = packet;
  if (end - start < size) return NX_UNDERFLOW;
  if (from - start >= size) return NX_SUCCESS;
  const excess = Math.max(0, start + size + (to - from) - end);
  if (excess > 0) {
    if (!pool.chains) return NX_UNDERFLOW;
    // An odd piece would upset the checksums of C, which go over each packet's words.
    if ((size & 1) === 1) return NX_NOT_SUPPORTED;
    const part = takePacket(kernel, pool, NX_RECEIVE_PACKET);
    if (part === null) {
      pool.nx_packet_pool_empty_requests++;
      return NX_NO_PACKET;
    }
    part.holder = packet.holder;
    part.nx_packet_memory.set(memory.subarray(to - excess, to), part.nx_packet_prepend_ptr);
    part.nx_packet_append_ptr += excess;
    part.nx_packet_next = packet.nx_packet_next;
    packet.nx_packet_next = part;
    packet.nx_packet_last ??= part;
  }
  memory.copyWithin(start + size, from, to - excess);
  packet.nx_packet_prepend_ptr = start + size;
  packet.nx_packet_append_ptr = start + size + (to - excess - from);
  return NX_SUCCESS;
}

/** Cuts what was chained behind `last` off again. */
export function unchain(kernel: Kernel, packet: NX_PACKET, last: NX_PACKET): void {
  const extra = last.nx_packet_next;
  last.nx_packet_next = null;
  packet.nx_packet_last = last === packet ? null : last;
  if (extra !== null) packetRelease(kernel, extra);
}
