import { flagMacro } from '../kernel/config.ts';
import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { isOp, type Thread } from '../kernel/op.ts';
import {
  NX_IP_DRIVER_DEFERRED_EVENT,
  NX_IP_DRIVER_PACKET_EVENT,
  NX_IP_LINK_STATUS_EVENT,
  NX_LINK_DEFERRED_PROCESSING,
  NX_LINK_GET_STATUS,
} from './constants.ts';
import { callDriver } from './driver-call.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease, passTo } from './packet-pool.ts';

/*
 * What a driver's interrupt leaves for the IP thread: packets that the driver itself has still to look at, work of its own,
 * and the news that its link went up or down.
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
  ip.driverDeferred.push(packet);
  if (ip.driverDeferred.length === 1) eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_DRIVER_PACKET_EVENT);
}

/** Has the drivers of an instance called with `NX_LINK_DEFERRED_PROCESSING` in the IP thread. */
export function requestDeferredProcessing(kernel: Kernel, ip: NX_IP): void {
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_DRIVER_DEFERRED_EVENT);
}

/** Has the IP thread look at an interface's link. An index that no interface has changes nothing. */
export function reportLinkChange(kernel: Kernel, ip: NX_IP, index: number): void {
  const networkInterface = ip.nx_ip_interface[index];
  if (networkInterface === undefined) return;
  networkInterface.nx_interface_link_status_change = 1;
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_LINK_STATUS_EVENT);
}

/** In the IP thread: hands the packets of {@link deferToHandler} to the driver's handler, which owns them from then on. */
export function* handleDriverPackets(kernel: Kernel, ip: NX_IP): Thread {
  for (let packet = ip.driverDeferred.shift(); packet !== null; packet = ip.driverDeferred.shift()) {
    const handler = ip.nx_ip_driver_deferred_packet_handler;
    if (handler === null) {
      packetRelease(kernel, packet);
      continue;
    }
    passTo(packet, 'application');
    const result = handler(ip, packet);
    if (isOp(result)) yield* result;
  }
}

/** In the IP thread: lets every driver do what its interrupt left undone. */
export function* processDeferred(ip: NX_IP): Thread {
  for (const networkInterface of ip.nx_ip_interface) {
    if (networkInterface.nx_interface_valid === 0) continue;
    yield* callDriver(ip, networkInterface, NX_LINK_DEFERRED_PROCESSING, { value: 0 });
  }
}

/** In the IP thread: asks the drivers whose link changed how it is now, and tells the application. */
export function* processLinkChanges(ip: NX_IP): Thread {
  for (const [index, networkInterface] of ip.nx_ip_interface.entries()) {
    if (networkInterface.nx_interface_valid === 0 || networkInterface.nx_interface_link_status_change === 0) continue;
    networkInterface.nx_interface_link_status_change = 0;
    const isUp = { value: 0 };
    yield* callDriver(ip, networkInterface, NX_LINK_GET_STATUS, isUp);
    const result = ip.nx_ip_link_status_change_callback?.(ip, index, isUp.value);
    if (isOp(result)) yield* result;
  }
}
