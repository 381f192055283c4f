import { unlockIp } from '../ip-seconds.ts';
import { TX_WAIT_FOREVER, type UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mutexGet } from '../../kernel/mutex.ts';
import type { Suspension } from '../../kernel/op.ts';
import { NX_DONT_FRAGMENT, NX_NO_INTERFACE_ADDRESS, NX_SUCCESS } from '../constants.ts';
import type { NX_PACKET } from '../packet.ts';
import { handOver } from '../packet-pool.ts';
import { countSent, putUdpHeader } from '../udp-send.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { PROTOCOL_UDP } from '../wire/ipv4.ts';
import { pseudoHeaderSum6, type Ipv6Address } from '../wire/ipv6.ts';
import { UDP_HEADER } from '../wire/udp.ts';
import type { Ipv6 } from './ipv6.ts';
import { ipv6Send } from './ipv6-send.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';
import { sourceFor } from './source-address.ts';

/**
 * Puts the UDP header before a packet and sends it over IPv6. Holds the IP mutex while it does. The caller has made sure that
 * there is room for the headers.
 *
 * @param from - the address to send from, or null for the one that suits the destination
 */
export function* udpSend6(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip6: Ipv6,
  packet: NX_PACKET,
  destination: Ipv6Address,
  port: UINT,
  from: NXD_IPV6_ADDRESS | null,
): Generator<Suspension, number, unknown> {
  const own = from ?? sourceFor(ip6, destination);
  const networkInterface = own?.nxd_ipv6_address_attached ?? null;
  if (own === null || networkInterface === null || !ip6.enabled) return NX_NO_INTERFACE_ADDRESS;
  const { ip } = ip6;
  const source = own.nxd_ipv6_address;
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  countSent(ip, socket, packet.nx_packet_length);
  const length = packet.nx_packet_length + UDP_HEADER;
  putUdpHeader(socket, packet, port, pseudoHeaderSum6(source, destination, PROTOCOL_UDP, length), true);
  handOver(kernel, packet);
  const pending = ipv6Send(ip6, packet, {
    networkInterface,
    source,
    destination,
    nextHeader: PROTOCOL_UDP,
    hopLimit: socket.nx_udp_socket_time_to_live & 0xff,
    trafficClass: (socket.nx_udp_socket_type_of_service >>> 16) & 0xff,
    dontFragment: socket.nx_udp_socket_fragment_enable === NX_DONT_FRAGMENT,
  });
  if (pending !== null) yield* pending;
  unlockIp(kernel, ip);
  return yield* kernel.finish(NX_SUCCESS);
}
