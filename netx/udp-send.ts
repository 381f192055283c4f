import { TX_WAIT_FOREVER, type UINT, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { mutexGet } from '../kernel/mutex.ts';
import { compound, type Op, type Suspension } from '../kernel/op.ts';
import { NX_IP_ADDRESS_ERROR, NX_SUCCESS } from './constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { unlockIp } from './ip-seconds.ts';
import { route, type Route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import { prepend, type NX_PACKET } from './packet.ts';
import { addPacket } from './packet-checksum.ts';
import { handOver } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';
import { writeUint16 } from './wire/bytes.ts';
import { foldChecksum } from './wire/checksum.ts';
import { PROTOCOL_UDP } from './wire/ipv4.ts';
import { emitUdpHeader, pseudoHeaderSum, UDP_HEADER } from './wire/udp.ts';

/**
 * Puts the UDP header before a packet and sends it. The caller has made sure that there is room for the headers.
 *
 * @param only - the one interface to send it out of, or null for that of the route
 */
export function udpSend(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  address: ULONG,
  port: UINT,
  only: NX_INTERFACE | null = null,
): Op<UINT> {
  const way = route(ip, address, only);
  if (way === null) return kernel.finish(NX_IP_ADDRESS_ERROR);
  return udpSendFrom(kernel, socket, ip, packet, way, way.networkInterface.nx_interface_ip_address, address, port);
}

/**
 * Sends a packet as a datagram of a given source address, on a way that was found. Holds the IP mutex while it does, so
 * that nothing moves while the IP thread is held up. Nearly always the mutex is free and the time of the call is spent at
 * once: then nothing has to wait, and no generator is needed.
 */
export function udpSendFrom(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  way: Route,
  source: ULONG,
  address: ULONG,
  port: UINT,
): Op<UINT> {
  const { op } = kernel;
  const { tx_mutex_ownership_count: taken, tx_mutex_owner: owner } = ip.nx_ip_protection;
  if ((taken > 0 && owner !== kernel.current) || !kernel.mayContinue(op)) {
    return compound(op, sendLater(kernel, socket, ip, packet, way, source, address, port));
  }
  // A driver that is called from here may call services itself.
  const { pending: service } = op;
  op.pending = null;
  mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  const pending = transmit(kernel, socket, ip, packet, way, source, address, port);
  if (pending === null) unlockIp(kernel, ip);
  op.pending = service;
  return pending === null ? kernel.finish(NX_SUCCESS) : compound(op, sent(kernel, ip, pending));
}

function* sendLater(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  way: Route,
  source: ULONG,
  address: ULONG,
  port: UINT,
): Generator<Suspension, number, unknown> {
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  return yield* sent(kernel, ip, transmit(kernel, socket, ip, packet, way, source, address, port));
}

/** Waits for what the driver still does, and gives the IP mutex back. */
function* sent(kernel: Kernel, ip: NX_IP, pending: Pending): Generator<Suspension, number, unknown> {
  if (pending !== null) yield* pending;
  unlockIp(kernel, ip);
  return yield* kernel.finish(NX_SUCCESS);
}

function transmit(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  way: Route,
  source: ULONG,
  address: ULONG,
  port: UINT,
): Pending {
  countSent(ip, socket, packet.nx_packet_length);
  putUdpHeader(socket, packet, port, pseudoHeaderSum(source, address, packet.nx_packet_length + UDP_HEADER));
  handOver(kernel, packet);
  return ipv4Send(kernel, ip, packet, way, source, address, {
    tos: (socket.nx_udp_socket_type_of_service >>> 16) & 0xff,
    ttl: socket.nx_udp_socket_time_to_live & 0xff,
    fragment: socket.nx_udp_socket_fragment_enable,
    protocol: PROTOCOL_UDP,
  });
}

/** Counts a datagram of so many bytes of payload. */
export function countSent(ip: NX_IP, socket: NX_UDP_SOCKET, bytes: number): void {
  if (!socket.counts) return;
  socket.nx_udp_socket_packets_sent++;
  socket.nx_udp_socket_bytes_sent += bytes;
  ip.nx_ip_udp_packets_sent++;
  ip.nx_ip_udp_bytes_sent += bytes;
}

/**
 * Puts the UDP header before a packet.
 *
 * @param pseudoHeader - the sum over the pseudo header, with which the checksum begins
 * @param mandatory - whether a wish for none does not count, as it does not in IPv6 (RFC 8200 section 8.1)
 */
export function putUdpHeader(
  socket: NX_UDP_SOCKET,
  packet: NX_PACKET,
  port: number,
  pseudoHeader: number,
  mandatory = false,
): void {
  prepend(packet, UDP_HEADER);
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  const sourcePort = socket.nx_udp_socket_port;
  emitUdpHeader({ sourcePort, destinationPort: port, length, checksum: 0 }, memory, at);
  const wanted = socket.makesChecksums && socket.nx_udp_socket_disable_checksum === 0;
  if (!wanted && !mandatory) return;
  // A sum of zero is sent as all ones: zero would mean that there is none (RFC 768).
  writeUint16(memory, at + 6, foldChecksum(addPacket(pseudoHeader, packet)) || 0xffff);
}
