import type { Kernel } from '../kernel/kernel.ts';
import { NX_RECEIVE_PACKET } from './constants.ts';
import { netxState } from './device-state.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { deferArp, deferRarp, deferReceive } from './ip-receive.ts';
import type { NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import { ETHERNET_HEADER, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_RARP } from './wire/ethernet.ts';

/** The IP header begins at a word, as on the target: the 14 bytes of Ethernet header are put two bytes in. */
const ALIGNMENT = 2;

/** Whether somebody in the stack deals with frames of a type. */
export const isStackType = (etherType: number): boolean =>
  etherType === ETHERTYPE_IPV4 ||
  etherType === ETHERTYPE_IPV6 ||
  etherType === ETHERTYPE_ARP ||
  etherType === ETHERTYPE_RARP;

/** Copies a frame into packets of an instance's pool, its Ethernet header before the payload; null where there are none. */
export function packetOfFrame(kernel: Kernel, ip: NX_IP, frame: Uint8Array): NX_PACKET | null {
  const pool = ip.defaultPool;
  const packet = pool === null ? null : takePacket(kernel, pool, NX_RECEIVE_PACKET);
  if (pool === null || packet === null) return null;
  packet.holder = 'stack';
  packet.nx_packet_prepend_ptr += ALIGNMENT;
  packet.nx_packet_append_ptr += ALIGNMENT;
  if (appendBytes(kernel, packet, frame, pool)) {
    packet.nx_packet_prepend_ptr += ETHERNET_HEADER;
    packet.nx_packet_length -= ETHERNET_HEADER;
    return packet;
  }
  packetRelease(kernel, packet);
  return null;
}

/** Hands the contents of a frame to the IP thread of an instance; false, and traced, where its pool has no packet for it. */
export function frameArrived(
  kernel: Kernel,
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  etherType: number,
  frame: Uint8Array,
): boolean {
  const packet = packetOfFrame(kernel, ip, frame);
  if (packet === null) {
    netxState(kernel).trace?.record({ type: 'frame-not-received', reason: 'no-packet' });
    return false;
  }
  packet.nx_packet_ip_interface = networkInterface;
  if (etherType === ETHERTYPE_ARP) deferArp(kernel, ip, packet);
  else if (etherType === ETHERTYPE_RARP) deferRarp(kernel, ip, packet);
  else deferReceive(kernel, ip, packet);
  return true;
}
