import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_VERSION_V4 } from './constants.ts';
import { icmpReceive } from './icmpv4.ts';
import type { NX_IP } from './ip.ts';
import { isBroadcast, isOwnAddress } from './ipv4-route.ts';
import { strip, truncate, type NX_PACKET } from './packet.ts';
import { dropPacket, type DropReason } from './packet-drop.ts';
import type { Pending } from './pending.ts';
import { udpArrival } from './udp-arrival.ts';
import { parseIpv4Header, PROTOCOL_ICMP, PROTOCOL_UDP } from './wire/ipv4.ts';

function drop(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, reason: DropReason): null {
  ip.nx_ip_receive_packets_dropped++;
  dropPacket(kernel, packet, reason);
  return null;
}

/** Deals with an IPv4 packet in the IP thread: checks its header and hands it to its protocol. */
export function ipv4Receive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_ip_interface: networkInterface } = packet;
  // The header lies in the first packet of a chain; its payload may go on in others.
  const end = packet.nx_packet_next === null ? packet.nx_packet_append_ptr : at + packet.nx_packet_length;
  const header = at + 20 > packet.nx_packet_append_ptr ? null : parseIpv4Header(memory, at, end);
  if (header === null || networkInterface === null || at + header.headerLength > packet.nx_packet_append_ptr) {
    ip.nx_ip_invalid_packets++;
    return drop(kernel, ip, packet, 'ip-header');
  }
  const { destination } = header;
  if (!isOwnAddress(ip, destination) && !isBroadcast(networkInterface, destination) && destination >>> 24 !== 127) {
    return drop(kernel, ip, packet, 'not-for-us');
  }
  if (header.moreFragments || header.fragmentOffset > 0) return drop(kernel, ip, packet, 'fragment');
  truncate(packet, header.totalLength);
  packet.nx_packet_ip_version = NX_IP_VERSION_V4;
  packet.nx_packet_ip_header = at;
  packet.nx_packet_ip_header_length = header.headerLength;
  strip(packet, header.headerLength);
  if (header.protocol === PROTOCOL_UDP && ip.udpEnabled) return udpArrival(kernel, ip, packet);
  if (header.protocol === PROTOCOL_ICMP && ip.icmpEnabled) return icmpReceive(kernel, ip, packet);
  return drop(kernel, ip, packet, 'protocol');
}
