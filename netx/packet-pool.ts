import { TX_TCP_IP, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ServiceOp } from '../kernel/op.ts';
import { resumeAll } from '../kernel/semaphore.ts';
import { WaitList } from '../kernel/wait-list.ts';
import { NX_INVALID_PARAMETERS, NX_NO_PACKET, NX_NO_WAIT, NX_POOL_DELETED, NX_SUCCESS } from './constants.ts';
import { netxState } from './device-state.ts';
import { NX_PACKET, type PacketHolder, type PacketNote } from './packet.ts';

export const PACKET_POOL_ID = 0x5041434b;

/** A packet pool control block: packets of one size in memory that the firmware gave. */
export class NX_PACKET_POOL {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 60;

  nx_packet_pool_id: ULONG = 0;
  nx_packet_pool_name = '';
  /** Packets in the pool, and those of them that are free. */
  nx_packet_pool_total: ULONG = 0;
  nx_packet_pool_available: ULONG = 0;
  /** Requests that found the pool empty, and those of them that waited. */
  nx_packet_pool_empty_requests: ULONG = 0;
  nx_packet_pool_empty_suspensions: ULONG = 0;
  nx_packet_pool_invalid_releases: ULONG = 0;
  nx_packet_pool_payload_size: ULONG = 0;
  readonly waiters = new WaitList(this, NX_NO_PACKET);
  packets: readonly NX_PACKET[] = [];
  /** The free packets; the one released last is handed out first. */
  free: NX_PACKET | null = null;

  get nx_packet_pool_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `a packet of pool '${this.nx_packet_pool_name}'`;
  }
}

const round4 = (size: number): number => (size + 3) & ~3;

/** How many packets of a payload size fit in memory: each takes a control block and its payload. */
export function packetsThatFit(memorySize: number, payloadSize: number): number {
  return Math.floor((memorySize & ~3) / round4(NX_PACKET.sizeof + payloadSize));
}

/** Divides memory into the packets of a pool. */
export function createPool(
  kernel: Kernel,
  pool: NX_PACKET_POOL,
  name: string,
  payloadSize: number,
  memory: Uint8Array,
  size: number,
): void {
  const count = packetsThatFit(size, payloadSize);
  const step = round4(NX_PACKET.sizeof + payloadSize);
  pool.nx_packet_pool_id = PACKET_POOL_ID;
  pool.nx_packet_pool_name = name;
  pool.nx_packet_pool_total = count;
  pool.nx_packet_pool_available = count;
  pool.nx_packet_pool_empty_requests = 0;
  pool.nx_packet_pool_empty_suspensions = 0;
  pool.nx_packet_pool_invalid_releases = 0;
  pool.nx_packet_pool_payload_size = round4(payloadSize);
  pool.packets = Array.from({ length: count }, (_, index) => {
    const start = index * step + NX_PACKET.sizeof;
    return new NX_PACKET(pool, memory, start, (index + 1) * step);
  });
  pool.free = null;
  for (const packet of pool.packets.toReversed()) {
    packet.nx_packet_queue_next = pool.free;
    pool.free = packet;
  }
  netxState(kernel).pools.add(pool);
}

export function deletePool(kernel: Kernel, pool: NX_PACKET_POOL): void {
  pool.nx_packet_pool_id = 0;
  netxState(kernel).pools.delete(pool);
  resumeAll(kernel, pool.waiters, NX_POOL_DELETED);
}

function note(kernel: Kernel, into: PacketNote): void {
  const { op, context } = kernel;
  into.service = op.service;
  into.thread = context === 'isr' || context === 'init' ? context : (kernel.current?.tx_thread_name ?? '');
  into.time = kernel.now;
  into.site = op.site;
}

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
  packet.checksumPending = false;
}

/** A packet now, or null where none is free or the type does not fit. */
export function takePacket(kernel: Kernel, pool: NX_PACKET_POOL, type: number): NX_PACKET | null {
  const packet = pool.free;
  if (packet === null || type > pool.nx_packet_pool_payload_size) return null;
  pool.free = packet.nx_packet_queue_next;
  pool.nx_packet_pool_available--;
  prepare(packet, type);
  packet.holder = 'application';
  note(kernel, packet.allocation);
  const { trace } = netxState(kernel);
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
    const wanted: PacketNote = { service: '', thread: '', time: 0, site: null };
    note(kernel, wanted);
    const deliver = (given: NX_PACKET): void => {
      prepare(given, type);
      given.holder = 'application';
      Object.assign(given.allocation, wanted, { time: kernel.now });
      packetOut.value = given;
    };
    thread.waitRequest = { kind: 'packet', deliver };
  }
  return kernel.suspendCurrent(TX_TCP_IP, pool.waiters, waitOption);
}

const describeNote = ({ service, thread, site }: PacketNote): string => {
  const place = site?.text ?? null;
  return `${service}() in thread '${thread}'${place === null ? '' : ` at ${place}`}`;
};

/** Gives one packet back: to the first that waits for one, or to the free packets. */
function giveBack(kernel: Kernel, packet: NX_PACKET): void {
  const pool = packet.nx_packet_pool_owner;
  note(kernel, packet.release);
  packet.nx_packet_next = null;
  const waiter = pool.waiters.first;
  if (waiter?.waitRequest?.kind === 'packet') {
    waiter.waitRequest.deliver(packet);
    kernel.resume(waiter, NX_SUCCESS);
    return;
  }
  packet.holder = 'free';
  packet.nx_packet_queue_next = pool.free;
  pool.free = packet;
  pool.nx_packet_pool_available++;
  const { trace } = netxState(kernel);
  if (trace?.detail === true) {
    trace.record({ type: 'packet-released', pool: pool.nx_packet_pool_name, available: pool.nx_packet_pool_available });
  }
}

/** Releases a packet and all that are chained to it; false (and a report) where it was released already. */
export function packetRelease(kernel: Kernel, packet: NX_PACKET): boolean {
  if (packet.holder === 'free') {
    const pool = packet.nx_packet_pool_owner;
    pool.nx_packet_pool_invalid_releases++;
    const again: PacketNote = { service: '', thread: '', time: 0, site: null };
    note(kernel, again);
    netxState(kernel).trace?.record({
      type: 'packet-misuse',
      kind: 'double-release',
      pool: pool.nx_packet_pool_name,
      allocated: describeNote(packet.allocation),
      released: describeNote(packet.release),
      again: describeNote(again),
    });
    return false;
  }
  for (let part: NX_PACKET | null = packet; part !== null;) {
    const next: NX_PACKET | null = part.nx_packet_next;
    giveBack(kernel, part);
    part = next;
  }
  return true;
}

/** Hands a chain of packets over to another holder. */
export function passTo(packet: NX_PACKET, holder: Exclude<PacketHolder, 'free'>): void {
  for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) part.holder = holder;
}

/** Hands a received packet to the application: from here on it counts as allocated by the service that gave it. */
export function takeOver(kernel: Kernel, packet: NX_PACKET, service: string): void {
  passTo(packet, 'application');
  note(kernel, packet.allocation);
  packet.allocation.service = service;
}

/** The packets of a pool that are not free. */
export function heldPackets(pool: NX_PACKET_POOL): readonly NX_PACKET[] {
  return pool.packets.filter((packet) => packet.holder !== 'free');
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
