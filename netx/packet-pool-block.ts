import type { ULONG } from '../kernel/constants.ts';
import { WaitList } from '../kernel/wait-list.ts';
import { NX_NO_PACKET } from './constants.ts';
import type { NetxState } from './device-state.ts';
import type { NX_PACKET } from './packet.ts';
import type { PacketShortage } from './packet-shortage.ts';

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
  /** Packets that were released and were not held: released before, or kept by an upper layer. */
  nx_packet_pool_invalid_releases: ULONG = 0;
  /** The memory, and how much of it the pool was given, in bytes. */
  nx_packet_pool_start: Uint8Array | null = null;
  nx_packet_pool_size: ULONG = 0;
  /** Bytes of payload of one packet, rounded up to the alignment. */
  nx_packet_pool_payload_size: ULONG = 0;
  /** With fewer free packets than this the stack queues no more received ones (`NX_ENABLE_LOW_WATERMARK`). */
  nx_packet_pool_low_watermark: ULONG = 0;
  readonly waiters = new WaitList(this, NX_NO_PACKET);
  packets: readonly NX_PACKET[] = [];
  /** The free packets; the one released last is handed out first. */
  free: NX_PACKET | null = null;
  /** Where allocations are traced; null until the pool is created. */
  state: NetxState | null = null;
  /** Whether packets may be chained: not with `NX_DISABLE_PACKET_CHAIN`. */
  chains = true;
  /** Whether every packet notes the line that dealt with it last (`NX_ENABLE_PACKET_DEBUG_INFO`). */
  notesLines = false;
  /** How it ran empty; null where it never did. */
  shortage: PacketShortage | null = null;

  get nx_packet_pool_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `a packet of pool '${this.nx_packet_pool_name}'`;
  }
}

/** Whether a pointer is that of a pool that was created and not deleted since. */
export const isPool = (pool: NX_PACKET_POOL | null): pool is NX_PACKET_POOL =>
  pool?.nx_packet_pool_id === PACKET_POOL_ID;

/** Whether a pool has so few free packets that received ones are not queued any more; never without a mark set. */
export function belowLowWatermark(pool: NX_PACKET_POOL): boolean {
  return pool.nx_packet_pool_available < pool.nx_packet_pool_low_watermark;
}
