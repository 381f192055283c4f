import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_IP_ARP_REC_EVENT, NX_IP_RECEIVE_EVENT } from './constants.ts';
import { netxState } from './device-state.ts';
import { icmpReceive } from './icmpv4.ts';
import { isBroadcast, isOwnAddress, type NX_IP } from './ip.ts';
import { strip, truncate, type NX_PACKET } from './packet.ts';
import { packetRelease } from './packet-pool.ts';
import type { NetxEvent } from './trace.ts';
import { udpArrival } from './udp-receive.ts';
import { parseIpv4Header, PROTOCOL_ICMP, PROTOCOL_UDP } from './wire/ipv4.ts';

/** Hands a received IP packet to the IP thread (C: `_nx_ip_packet_deferred_receive`); drivers call it as ISR. */
export function deferReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  packet.holder = 'stack';
  ip.deferred.push(packet);
  if (ip.deferred.length === 1) eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_RECEIVE_EVENT);
}

/** Hands a received ARP packet to the IP thread (C: `_nx_arp_packet_deferred_receive`). */
export function deferArp(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  packet.holder = 'stack';
  ip.deferredArp.push(packet);
  if (ip.deferredArp.length === 1) eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_ARP_REC_EVENT);
}

type DropReason = Extract<NetxEvent, { type: 'datagram-dropped' }>['reason'];

function drop(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, reason: DropReason): void {
  ip.nx_ip_receive_packets_dropped++;
  const detail = `${packet.nx_packet_length} bytes`;
  netxState(kernel).trace?.record({ type: 'datagram-dropped', reason, detail });
  packetRelease(kernel, packet);
}

/** Deals with an IP packet in the IP thread: checks its header and hands it to its protocol. */
export function* ipReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Generator<Suspension, void, unknown> {
  ip.nx_ip_total_packets_received++;
  kernel.op.charge += kernel.cpu.model.service;
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_ip_interface: networkInterface } = packet;
  // The header lies in the first packet of a chain; its payload may go on in others.
  const end = packet.nx_packet_next === null ? packet.nx_packet_append_ptr : at + packet.nx_packet_length;
  const header = at + 20 > packet.nx_packet_append_ptr ? null : parseIpv4Header(memory, at, end);
  if (header === null || networkInterface === null || at + header.headerLength > packet.nx_packet_append_ptr) {
    ip.nx_ip_invalid_packets++;
    drop(kernel, ip, packet, 'ip-header');
    return;
  }
  const { destination } = header;
  if (!isOwnAddress(ip, destination) && !isBroadcast(networkInterface, destination) && destination >>> 24 !== 127) {
    drop(kernel, ip, packet, 'not-for-us');
    return;
  }
  if (header.moreFragments || header.fragmentOffset > 0) {
    drop(kernel, ip, packet, 'fragment');
    return;
  }
  truncate(packet, header.totalLength);
  strip(packet, header.headerLength);
  packet.sourceAddress = header.source;
  packet.destinationAddress = destination;
  packet.protocol = header.protocol;
  if (header.protocol === PROTOCOL_UDP && ip.udpEnabled) yield* udpArrival(kernel, ip, packet);
  else if (header.protocol === PROTOCOL_ICMP && ip.icmpEnabled) yield* icmpReceive(kernel, ip, packet);
  else drop(kernel, ip, packet, 'protocol');
}
