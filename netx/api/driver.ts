import { flagMacro } from '../../kernel/config.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Callback, type Op, type Suspension } from '../../kernel/op.ts';
import { NX_SUCCESS } from '../constants.ts';
import { deferToHandler, requestDeferredProcessing } from '../driver-events.ts';
import type { NX_IP } from '../ip.ts';
import { deferArp, deferRarp, deferReceive, ipReceive } from '../ip-receive.ts';
import { countSeconds } from '../ip-seconds.ts';
import { linkStatusEvent } from '../link-status.ts';
import type { NX_PACKET } from '../packet.ts';
import { packetRelease, passTo } from '../packet-pool.ts';

/*
 * What link drivers call, from interrupt service routines or from threads. As in C these are not services of an
 * application: they check nothing, and return nothing (here always `NX_SUCCESS`).
 */

/**
 * Hands a received IP packet, of either version, to the IP thread (C: `_nx_ip_packet_deferred_receive`).
 *
 * The packet begins with its IP header, which the driver has aligned to a word; the Ethernet header is stripped. The stack
 * owns it from here on. `nx_packet_ip_interface` names the interface it came in by; without it the first one is taken.
 */
export function _nx_ip_packet_deferred_receive(ip_ptr: NX_IP, packet_ptr: NX_PACKET): Op<UINT> {
  const kernel = enter('_nx_ip_packet_deferred_receive');
  passTo(packet_ptr, 'stack');
  deferReceive(kernel, ip_ptr, packet_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Deals with a received IP packet at once, in the caller's context (C: `_nx_ip_packet_receive`): callbacks of sockets run
 * in the driver's interrupt too, where they may not wait. The packet is as for {@link _nx_ip_packet_deferred_receive}.
 */
export function _nx_ip_packet_receive(ip_ptr: NX_IP, packet_ptr: NX_PACKET): Op<UINT> {
  const kernel = enter('_nx_ip_packet_receive');
  passTo(packet_ptr, 'stack');
  packet_ptr.nx_packet_ip_interface ??= ip_ptr.nx_ip_interface[0] ?? null;
  const pending = ipReceive(kernel, ip_ptr, packet_ptr);
  countSeconds(kernel, ip_ptr);
  return pending === null ? kernel.finish(NX_SUCCESS) : compound(kernel.op, run(kernel, ip_ptr, pending));
}

function* run(kernel: Kernel, ip: NX_IP, pending: Op<unknown>): Generator<Suspension, UINT, unknown> {
  yield* pending;
  countSeconds(kernel, ip);
  return NX_SUCCESS;
}

/** Hands a received ARP packet to the IP thread (C: `_nx_arp_packet_deferred_receive`); released where ARP is off. */
export function _nx_arp_packet_deferred_receive(ip_ptr: NX_IP, packet_ptr: NX_PACKET): Op<UINT> {
  const kernel = enter('_nx_arp_packet_deferred_receive');
  passTo(packet_ptr, 'stack');
  if (ip_ptr.arp === null) packetRelease(kernel, packet_ptr);
  else deferArp(kernel, ip_ptr, packet_ptr);
  return kernel.finish(NX_SUCCESS);
}

/** Hands a received RARP packet to the IP thread (C: `_nx_rarp_packet_deferred_receive`); released where RARP is off. */
export function _nx_rarp_packet_deferred_receive(ip_ptr: NX_IP, packet_ptr: NX_PACKET): Op<UINT> {
  const kernel = enter('_nx_rarp_packet_deferred_receive');
  passTo(packet_ptr, 'stack');
  if (ip_ptr.rarp === null) packetRelease(kernel, packet_ptr);
  else deferRarp(kernel, ip_ptr, packet_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Asks that the IP thread call the drivers of an instance with `NX_LINK_DEFERRED_PROCESSING`
 * (C: `_nx_ip_driver_deferred_processing`): an interrupt leaves there what takes long, or what it may not do.
 */
export function _nx_ip_driver_deferred_processing(ip_ptr: NX_IP): Op<UINT> {
  const kernel = enter('_nx_ip_driver_deferred_processing');
  requestDeferredProcessing(kernel, ip_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets what the IP thread calls with each packet of {@link _nx_ip_driver_deferred_receive}
 * (C: `_nx_ip_driver_deferred_enable`). Does nothing on a device without the macro `NX_DRIVER_DEFERRED_PROCESSING`.
 *
 * @param driver_deferred_packet_handler - owns the packet that it is given
 */
export function _nx_ip_driver_deferred_enable(
  ip_ptr: NX_IP,
  driver_deferred_packet_handler: Callback<[ip_ptr: NX_IP, packet_ptr: NX_PACKET], void> | null,
): Op<UINT> {
  const kernel = enter('_nx_ip_driver_deferred_enable');
  if (flagMacro(kernel.macros, 'NX_DRIVER_DEFERRED_PROCESSING')) {
    ip_ptr.driverPacketHandler = driver_deferred_packet_handler;
  }
  return kernel.finish(NX_SUCCESS);
}

/**
 * Queues a packet as it came from the hardware, for the driver's handler to look at in the IP thread
 * (C: `_nx_ip_driver_deferred_receive`). On a device without the macro `NX_DRIVER_DEFERRED_PROCESSING` it is released.
 */
export function _nx_ip_driver_deferred_receive(ip_ptr: NX_IP, packet_ptr: NX_PACKET): Op<UINT> {
  const kernel = enter('_nx_ip_driver_deferred_receive');
  deferToHandler(kernel, ip_ptr, packet_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Tells the stack that the link of an interface went up or down (C: `_nx_ip_driver_link_status_event`). The IP thread then
 * asks the driver with `NX_LINK_GET_STATUS`, and calls the application's callback.
 */
export function _nx_ip_driver_link_status_event(ip_ptr: NX_IP, interface_index: UINT): Op<UINT> {
  const kernel = enter('_nx_ip_driver_link_status_event');
  const networkInterface = ip_ptr.nx_ip_interface[interface_index];
  if (networkInterface !== undefined) linkStatusEvent(kernel, ip_ptr, networkInterface);
  return kernel.finish(NX_SUCCESS);
}
