import type { NX_PACKET } from './packet.ts';
import { addBytes, foldChecksum } from './wire/checksum.ts';

/** Adds the payload of a packet, and of those chained to it, to an Internet checksum's sum. */
export function addPacket(sum: number, packet: NX_PACKET): number {
  let total = sum;
  let odd = false;
  for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) {
    const { nx_packet_memory: memory, nx_packet_prepend_ptr: start, nx_packet_append_ptr: end } = part;
    const piece = addBytes(0, memory, start, end);
    // Bytes that begin at an odd place count in the other half of their word.
    total += odd ? swapSum(piece) : piece;
    if (((end - start) & 1) === 1) odd = !odd;
  }
  return total;
}

function swapSum(sum: number): number {
  const folded = ~foldChecksum(sum) & 0xffff;
  return ((folded & 0xff) << 8) | (folded >>> 8);
}
