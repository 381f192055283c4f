import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { resumeAll } from '../kernel/semaphore.ts';
import { NX_NO_PACKET, NX_SUCCESS } from './constants.ts';
import type { NX_IP, RawPacketFilter } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease, passTo } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { resume } from '../kernel/waiting.ts';

/** What a thread that waits for a raw packet asked for. */
export interface RawPacketRequest {
  readonly kind: 'raw-packet';
  deliver(packet: NX_PACKET): void;
}

declare module '../kernel/thread.ts' {
  interface RequestKinds {
    readonly rawPacket: RawPacketRequest;
  }
}

/**
 * Deals with a datagram of a protocol that the stack does not have, its IP header stripped (C:
 * `_nx_ip_raw_packet_processing`): asks the filter where there is one; else gives it to the thread that has waited longest,
 * or lets it wait for one.
 *
 * @param refuse - gives up a packet that the filter does not take, and tells its sender
 */
export function rawArrival(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  protocol: number,
  refuse: (packet: NX_PACKET) => Pending,
): Pending {
  if (ip.rawFilter !== null) return filtered(kernel, ip, packet, protocol, ip.rawFilter, refuse);
  const receiver = ip.rawReceivers.first;
  if (receiver?.waitRequest?.kind === 'raw-packet') {
    receiver.waitRequest.deliver(packet);
    resume(kernel, receiver, NX_SUCCESS);
  } else if (ip.rawPackets.length >= ip.nx_ip_raw_received_packet_max) {
    dropPacket(kernel, packet, 'queue-full', 'raw packets');
  } else {
    ip.rawPackets.push(packet);
  }
  return null;
}

function* filtered(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  protocol: number,
  filter: RawPacketFilter,
  refuse: (packet: NX_PACKET) => Pending,
): Generator<Suspension, void, unknown> {
  passTo(packet, 'application');
  const status = yield* dispatch(kernel, 'raw_packet_filter', () => filter(ip, protocol, packet));
  if (status === NX_SUCCESS) return;
  passTo(packet, 'stack');
  const pending = refuse(packet);
  if (pending !== null) yield* pending;
}

/** Releases the raw packets that wait, and ends the waits for more with `NX_NO_PACKET`. */
export function stopRaw(kernel: Kernel, ip: NX_IP): void {
  for (let packet = ip.rawPackets.shift(); packet !== null; packet = ip.rawPackets.shift())
    packetRelease(kernel, packet);
  resumeAll(kernel, ip.rawReceivers, NX_NO_PACKET);
}
