import type { Kernel } from '../kernel/kernel.ts';
import { NX_DONT_FRAGMENT, NX_IP_VERSION_V4 } from './constants.ts';
import type { NX_IP } from './ip.ts';
import { ipv4Output } from './ipv4-output.ts';
import type { Route } from './ipv4-route.ts';
import { prepend, type NX_PACKET } from './packet.ts';
import type { Pending } from './pending.ts';
import { emitIpv4Header, IPV4_HEADER } from './wire/ipv4.ts';

/** What the transport layer decides of an IPv4 header. */
export interface Ipv4Options {
  readonly tos: number;
  readonly ttl: number;
  readonly fragment: number;
  readonly protocol: number;
}

/**
 * Puts the IPv4 header before a packet and sends it on its way. The caller has made sure that there is room for the
 * header, and holds the IP mutex; the stack owns the packet from here on. A time to live of 0 is sent as it is, as in C.
 */
export function ipv4Send(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  way: Route,
  source: number,
  destination: number,
  options: Ipv4Options,
): Pending {
  prepend(packet, IPV4_HEADER);
  packet.nx_packet_ip_version = NX_IP_VERSION_V4;
  const identification = ip.nextIdentification;
  ip.nextIdentification = (identification + 1) & 0xffff;
  const header = {
    tos: options.tos,
    totalLength: packet.nx_packet_length,
    identification,
    dontFragment: options.fragment === NX_DONT_FRAGMENT,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: options.ttl,
    protocol: options.protocol,
    source,
    destination,
  };
  emitIpv4Header(header, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  packet.nx_packet_ip_version = NX_IP_VERSION_V4;
  ip.nx_ip_total_packet_send_requests++;
  return ipv4Output(kernel, ip, packet, way, destination);
}
