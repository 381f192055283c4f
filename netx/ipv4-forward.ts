import type { Kernel } from '../kernel/kernel.ts';
import { NX_IP_VERSION_V4, NX_PHYSICAL_HEADER } from './constants.ts';
import { dropWithIcmpError } from './icmpv4-error.ts';
import { deferReceive } from './ip-receive.ts';
import type { NX_IP } from './ip.ts';
import { ipv4Output } from './ipv4-output.ts';
import { dropReceived } from './ipv4-receive.ts';
import { isBroadcast, isLinkLocal, isMulticast, route } from './ipv4-route.ts';
import { packetBytes, strip, type NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_FRAGMENTATION_NEEDED, ICMPV4_TIME_EXCEEDED } from './wire/icmpv4.ts';
import { writeHeaderChecksum } from './wire/ipv4-fragment.ts';
import type { Ipv4Header } from './wire/ipv4.ts';

const TIME_TO_LIVE = 8;

/**
 * Sends a packet for another host on its way (C: `_nx_ip_forward_packet_process`): one hop less to live, out by the
 * interface of its route. Groups, broadcasts of other networks (RFC 2644) and addresses of one link go nowhere. One for the
 * address of another interface of this host is received there.
 */
export function ipv4Forward(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, header: Ipv4Header): Pending {
  const { source, destination } = header;
  if (isMulticast(destination) || isLinkLocal(source) || isLinkLocal(destination)) {
    return dropReceived(kernel, ip, packet, 'not-for-us');
  }
  const way = route(ip, destination);
  if (way === null || isBroadcast(way.networkInterface, destination)) {
    if (way === null) ip.nx_ip_transmit_no_route_errors++;
    return dropReceived(kernel, ip, packet, way === null ? 'no-route' : 'not-for-us');
  }
  if (header.ttl <= 1) {
    return refuse(kernel, ip, packet, header, 'time-to-live', ICMPV4_TIME_EXCEEDED, 0);
  }
  const { networkInterface } = way;
  if (destination === networkInterface.nx_interface_ip_address) {
    packet.nx_packet_ip_interface = networkInterface;
    deferReceive(kernel, ip, packet);
    return null;
  }
  const mtu = networkInterface.nx_interface_ip_mtu_size;
  if (packet.nx_packet_length > mtu && (header.dontFragment || ip.reassembly === null)) {
    const unreachable = ICMPV4_DESTINATION_UNREACHABLE;
    return refuse(kernel, ip, packet, header, 'mtu', unreachable, ICMPV4_FRAGMENTATION_NEEDED, mtu);
  }
  const outgoing = withHeaderRoom(kernel, ip, packet);
  if (outgoing === null) {
    ip.nx_ip_transmit_resource_errors++;
    return dropReceived(kernel, ip, packet, 'no-packet');
  }
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at } = outgoing;
  memory[at + TIME_TO_LIVE] = header.ttl - 1;
  writeHeaderChecksum(memory, at, header.headerLength);
  outgoing.nx_packet_ip_interface = networkInterface;
  return ipv4Output(kernel, ip, outgoing, way, destination);
}

/** Gives up a packet that cannot be sent on, and tells its sender. */
function refuse(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  header: Ipv4Header,
  reason: 'time-to-live' | 'mtu',
  type: number,
  code: number,
  nextMtu = 0,
): Pending {
  ip.nx_ip_receive_packets_dropped++;
  packet.nx_packet_ip_version = NX_IP_VERSION_V4;
  packet.nx_packet_ip_header = packet.nx_packet_prepend_ptr;
  packet.nx_packet_ip_header_length = header.headerLength;
  strip(packet, header.headerLength);
  return dropWithIcmpError(kernel, ip, packet, reason, type, code, nextMtu);
}

/** The packet, or a copy of it, with room for a link's header before it; null where the pool has too few packets. */
function withHeaderRoom(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): NX_PACKET | null {
  if (packet.nx_packet_prepend_ptr - packet.nx_packet_data_start >= NX_PHYSICAL_HEADER) return packet;
  const pool = ip.defaultPool;
  const copy = pool === null ? null : takePacket(kernel, pool, NX_PHYSICAL_HEADER);
  if (copy === null) return null;
  copy.holder = 'stack';
  if (!appendBytes(kernel, copy, packetBytes(packet), copy.nx_packet_pool_owner)) {
    packetRelease(kernel, copy);
    return null;
  }
  packetRelease(kernel, packet);
  return copy;
}
