import type { Kernel } from '../kernel/kernel.ts';
import { netxState } from './device-state.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease } from './packet-pool.ts';
import type { NetxEvent } from './trace.ts';

/** Why the stack gives a packet up. */
export type DropReason = Extract<NetxEvent, { type: 'datagram-dropped' }>['reason'];

/** Releases a packet that goes nowhere, and says so in the trace. */
export function dropPacket(kernel: Kernel, packet: NX_PACKET, reason: DropReason, detail?: string): void {
  const { trace } = netxState(kernel);
  trace?.record({ type: 'datagram-dropped', reason, detail: detail ?? `${packet.nx_packet_length} bytes` });
  packetRelease(kernel, packet);
}
