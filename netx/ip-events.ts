import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import {
  NX_IP_ARP_REC_EVENT,
  NX_IP_DRIVER_DEFERRED_EVENT,
  NX_IP_DRIVER_PACKET_EVENT,
  NX_IP_FAST_EVENT,
  NX_IP_ICMP_EVENT,
  NX_IP_IGMP_ENABLE_EVENT,
  NX_IP_IGMP_EVENT,
  NX_IP_LINK_STATUS_EVENT,
  NX_IP_PERIODIC_EVENT,
  NX_IP_RARP_REC_EVENT,
  NX_IP_RECEIVE_EVENT,
  NX_IP_TCP_CLEANUP_DEFERRED,
  NX_IP_TCP_EVENT,
  NX_IP_UNFRAG_EVENT,
  NX_LINK_DEFERRED_PROCESSING,
} from './constants.ts';
import { arpReceive } from './arp-receive.ts';
import { callDriver } from './driver-call.ts';
import { igmpStart } from './igmp.ts';
import { ipReceive } from './ip-receive.ts';
import type { NX_IP } from './ip.ts';
import { linkStatusChanges } from './link-status.ts';
import { packetRelease, passTo } from './packet-pool.ts';
import type { Pending } from './pending.ts';

/** What the IP thread does for one event. */
export interface EventStep {
  readonly event: number;
  readonly run: (kernel: Kernel, ip: NX_IP) => Pending;
}

/**
 * The order in which the IP thread deals with what has happened, which is NetX Duo's: what was received first, then the
 * timers, ARP, and what is less urgent. Events that come while it is at it wait for its next turn.
 */
export const EVENT_ORDER: readonly EventStep[] = [
  { event: NX_IP_DRIVER_PACKET_EVENT, run: driverPackets },
  { event: NX_IP_RECEIVE_EVENT, run: receivedPackets },
  { event: NX_IP_TCP_EVENT, run: () => null },
  { event: NX_IP_FAST_EVENT, run: fastPeriodic },
  { event: NX_IP_PERIODIC_EVENT, run: periodic },
  { event: NX_IP_ARP_REC_EVENT, run: arpPackets },
  { event: NX_IP_RARP_REC_EVENT, run: rarpPackets },
  { event: NX_IP_IGMP_EVENT, run: (_, ip) => ip.igmp?.process?.() ?? null },
  { event: NX_IP_IGMP_ENABLE_EVENT, run: (_, ip) => igmpStart(ip) },
  { event: NX_IP_UNFRAG_EVENT, run: (_, ip) => ip.reassembly?.process() ?? null },
  { event: NX_IP_ICMP_EVENT, run: (_, ip) => ip.icmp?.process?.() ?? null },
  { event: NX_IP_DRIVER_DEFERRED_EVENT, run: driverProcessing },
  { event: NX_IP_TCP_CLEANUP_DEFERRED, run: () => null },
  { event: NX_IP_LINK_STATUS_EVENT, run: linkStatusChanges },
];

/** Hands each received packet on; plain, until one of them leaves something to wait for. */
function receivedPackets(kernel: Kernel, ip: NX_IP): Pending {
  for (let packet = ip.deferred.shift(); packet !== null; packet = ip.deferred.shift()) {
    const pending = ipReceive(kernel, ip, packet);
    if (pending !== null) return otherPackets(kernel, ip, pending);
  }
  return null;
}

function* otherPackets(kernel: Kernel, ip: NX_IP, first: NonNullable<Pending>): Generator<Suspension, void, unknown> {
  yield* first;
  for (let packet = ip.deferred.shift(); packet !== null; packet = ip.deferred.shift()) {
    const pending = ipReceive(kernel, ip, packet);
    if (pending !== null) yield* pending;
  }
}

/** Gives the driver's own handler the packets that the driver has put off (C: `NX_DRIVER_DEFERRED_PROCESSING`). */
function* driverPackets(kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  for (let packet = ip.driverPackets.shift(); packet !== null; packet = ip.driverPackets.shift()) {
    const { driverPacketHandler: handler } = ip;
    const given = packet;
    passTo(given, 'driver');
    if (handler === null) packetRelease(kernel, given);
    else yield* dispatch(kernel, 'driver_deferred_packet_handler', () => handler(ip, given));
  }
}

function* fastPeriodic(_kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  const pending = ip.ipv6?.fastPeriodic() ?? null;
  if (pending !== null) yield* pending;
}

/** What is due once a second: ARP, RARP, IGMP, fragments whose time is over, IPv6, in this order. */
function* periodic(_kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  for (const part of [ip.arp, ip.rarp, ip.igmp, ip.reassembly, ip.ipv6]) {
    const pending = part?.periodic?.() ?? null;
    if (pending !== null) yield* pending;
  }
}

function* arpPackets(kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  for (let packet = ip.deferredArp.shift(); packet !== null; packet = ip.deferredArp.shift()) {
    if (ip.arp === null) packetRelease(kernel, packet);
    else yield* arpReceive(kernel, ip, ip.arp, packet);
  }
}

/** Hands on the answers of RARP servers; RARP may have ended by itself in the meantime. */
function rarpPackets(kernel: Kernel, ip: NX_IP): Pending {
  const pending = ip.rarp?.process?.() ?? null;
  for (let packet = ip.deferredRarp.shift(); packet !== null; packet = ip.deferredRarp.shift()) {
    packetRelease(kernel, packet);
  }
  return pending;
}

/** Lets the drivers do in the IP thread what they have put off. */
function* driverProcessing(_kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  for (const one of ip.nx_ip_interface) {
    if (one.nx_interface_valid !== 0) yield* callDriver(ip, one, NX_LINK_DEFERRED_PROCESSING, { value: 0 });
  }
}
