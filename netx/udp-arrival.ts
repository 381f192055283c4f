import { beginCallback, endCallback, type CallbackFrame } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { isOp, type Op, type Suspension } from '../kernel/op.ts';
import { NX_IP_VERSION_V6, NX_SUCCESS } from './constants.ts';
import { portUnreachable } from './icmpv4.ts';
import type { NX_IP } from './ip.ts';
import { portUnreachable6 } from './ipv6/icmpv6-error.ts';
import { truncate, type NX_PACKET } from './packet.ts';
import { dropPacket } from './packet-drop.ts';
import { NX_PACKET_UDP_RECEIVE_QUEUE } from './packet-marks.ts';
import { belowLowWatermark } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';
import { parseUdpHeader, UDP_HEADER } from './wire/udp.ts';
import { resume } from '../kernel/waiting.ts';

/**
 * Deals with a UDP datagram in the IP thread: gives it to the socket of its port, and calls the socket's
 * `receive_notify`. Its checksum is checked when somebody receives it, as in C.
 */
export function udpArrival(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  const fits = at + UDP_HEADER <= packet.nx_packet_append_ptr;
  // The payload of a chain goes on in other packets: only the header has to lie in this one.
  const end = packet.nx_packet_next === null ? packet.nx_packet_append_ptr : at + length;
  const header = fits ? parseUdpHeader(memory, at, end) : null;
  if (ip.countsUdp) ip.nx_ip_udp_packets_received++;
  if (header === null) {
    if (ip.countsUdp) ip.nx_ip_udp_invalid_packets++;
    dropPacket(kernel, packet, 'udp-header');
    return null;
  }
  truncate(packet, header.length);
  packet.sourcePort = header.sourcePort;
  const socket = ip.udpPorts.get(header.destinationPort);
  if (socket === undefined) {
    if (ip.countsUdp) {
      ip.nx_ip_udp_no_port_for_delivery++;
      ip.nx_ip_udp_receive_packets_dropped++;
    }
    const { ipv6 } = ip;
    return packet.nx_packet_ip_version === NX_IP_VERSION_V6 && ipv6 !== null
      ? portUnreachable6(ipv6, packet, header.destinationPort)
      : portUnreachable(kernel, ip, packet, header.destinationPort);
  }
  countReceived(ip, socket, header.length - UDP_HEADER);
  return deliver(kernel, ip, socket, packet) ? notifyReceiver(kernel, socket) : null;
}

function countReceived(ip: NX_IP, socket: NX_UDP_SOCKET, bytes: number): void {
  if (!socket.counts) return;
  ip.nx_ip_udp_bytes_received += bytes;
  socket.nx_udp_socket_packets_received++;
  socket.nx_udp_socket_bytes_received += bytes;
}

/** Gives a datagram to the thread that has waited longest for one, or lets it wait itself; false where it was dropped. */
function deliver(kernel: Kernel, ip: NX_IP, socket: NX_UDP_SOCKET, packet: NX_PACKET): boolean {
  const receiver = socket.receivers.first;
  if (receiver?.waitRequest?.kind === 'datagram') {
    receiver.waitRequest.packet = packet;
    resume(kernel, receiver, NX_SUCCESS);
    return true;
  }
  if (belowLowWatermark(packet.nx_packet_pool_owner)) {
    if (socket.counts) ip.nx_ip_udp_receive_packets_dropped++;
    dropPacket(kernel, packet, 'queue-full', `port ${socket.nx_udp_socket_port}, pool below its low watermark`);
    return false;
  }
  const wasEmpty = socket.nx_udp_socket_receive_count === 0;
  packet.queuedIn = NX_PACKET_UDP_RECEIVE_QUEUE;
  socket.queue.push(packet);
  // The first datagram finds room whatever the maximum is.
  if (!wasEmpty && socket.nx_udp_socket_receive_count > socket.nx_udp_socket_queue_maximum) {
    dropOldest(kernel, ip, socket);
  }
  return true;
}

/** A full queue keeps the newest datagrams. */
function dropOldest(kernel: Kernel, ip: NX_IP, socket: NX_UDP_SOCKET): void {
  const oldest = socket.queue.shift();
  if (oldest === null) return;
  if (socket.counts) {
    ip.nx_ip_udp_receive_packets_dropped++;
    socket.nx_udp_socket_packets_dropped++;
  }
  dropPacket(kernel, oldest, 'queue-full', `port ${socket.nx_udp_socket_port}`);
}

/** Calls the socket's `receive_notify`, for every datagram that has arrived, whatever became of it. */
function notifyReceiver(kernel: Kernel, socket: NX_UDP_SOCKET): Pending {
  const { notify } = socket;
  if (notify === null) return null;
  const frame = beginCallback(kernel, 'receive_notify');
  const result = notify(socket);
  if (isOp(result)) return runNotify(kernel, frame, result);
  endCallback(kernel, frame);
  return null;
}

function* runNotify(kernel: Kernel, frame: CallbackFrame, callback: Op<void>): Generator<Suspension, void, unknown> {
  try {
    yield* callback;
  } finally {
    endCallback(kernel, frame);
  }
}
