import type { ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { out, type Out } from '../kernel/out.ts';
import { NX_INVALID_PACKET, NX_RECEIVE_PACKET, NX_SIZE_ERROR, NX_SUCCESS } from './constants.ts';
import type { NX_PACKET } from './packet.ts';
import { chain, packetsNeeded, writeBytes } from './packet-data.ts';
import { packetAllocate, packetRelease, type NX_PACKET_POOL } from './packet-pool.ts';

type Waiting = Generator<Suspension, number, unknown>;

/**
 * Appends bytes that take further packets. They are chained once all of them are there, so that a packet whose owner
 * waits for them is whole at any time.
 */
export function* extendAndWrite(
  kernel: Kernel,
  packet: NX_PACKET,
  bytes: Uint8Array,
  pool: NX_PACKET_POOL,
  waitOption: ULONG,
): Waiting {
  const needed = packetsNeeded(packet, bytes.length, pool);
  if (needed > 0 && !pool.chains) return NX_SIZE_ERROR;
  let more: NX_PACKET | null = null;
  for (let count = 0; count < needed; count++) {
    const cell = out<NX_PACKET>();
    const status = yield* packetAllocate(kernel, pool, cell, NX_RECEIVE_PACKET, waitOption);
    if (status !== NX_SUCCESS) {
      if (more !== null) packetRelease(kernel, more);
      return status;
    }
    if (more === null) more = cell.value;
    else chain(more, cell.value);
  }
  const last = packet.nx_packet_last ?? packet;
  if (more !== null) chain(packet, more);
  writeBytes(packet, last, bytes);
  return yield* kernel.finish(NX_SUCCESS);
}

/** Copies a packet with what lies before its payload, as far as that fits the pool's packets. */
export function* copyPacket(
  kernel: Kernel,
  packet: NX_PACKET,
  packetOut: Out<NX_PACKET>,
  pool: NX_PACKET_POOL,
  waitOption: ULONG,
): Waiting {
  const cell = out<NX_PACKET>();
  const allocated = yield* packetAllocate(kernel, pool, cell, NX_RECEIVE_PACKET, waitOption);
  if (allocated !== NX_SUCCESS) return allocated;
  const copy = cell.value;
  const { nx_packet_data_start: start, nx_packet_prepend_ptr: payload } = packet;
  const headroom = Math.min(payload - start, pool.nx_packet_pool_payload_size);
  let from = payload - headroom;
  for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) {
    if (part !== packet) from = part.nx_packet_prepend_ptr;
    const bytes = part.nx_packet_memory.subarray(from, part.nx_packet_append_ptr);
    const status = yield* extendAndWrite(kernel, copy, bytes, pool, waitOption);
    if (status !== NX_SUCCESS) {
      packetRelease(kernel, copy);
      return status;
    }
  }
  copy.nx_packet_prepend_ptr = copy.nx_packet_data_start + headroom;
  copy.nx_packet_length -= headroom;
  copy.nx_packet_ip_interface = packet.nx_packet_ip_interface;
  if (headroom === payload - start) {
    // The headers before the payload are there in the copy too, the sender's address among them.
    copy.nx_packet_ip_version = packet.nx_packet_ip_version;
    copy.nx_packet_ip_header = packet.nx_packet_ip_header - start + copy.nx_packet_data_start;
    copy.nx_packet_ip_header_length = packet.nx_packet_ip_header_length;
    copy.sourcePort = packet.sourcePort;
  }
  copy.type = headroom;
  if (copy.nx_packet_length !== packet.nx_packet_length) {
    packetRelease(kernel, copy);
    return NX_INVALID_PACKET;
  }
  packetOut.value = copy;
  return yield* kernel.finish(NX_SUCCESS);
}
