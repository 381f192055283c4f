import { unlockIp } from '../ip-seconds.ts';
import { TX_WAIT_FOREVER, type UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mutexGet } from '../../kernel/mutex.ts';
import type { Suspension } from '../../kernel/op.ts';
import { NX_DONT_FRAGMENT, NX_NO_INTERFACE_ADDRESS, NX_SUCCESS } from '../constants.ts';
import { prepend, type NX_PACKET } from '../packet.ts';
import { addPacket } from '../packet-checksum.ts';
import { handOver } from '../packet-pool.ts';
import { countSent } from '../udp-send.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { writeUint16 } from '../wire/bytes.ts';
import { foldChecksum } from '../wire/checksum.ts';
import { PROTOCOL_UDP } from '../wire/ipv4.ts';
import { pseudoHeaderSum6, type Ipv6Address } from '../wire/ipv6.ts';
import { emitUdpHeader, UDP_HEADER } from '../wire/udp.ts';
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
  putHeader(socket, packet, port, source, destination);
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

/** Puts the UDP header before a packet; its checksum has to be there over IPv6, whatever the socket says (RFC 8200 section 8.1). */
function putHeader(
  socket: NX_UDP_SOCKET,
  packet: NX_PACKET,
  port: number,
  source: Ipv6Address,
  destination: Ipv6Address,
): void {
  prepend(packet, UDP_HEADER);
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  const sourcePort = socket.nx_udp_socket_port;
  emitUdpHeader({ sourcePort, destinationPort: port, length, checksum: 0 }, memory, at);
  const pseudoHeader = pseudoHeaderSum6(source, destination, PROTOCOL_UDP, length);
  writeUint16(memory, at + 6, foldChecksum(addPacket(pseudoHeader, packet)) || 0xffff);
}
