import { TX_WAIT_FOREVER, type UINT, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { mutexGet, mutexPut } from '../kernel/mutex.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_IP_ADDRESS_ERROR, NX_OVERFLOW, NX_SUCCESS, NX_UNDERFLOW } from './constants.ts';
import type { NX_IP } from './ip.ts';
import { route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import { prepend, type NX_PACKET } from './packet.ts';
import { addPacket } from './packet-checksum.ts';
import { reportHeaderRoom } from './packet-misuse.ts';
import { handOver } from './packet-pool.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';
import { writeUint16 } from './wire/bytes.ts';
import { foldChecksum } from './wire/checksum.ts';
import { IPV4_HEADER, PROTOCOL_UDP } from './wire/ipv4.ts';
import { emitUdpHeader, pseudoHeaderSum, UDP_HEADER } from './wire/udp.ts';

/** Room that the network and the link layer need before the UDP header. */
const LOWER_HEADERS = IPV4_HEADER + 14;

/**
 * Puts the UDP header before a packet and sends it. Holds the IP mutex while it does, so that nothing moves while the
 * IP thread is held up.
 */
export function* udpSend(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  address: ULONG,
  port: UINT,
): Generator<Suspension, number, unknown> {
  if (packet.nx_packet_prepend_ptr - UDP_HEADER - LOWER_HEADERS < packet.nx_packet_data_start) {
    reportHeaderRoom(kernel, packet, UDP_HEADER + LOWER_HEADERS, 'NX_UDP_PACKET');
    return NX_UNDERFLOW;
  }
  if (packet.nx_packet_append_ptr > packet.nx_packet_data_end) return NX_OVERFLOW;
  const way = route(ip, address);
  if (way === null || address === 0) return NX_IP_ADDRESS_ERROR;
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  const source = way.networkInterface.nx_interface_ip_address;
  putUdpHeader(socket, packet, port, pseudoHeaderSum(source, address, packet.nx_packet_length + UDP_HEADER));
  handOver(kernel, packet);
  socket.nx_udp_socket_packets_sent++;
  ip.nx_ip_udp_packets_sent++;
  const pending = ipv4Send(kernel, ip, packet, way, source, address, {
    tos: (socket.nx_udp_socket_type_of_service >>> 16) & 0xff,
    ttl: socket.nx_udp_socket_time_to_live & 0xff,
    fragment: socket.nx_udp_socket_fragment_enable,
    protocol: PROTOCOL_UDP,
  });
  if (pending !== null) yield* pending;
  mutexPut(kernel, ip.nx_ip_protection, kernel.current);
  return yield* kernel.finish(NX_SUCCESS);
}

/**
 * Puts the UDP header before a packet.
 *
 * @param pseudoHeader - the sum over the pseudo header, with which the checksum begins
 */
export function putUdpHeader(socket: NX_UDP_SOCKET, packet: NX_PACKET, port: number, pseudoHeader: number): void {
  prepend(packet, UDP_HEADER);
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  const sourcePort = socket.nx_udp_socket_port;
  emitUdpHeader({ sourcePort, destinationPort: port, length, checksum: 0 }, memory, at);
  if (socket.nx_udp_socket_disable_checksum !== 0) return;
  // A sum of zero is sent as all ones: zero would mean that there is none (RFC 768).
  writeUint16(memory, at + 6, foldChecksum(addPacket(pseudoHeader, packet)) || 0xffff);
}
