import { TX_TCP_IP, type UINT, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Out } from '../kernel/out.ts';
import { compound, type Op, type Suspension } from '../kernel/op.ts';
import { NX_IP_VERSION_V6, NX_NO_PACKET, NX_NO_WAIT, NX_NOT_BOUND, NX_SUCCESS } from './constants.ts';
import { strip, type NX_PACKET } from './packet.ts';
import { receivedPseudoHeaderSum } from './packet-addresses.ts';
import { addPacket } from './packet-checksum.ts';
import { dropPacket } from './packet-drop.ts';
import { passTo, takeOver } from './packet-pool.ts';
import type { DatagramRequest, NX_UDP_SOCKET } from './udp-socket.ts';
import { readUint16 } from './wire/bytes.ts';
import { foldChecksum } from './wire/checksum.ts';
import { PROTOCOL_UDP } from './wire/ipv4.ts';
import { UDP_HEADER } from './wire/udp.ts';
import { suspendCurrent } from '../kernel/waiting.ts';

/** Receives a datagram; one with a wrong checksum is dropped, and the wait begins anew. */
export function udpReceive(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  packetOut: Out<NX_PACKET>,
  waitOption: ULONG,
): Op<UINT> {
  if (takeQueued(kernel, socket, packetOut, kernel.op.service)) return kernel.finish(NX_SUCCESS);
  if (waitOption === NX_NO_WAIT) return kernel.finish(NX_NO_PACKET);
  return compound(kernel.op, awaitDatagram(kernel, socket, packetOut, waitOption));
}

/** Gives the caller the oldest good datagram of the queue; false where there is none. */
function takeQueued(kernel: Kernel, socket: NX_UDP_SOCKET, packetOut: Out<NX_PACKET>, service: string): boolean {
  for (let packet = socket.queue.shift(); packet !== null; packet = socket.queue.shift()) {
    if (give(kernel, socket, packet, packetOut, service)) return true;
  }
  return false;
}

function* awaitDatagram(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  packetOut: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { service } = kernel.op;
  for (;;) {
    const request: DatagramRequest = { kind: 'datagram', packet: null };
    const thread = kernel.current;
    if (thread !== null) thread.waitRequest = request;
    const status = yield* suspendCurrent(kernel, TX_TCP_IP, socket.receivers, waitOption);
    if (request.packet === null) return status;
    if (give(kernel, socket, request.packet, packetOut, service)) return NX_SUCCESS;
    if (!socket.isBound) return NX_NOT_BOUND;
    // Others may have come since this thread was woken.
    if (takeQueued(kernel, socket, packetOut, service)) return NX_SUCCESS;
  }
}

/** Gives a datagram to the application, without its header; drops it, and gives false, where its checksum is wrong. */
function give(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  packet: NX_PACKET,
  packetOut: Out<NX_PACKET>,
  service: string,
): boolean {
  if (checksumHolds(socket, packet)) {
    strip(packet, UDP_HEADER);
    takeOver(kernel, packet, service);
    packetOut.value = packet;
    return true;
  }
  countBad(socket, packet.nx_packet_length - UDP_HEADER);
  passTo(packet, 'stack');
  dropPacket(kernel, packet, 'checksum', `port ${socket.nx_udp_socket_port}`);
  return false;
}

/** A datagram that turns out to be damaged does not count as received. */
function countBad(socket: NX_UDP_SOCKET, bytes: number): void {
  const ip = socket.nx_udp_socket_ip_ptr;
  if (!socket.counts || ip === null) return;
  socket.nx_udp_socket_checksum_errors++;
  socket.nx_udp_socket_packets_received--;
  socket.nx_udp_socket_bytes_received -= bytes;
  ip.nx_ip_udp_checksum_errors++;
  ip.nx_ip_udp_invalid_packets++;
  ip.nx_ip_udp_packets_received--;
  ip.nx_ip_udp_bytes_received -= bytes;
}

/**
 * Whether a datagram's checksum is right, or there is none to check: none was made, or this socket does not look. Over
 * IPv6 there has to be one, and it is always looked at (RFC 8200 section 8.1).
 */
function checksumHolds(socket: NX_UDP_SOCKET, packet: NX_PACKET): boolean {
  if (!socket.checksChecksums) return true;
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  const none = readUint16(memory, at + 6) === 0;
  if (packet.nx_packet_ip_version === NX_IP_VERSION_V6) {
    if (none) return false;
  } else if (none || socket.nx_udp_socket_disable_checksum !== 0) {
    return true;
  }
  return foldChecksum(addPacket(receivedPseudoHeaderSum(packet, PROTOCOL_UDP, length), packet)) === 0;
}
