import type { Kernel } from '../kernel/kernel.ts';
import { NX_LINK_PACKET_SEND, NX_RECEIVE_PACKET } from './constants.ts';
import { sendToDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import { deferReceive } from './ip-receive.ts';
import type { NX_IP } from './ip.ts';
import { groupHardware, groupOf } from './multicast-group.ts';
import { packetView, type NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';

/**
 * Sends an IPv4 packet to a group: to the hardware address that follows from the group's, so that nobody is asked for it.
 * Where the interface has joined the group with loopback, this host gets a copy.
 */
export function multicastSend(
  kernel: Kernel,
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  group: number,
  packet: NX_PACKET,
): Pending {
  if (groupOf(ip, group, networkInterface)?.loopback === true) deferCopy(kernel, ip, networkInterface, packet);
  return sendToDriver(ip, networkInterface, NX_LINK_PACKET_SEND, packet, groupHardware(group));
}

/** Gives a copy of a packet to the instance's own receive queue, as long as the pool has packets for it. */
function deferCopy(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE, packet: NX_PACKET): void {
  const pool = ip.defaultPool;
  const copy = pool === null ? null : takePacket(kernel, pool, NX_RECEIVE_PACKET);
  if (pool === null || copy === null) return;
  copy.holder = 'stack';
  copy.nx_packet_ip_interface = networkInterface;
  if (appendBytes(kernel, copy, packetView(packet), pool)) deferReceive(kernel, ip, copy);
  else packetRelease(kernel, copy);
}
