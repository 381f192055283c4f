import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_UNFRAG_EVENT } from './constants.ts';
import { NX_IP_LIMITED_BROADCAST } from './constants-ip.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { ipv4Deliver } from './ipv4-deliver.ts';
import { ipv4Forward } from './ipv4-forward.ts';
import { isBroadcast, isLoopback, isMulticast } from './ipv4-route.ts';
import { isGroupMember } from './multicast-group.ts';
import { truncate, type NX_PACKET } from './packet.ts';
import { dropPacket, type DropReason } from './packet-drop.ts';
import type { Pending } from './pending.ts';
import { readUint16 } from './wire/bytes.ts';
import { IPV4_HEADER, ipv4ChecksumHolds, parseIpv4Header, PROTOCOL_UDP, type Ipv4Header } from './wire/ipv4.ts';

const DHCP_CLIENT_PORT = 68;

/** Gives up a received packet. */
export function dropReceived(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, reason: DropReason): null {
  ip.nx_ip_receive_packets_dropped++;
  dropPacket(kernel, packet, reason);
  return null;
}

/**
 * Deals with an IPv4 packet in the IP thread: checks its header, and hands it to its protocol, to the fragments of its
 * datagram, or on to another host.
 */
export function ipv4Receive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_ip_interface: networkInterface } = packet;
  // The header lies in the first packet of a chain; its payload may go on in others.
  const end = packet.nx_packet_next === null ? packet.nx_packet_append_ptr : at + packet.nx_packet_length;
  const header = at + IPV4_HEADER > packet.nx_packet_append_ptr ? null : parseIpv4Header(memory, at, end);
  if (header === null || networkInterface === null || at + header.headerLength > packet.nx_packet_append_ptr) {
    if (header === null && !ipv4ChecksumHolds(memory, at, packet.nx_packet_append_ptr)) {
      ip.nx_ip_receive_checksum_errors++;
    }
    ip.nx_ip_invalid_packets++;
    return dropReceived(kernel, ip, packet, 'ip-header');
  }
  if (header.totalLength <= header.headerLength) {
    ip.nx_ip_invalid_packets++;
    return dropReceived(kernel, ip, packet, 'ip-header');
  }
  if (networkInterface.nx_interface_valid === 0) return dropReceived(kernel, ip, packet, 'no-link');
  const { destination } = header;
  if (isMartian(networkInterface, header.source, destination)) {
    ip.nx_ip_invalid_receive_address++;
    return dropReceived(kernel, ip, packet, 'source-address');
  }
  truncate(packet, header.totalLength);
  if (!isForUs(ip, networkInterface, destination)) return notForUs(kernel, ip, packet, networkInterface, header);
  if (!header.moreFragments && header.fragmentOffset === 0) return ipv4Deliver(kernel, ip, packet, header);
  ip.nx_ip_total_fragments_received++;
  if (ip.reassembly === null) return dropReceived(kernel, ip, packet, 'fragment');
  ip.reassembly.queue.push(packet);
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_UNFRAG_EVENT);
  return null;
}

/**
 * Whether a packet names a sender that no single host can be (RFC 1122 section 3.2.1.3), or an address of the host itself
 * that comes from outside (RFC 1122 section 3.2.1.3 (g)).
 */
function isMartian(networkInterface: NX_INTERFACE, source: number, destination: number): boolean {
  if (isMulticast(source) || isBroadcast(networkInterface, source)) return true;
  return (isLoopback(source) || isLoopback(destination)) && !isLoopback(networkInterface.nx_interface_ip_address);
}

/** Whether a packet that came in by an interface is for this host. */
function isForUs(ip: NX_IP, networkInterface: NX_INTERFACE, destination: number): boolean {
  if (destination === networkInterface.nx_interface_ip_address || destination === 0) return true;
  if (destination === NX_IP_LIMITED_BROADCAST || isBroadcast(networkInterface, destination)) return true;
  if (isMulticast(destination)) return isGroupMember(ip, destination, networkInterface);
  return isLoopback(destination);
}

/** An interface without an address takes answers of a DHCP server; everything else goes on to where it belongs, or nowhere. */
function notForUs(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, one: NX_INTERFACE, header: Ipv4Header): Pending {
  const isWhole = !header.moreFragments && header.fragmentOffset === 0;
  if (one.nx_interface_ip_address === 0) {
    const port = packet.nx_packet_prepend_ptr + header.headerLength + 2;
    const isAnswer = port + 2 <= packet.nx_packet_append_ptr && header.protocol === PROTOCOL_UDP && isWhole;
    if (isAnswer && readUint16(packet.nx_packet_memory, port) === DHCP_CLIENT_PORT) {
      return ipv4Deliver(kernel, ip, packet, header);
    }
  } else if (ip.forwarding) {
    ip.nx_ip_packets_forwarded++;
    return ipv4Forward(kernel, ip, packet, header);
  }
  ip.nx_ip_invalid_receive_address++;
  return dropReceived(kernel, ip, packet, 'not-for-us');
}
