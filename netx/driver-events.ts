import { flagMacro } from '../kernel/config.ts';
import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_DRIVER_DEFERRED_EVENT, NX_IP_DRIVER_PACKET_EVENT } from './constants.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease, passTo } from './packet-pool.ts';

/*
 * What a driver's interrupt leaves for the IP thread: packets that the driver itself has still to look at, and work of its own.
 */

/**
 * Queues a packet for the driver's own handler (C: `_nx_ip_driver_deferred_receive`). Without the macro
 * `NX_DRIVER_DEFERRED_PROCESSING` nobody would look at it: it is released.
 */
export function deferToHandler(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  if (!flagMacro(kernel.macros, 'NX_DRIVER_DEFERRED_PROCESSING')) {
    packetRelease(kernel, packet);
    return;
  }
  passTo(packet, 'stack');
  ip.driverPackets.push(packet);
  if (ip.driverPackets.length === 1) eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_DRIVER_PACKET_EVENT);
}

/** Has the drivers of an instance called with `NX_LINK_DEFERRED_PROCESSING` in the IP thread. */
export function requestDeferredProcessing(kernel: Kernel, ip: NX_IP): void {
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_DRIVER_DEFERRED_EVENT);
}
