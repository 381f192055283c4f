import { TX_TCP_IP, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ServiceOp } from '../kernel/op.ts';
import { NX_INVALID_PARAMETERS, NX_NO_PACKET, NX_NO_WAIT, NX_SUCCESS } from './constants.ts';
import type { NX_PACKET } from './packet.ts';
import { newNote, note } from './packet-note.ts';
import type { NX_PACKET_POOL } from './packet-pool-block.ts';
import { noteShortage } from './packet-shortage.ts';
import { suspendCurrent } from '../kernel/waiting.ts';

/** Prepares a packet for its new holder: empty, with room for the headers of its type. */
function prepare(packet: NX_PACKET, type: number): void {
  packet.nx_packet_prepend_ptr = packet.nx_packet_data_start + type;
  packet.nx_packet_append_ptr = packet.nx_packet_prepend_ptr;
  packet.nx_packet_length = 0;
  packet.nx_packet_next = null;
  packet.nx_packet_last = null;
  packet.nx_packet_queue_next = null;
  packet.nx_packet_ip_interface = null;
  packet.nx_packet_ip_version = 0;
  packet.nx_packet_ip_header_length = 0;
  packet.checksumPending = false;
  packet.holder = 'application';
  packet.release.service = '';
  packet.type = type;
  packet.retained = null;
  packet.queuedIn = null;
}

/** A packet now, or null where none is free or the type does not fit. */
export function takePacket(kernel: Kernel, pool: NX_PACKET_POOL, type: number): NX_PACKET | null {
  const packet = pool.free;
  if (packet === null) {
    noteShortage(kernel, pool);
    return null;
  }
  if (type > pool.nx_packet_pool_payload_size) return null;
  if (pool.shortage !== null) pool.shortage.unmet = 0;
  pool.free = packet.nx_packet_queue_next;
  pool.nx_packet_pool_available--;
  prepare(packet, type);
  note(kernel, packet.allocation, pool.notesLines);
  const trace = pool.state?.trace;
  if (trace?.detail === true) {
    trace.record({
      type: 'packet-allocated',
      pool: pool.nx_packet_pool_name,
      available: pool.nx_packet_pool_available,
    });
  }
  return packet;
}

/** Allocates a packet, waiting for one where that is asked for. */
export function packetAllocate(
  kernel: Kernel,
  pool: NX_PACKET_POOL,
  packetOut: { value: NX_PACKET },
  type: number,
  waitOption: ULONG,
): ServiceOp {
  if (type > pool.nx_packet_pool_payload_size) return kernel.finish(NX_INVALID_PARAMETERS);
  const packet = takePacket(kernel, pool, type);
  if (packet !== null) {
    packetOut.value = packet;
    return kernel.finish(NX_SUCCESS);
  }
  pool.nx_packet_pool_empty_requests++;
  if (waitOption === NX_NO_WAIT) return kernel.finish(NX_NO_PACKET);
  pool.nx_packet_pool_empty_suspensions++;
  const thread = kernel.current;
  if (thread !== null) {
    const wanted = newNote();
    note(kernel, wanted, pool.notesLines);
    const deliver = (given: NX_PACKET): void => {
      prepare(given, type);
      Object.assign(given.allocation, wanted, { time: kernel.now });
      packetOut.value = given;
    };
    thread.waitRequest = { kind: 'packet', deliver };
  }
  return suspendCurrent(kernel, TX_TCP_IP, pool.waiters, waitOption);
}

/** What a thread that waits for a packet asked for. */
export interface PacketRequest {
  readonly kind: 'packet';
  deliver(packet: NX_PACKET): void;
}

declare module '../kernel/thread.ts' {
  interface RequestKinds {
    readonly packet: PacketRequest;
  }
}
