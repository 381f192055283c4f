import type { NX_INTERFACE } from '../interface.ts';
import { NX_LINK_PACKET_SEND } from '../constants.ts';
import { sendToDriver } from '../driver-call.ts';
import type { NX_PACKET } from '../packet.ts';
import type { Pending } from '../pending.ts';
import type { HardwareAddress } from '../wire/ethernet.ts';
import { IPV6_DESTINATION, readIpv6Address } from '../wire/ipv6.ts';
import { sendFragments } from './fragment-send.ts';
import type { Ipv6 } from './ipv6.ts';

/** Hands a packet to the link's driver, in fragments where it is longer than its way takes. */
export function toLink(ip6: Ipv6, networkInterface: NX_INTERFACE, packet: NX_PACKET, to: HardwareAddress): Pending {
  const mtu = pathMtu(ip6, networkInterface, packet);
  if (packet.nx_packet_length > mtu) return sendFragments(ip6, networkInterface, packet, to, mtu);
  return sendToDriver(ip6.ip, networkInterface, NX_LINK_PACKET_SEND, packet, to);
}

/** The longest packet that the way of a packet with its header takes, in bytes. */
export function pathMtu(ip6: Ipv6, networkInterface: NX_INTERFACE, packet: NX_PACKET): number {
  const link = ip6.linkMtu(networkInterface);
  if (ip6.destinations.size === 0) return link;
  const destination = readIpv6Address(packet.nx_packet_memory, packet.nx_packet_prepend_ptr + IPV6_DESTINATION);
  return Math.min(link, ip6.destinations.pathMtu(destination));
}
