import { flagMacro } from '../kernel/config.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { resumeAll } from '../kernel/semaphore.ts';
import { NX_POOL_DELETED } from './constants.ts';
import { netxState } from './device-state.ts';
import { NX_PACKET } from './packet.ts';
import type { PacketLayout } from './packet-layout.ts';
import { PACKET_POOL_ID, type NX_PACKET_POOL } from './packet-pool-block.ts';

export { packetAllocate, takePacket, type PacketRequest } from './packet-allocate.ts';
export { handOver, passTo, takeOver } from './packet-owner.ts';
export { belowLowWatermark, isPool, NX_PACKET_POOL, PACKET_POOL_ID } from './packet-pool-block.ts';
export { packetRelease, packetTransmitRelease } from './packet-release.ts';

/** What a pool is created from. */
export interface PoolParts {
  readonly name: string;
  readonly memory: Uint8Array;
  readonly size: number;
  readonly layout: PacketLayout;
}

/** Divides memory into the packets of a pool. */
export function createPool(kernel: Kernel, pool: NX_PACKET_POOL, { name, memory, size, layout }: PoolParts): void {
  const { first, header, payload, count } = layout;
  pool.nx_packet_pool_id = PACKET_POOL_ID;
  pool.nx_packet_pool_name = name;
  pool.nx_packet_pool_total = count;
  pool.nx_packet_pool_available = count;
  pool.nx_packet_pool_empty_requests = 0;
  pool.nx_packet_pool_empty_suspensions = 0;
  pool.shortage = null;
  pool.nx_packet_pool_invalid_releases = 0;
  pool.nx_packet_pool_start = memory;
  pool.nx_packet_pool_size = size;
  pool.nx_packet_pool_payload_size = payload;
  pool.nx_packet_pool_low_watermark = 0;
  pool.packets = Array.from({ length: count }, (_, index) => {
    const start = first + index * (header + payload) + header;
    return new NX_PACKET(pool, memory, start, start + payload);
  });
  pool.free = null;
  for (const packet of pool.packets.toReversed()) {
    packet.nx_packet_queue_next = pool.free;
    pool.free = packet;
  }
  pool.state = netxState(kernel);
  pool.chains = !flagMacro(kernel.macros, 'NX_DISABLE_PACKET_CHAIN');
  pool.notesLines = flagMacro(kernel.macros, 'NX_ENABLE_PACKET_DEBUG_INFO');
  pool.state.pools.add(pool);
}

/** Whether memory is part of what a pool of the device has. */
export function overlapsPool(kernel: Kernel, memory: Uint8Array, size: number): boolean {
  for (const { nx_packet_pool_start: other, nx_packet_pool_size: otherSize } of netxState(kernel).pools) {
    if (other?.buffer !== memory.buffer) continue;
    if (memory.byteOffset < other.byteOffset + otherSize && other.byteOffset < memory.byteOffset + size) return true;
  }
  return false;
}

/** Forgets a pool; the threads that wait for a packet of it get `NX_POOL_DELETED`. */
export function deletePool(kernel: Kernel, pool: NX_PACKET_POOL): void {
  pool.nx_packet_pool_id = 0;
  netxState(kernel).pools.delete(pool);
  resumeAll(kernel, pool.waiters, NX_POOL_DELETED);
}

/** The packets of a pool that are not free. */
export function heldPackets(pool: NX_PACKET_POOL): readonly NX_PACKET[] {
  return pool.packets.filter((packet) => packet.holder !== 'free');
}
