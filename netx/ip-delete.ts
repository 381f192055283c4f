import type { Kernel } from '../kernel/kernel.ts';
import { mutexPut } from '../kernel/mutex.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_LINK_DISABLE, NX_LINK_UNINITIALIZE, NX_SOCKETS_BOUND, NX_SUCCESS } from './constants.ts';
import { netxState } from './device-state.ts';
import { callDriver } from './driver-call.ts';
import { stopRaw } from './ip-raw.ts';
import { stopIpThread } from './ip-thread.ts';
import type { NX_IP } from './ip.ts';
import { packetRelease } from './packet-pool.ts';
import type { PacketQueue } from './packet-queue.ts';

/**
 * Deletes an IP instance, whose mutex the caller holds: its drivers are disabled, what it held is released, who waited for
 * it is woken, its thread is gone. From then on the control block is free to be created anew.
 *
 * @returns `NX_SUCCESS`; `NX_SOCKETS_BOUND` where sockets are left, and then the mutex is still held
 */
export function* ipDelete(kernel: Kernel, ip: NX_IP): Generator<Suspension, number, unknown> {
  if (ip.udpSockets.size > 0) return NX_SOCKETS_BOUND;
  for (const one of ip.nx_ip_interface) {
    if (one.nx_interface_valid === 0 || one.nx_interface_link_driver_entry === null) continue;
    yield* callDriver(ip, one, NX_LINK_DISABLE);
    yield* callDriver(ip, one, NX_LINK_UNINITIALIZE);
  }
  netxState(kernel).ips.delete(ip);
  ip.nx_ip_id = 0;
  // From here on nothing lets another thread run before everything is gone.
  mutexPut(kernel, ip.nx_ip_protection, kernel.current);
  stopIpThread(kernel, ip);
  const { driverPackets, deferred, deferredArp, deferredRarp, deferredIgmp, deferredIcmp } = ip;
  for (const queue of [driverPackets, deferred, deferredArp, deferredRarp, deferredIgmp, deferredIcmp]) {
    releaseAll(kernel, queue);
  }
  stopRaw(kernel, ip);
  for (const part of [ip.arp, ip.rarp, ip.igmp, ip.reassembly, ip.icmp, ip.ipv6]) part?.stop?.();
  return NX_SUCCESS;
}

function releaseAll(kernel: Kernel, queue: PacketQueue): void {
  for (let packet = queue.shift(); packet !== null; packet = queue.shift()) packetRelease(kernel, packet);
}
