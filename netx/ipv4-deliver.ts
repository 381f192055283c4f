import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_VERSION_V4 } from './constants.ts';
import { NX_PROTOCOL_IGMP, NX_PROTOCOL_TCP } from './constants-ip.ts';
import { dropWithIcmpError } from './icmpv4-error.ts';
import { icmpReceive } from './icmpv4.ts';
import { igmpReceive } from './igmp.ts';
import { rawArrival } from './ip-raw.ts';
import type { NX_IP } from './ip.ts';
import { strip, type NX_PACKET } from './packet.ts';
import { dropPacket } from './packet-drop.ts';
import type { Pending } from './pending.ts';
import { udpArrival } from './udp-arrival.ts';
import { ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_PROTOCOL_UNREACHABLE } from './wire/icmpv4.ts';
import { PROTOCOL_ICMP, PROTOCOL_UDP, type Ipv4Header } from './wire/ipv4.ts';

/** Hands a whole datagram for this host to its protocol; protocols that the stack has none for go to raw packets. */
export function ipv4Deliver(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  { headerLength, protocol }: Pick<Ipv4Header, 'headerLength' | 'protocol'>,
): Pending {
  packet.nx_packet_ip_version = NX_IP_VERSION_V4;
  packet.nx_packet_ip_header = packet.nx_packet_prepend_ptr;
  packet.nx_packet_ip_header_length = headerLength;
  strip(packet, headerLength);
  ip.nx_ip_total_packets_delivered++;
  ip.nx_ip_total_bytes_received += packet.nx_packet_length;
  switch (protocol) {
    case PROTOCOL_UDP:
      return ip.udpEnabled ? udpArrival(kernel, ip, packet) : notDelivered(kernel, ip, packet);
    case PROTOCOL_ICMP:
      return ip.icmpEnabled ? icmpReceive(kernel, ip, packet) : notDelivered(kernel, ip, packet);
    case NX_PROTOCOL_IGMP:
      return ip.igmpEnabled ? igmpReceive(kernel, ip, packet) : notDelivered(kernel, ip, packet);
    case NX_PROTOCOL_TCP:
      return notDelivered(kernel, ip, packet);
    default: {
      const refuse = (refused: NX_PACKET): Pending => unknownProtocol(kernel, ip, refused);
      return ip.rawEnabled ? rawArrival(kernel, ip, packet, protocol, refuse) : unknownProtocol(kernel, ip, packet);
    }
  }
}

/** Gives up a datagram of a protocol that is not enabled. */
function notDelivered(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): null {
  takeBack(ip, packet);
  dropPacket(kernel, packet, 'protocol');
  return null;
}

/** Gives up a datagram of a protocol that nobody knows, and tells its sender (RFC 1122 section 3.2.2.1). */
export function unknownProtocol(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  ip.nx_ip_unknown_protocols_received++;
  takeBack(ip, packet);
  return dropWithIcmpError(kernel, ip, packet, 'protocol', ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_PROTOCOL_UNREACHABLE);
}

function takeBack(ip: NX_IP, packet: NX_PACKET): void {
  ip.nx_ip_total_packets_delivered--;
  ip.nx_ip_total_bytes_received -= packet.nx_packet_length;
  ip.nx_ip_receive_packets_dropped++;
}
