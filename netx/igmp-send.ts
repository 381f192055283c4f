import type { Kernel } from '../kernel/kernel.ts';
import { NX_IPv4_PACKET } from './constants.ts';
import type { NX_IP } from './ip.ts';
import { ipv4Output } from './ipv4-output.ts';
import type { MulticastGroup } from './multicast-group.ts';
import { prepend } from './packet.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { stackPool } from './stack-pool.ts';
import {
  ALL_ROUTERS,
  emitIgmp,
  IGMP_LEAVE,
  IGMP_LENGTH,
  IGMP_V1_REPORT,
  IGMP_V2_REPORT,
  PROTOCOL_IGMP,
  ROUTER_ALERT,
} from './wire/igmp.ts';
import { emitIpv4HeaderWithOptions, IPV4_HEADER } from './wire/ipv4.ts';

const NO_OPTIONS = new Uint8Array(0);

/** Tells routers and the other members that this host is in a group, in the version that the router speaks. */
export function sendReport(kernel: Kernel, ip: NX_IP, group: MulticastGroup): Pending {
  ip.nx_ip_igmp_reports_sent++;
  const type = ip.nx_ip_igmp_router_version === 1 ? IGMP_V1_REPORT : IGMP_V2_REPORT;
  return send(kernel, ip, group, type, group.address);
}

/** Tells routers that this host has left a group. */
export function sendLeave(kernel: Kernel, ip: NX_IP, group: MulticastGroup): Pending {
  return send(kernel, ip, group, IGMP_LEAVE, ALL_ROUTERS);
}

/** IGMP goes one hop, and from version 2 on with the router alert option (RFC 2236 section 2). */
function send(kernel: Kernel, ip: NX_IP, group: MulticastGroup, type: number, destination: number): Pending {
  const { networkInterface, address } = group;
  const options = type === IGMP_V1_REPORT ? NO_OPTIONS : ROUTER_ALERT;
  const pool = stackPool(ip, NX_IPv4_PACKET + ROUTER_ALERT.length + IGMP_LENGTH);
  const packet = pool === null ? null : takePacket(kernel, pool, NX_IPv4_PACKET + ROUTER_ALERT.length);
  if (packet === null) return null;
  if (packet.nx_packet_append_ptr + IGMP_LENGTH > packet.nx_packet_data_end) {
    packetRelease(kernel, packet);
    return null;
  }
  packet.holder = 'stack';
  packet.nx_packet_ip_interface = networkInterface;
  emitIgmp({ type, maxResponseTime: 0, group: address }, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  packet.nx_packet_append_ptr += IGMP_LENGTH;
  packet.nx_packet_length = IGMP_LENGTH;
  prepend(packet, IPV4_HEADER + options.length);
  const identification = ip.nextIdentification;
  ip.nextIdentification = (identification + 1) & 0xffff;
  const header = {
    tos: 0,
    totalLength: packet.nx_packet_length,
    identification,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 1,
    protocol: PROTOCOL_IGMP,
    source: networkInterface.nx_interface_ip_address,
    destination,
  };
  emitIpv4HeaderWithOptions(header, options, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  return ipv4Output(kernel, ip, packet, { networkInterface, nextHop: destination }, destination);
}
