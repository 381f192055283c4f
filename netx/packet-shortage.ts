import type { Kernel } from '../kernel/kernel.ts';
import type { PacketHolder } from './packet.ts';
import type { NX_PACKET_POOL } from './packet-pool-block.ts';

/** Packets of one pool that have the same holder, and came from the same call. */
export interface PacketHolding {
  readonly holder: Exclude<PacketHolder, 'free'>;
  /** They wait in a queue of the stack. */
  readonly isQueued: boolean;
  /** The service that allocated or received them, and the thread or context that called it. */
  readonly service: string;
  readonly thread: string;
  readonly count: number;
}

/** How a pool ran empty. */
export interface PacketShortage {
  /** Virtual time of the first request that found it empty, in nanoseconds. */
  readonly since: number;
  /** Who had its packets then, the most first. */
  readonly holdings: readonly PacketHolding[];
  /** Requests that found it empty; each frame that the driver had no packet for is one. */
  requests: number;
  /** Frames that were lost for it. */
  frames: number;
  /** Requests since a packet was last to be had, and the most that there ever were. */
  unmet: number;
  mostUnmet: number;
}

function holdingsOf(pool: NX_PACKET_POOL): readonly PacketHolding[] {
  const groups = new Map<string, PacketHolding>();
  for (const { holder, queuedIn, allocation } of pool.packets) {
    if (holder === 'free') continue;
    const isQueued = queuedIn !== null;
    // What waits in a queue came in by interrupt: no service of the firmware allocated it.
    const { service, thread } = isQueued ? { service: '', thread: '' } : allocation;
    const key = [holder, isQueued, service, thread].join('\n');
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { holder, isQueued, service, thread, count });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Notes that a request found a pool empty: who has its packets is written down the first time. */
export function noteShortage(kernel: Kernel, pool: NX_PACKET_POOL): void {
  pool.shortage ??= {
    since: kernel.now,
    holdings: holdingsOf(pool),
    requests: 0,
    frames: 0,
    unmet: 0,
    mostUnmet: 0,
  };
  const { shortage } = pool;
  shortage.requests++;
  if (kernel.context === 'isr') shortage.frames++;
  shortage.mostUnmet = Math.max(shortage.mostUnmet, ++shortage.unmet);
}
