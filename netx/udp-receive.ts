import { TX_TCP_IP, TX_WAIT_FOREVER, type ULONG } from '../kernel/constants.ts';
import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Out } from '../kernel/out.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_IP_VERSION_V6, NX_NO_PACKET, NX_NO_WAIT, NX_SUCCESS } from './constants.ts';
import { portUnreachable } from './icmpv4.ts';
import type { NX_IP } from './ip.ts';
import { portUnreachable6 } from './ipv6/icmpv6-error.ts';
import { strip, truncate, type NX_PACKET } from './packet.ts';
import { receivedPseudoHeaderSum } from './packet-addresses.ts';
import { addPacket } from './packet-checksum.ts';
import { dropPacket } from './packet-drop.ts';
import { passTo, takeOver } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';
import { foldChecksum } from './wire/checksum.ts';
import { PROTOCOL_UDP } from './wire/ipv4.ts';
import { parseUdpHeader, UDP_HEADER } from './wire/udp.ts';

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
  if (header === null) {
    ip.nx_ip_udp_invalid_packets++;
    dropPacket(kernel, packet, 'udp-header');
    return null;
  }
  truncate(packet, header.length);
  packet.sourcePort = header.sourcePort;
  packet.checksumPending = header.checksum !== 0;
  const socket = ip.udpPorts.get(header.destinationPort);
  if (socket === undefined) {
    ip.nx_ip_udp_no_port_for_delivery++;
    const { ipv6 } = ip;
    if (packet.nx_packet_ip_version === NX_IP_VERSION_V6 && ipv6 !== null) {
      return portUnreachable6(ipv6, packet, header.destinationPort);
    }
    return portUnreachable(kernel, ip, packet, header.destinationPort);
  }
  ip.nx_ip_udp_packets_received++;
  socket.nx_udp_socket_packets_received++;
  const receiver = socket.receivers.first;
  if (receiver?.waitRequest?.kind === 'datagram') {
    receiver.waitRequest.deliver(packet);
    kernel.resume(receiver, NX_SUCCESS);
  } else {
    socket.enqueue(packet);
    if (socket.nx_udp_socket_receive_count > socket.nx_udp_socket_queue_maximum) dropOldest(kernel, ip, socket);
  }
  const { notify } = socket;
  return notify === null ? null : dispatch(kernel, 'receive_notify', () => notify(socket));
}

/** A full queue keeps the newest datagrams. */
function dropOldest(kernel: Kernel, ip: NX_IP, socket: NX_UDP_SOCKET): void {
  const oldest = socket.dequeue();
  if (oldest === null) return;
  ip.nx_ip_udp_receive_packets_dropped++;
  socket.nx_udp_socket_overflow_packets++;
  dropPacket(kernel, oldest, 'queue-full', `port ${socket.nx_udp_socket_port}`);
}

/** Whether a datagram's checksum is right, or there is none to check. */
function checksumHolds(socket: NX_UDP_SOCKET, packet: NX_PACKET): boolean {
  // Over IPv6 the checksum cannot be done without.
  const isOff = socket.nx_udp_socket_disable_checksum !== 0 && packet.nx_packet_ip_version !== NX_IP_VERSION_V6;
  if (!packet.checksumPending || isOff) return true;
  const length = packet.nx_packet_length;
  const pseudoHeader = receivedPseudoHeaderSum(packet, PROTOCOL_UDP, length);
  return foldChecksum(addPacket(pseudoHeader, packet)) === 0;
}

/** Receives a datagram; one with a wrong checksum is dropped, and the wait goes on. */
export function* udpReceive(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  packetOut: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const ip = socket.nx_udp_socket_ip_ptr;
  const service = kernel.op.service;
  const deadline = waitOption === TX_WAIT_FOREVER ? Infinity : kernel.ticks.tick + waitOption;
  for (;;) {
    const delivered: NX_PACKET[] = [];
    const waiting = socket.dequeue();
    if (waiting !== null) {
      delivered.push(waiting);
    } else {
      const left = deadline === Infinity ? TX_WAIT_FOREVER : Math.max(0, deadline - kernel.ticks.tick);
      if (left === NX_NO_WAIT) return NX_NO_PACKET;
      const thread = kernel.current;
      if (thread !== null) thread.waitRequest = { kind: 'datagram', deliver: (packet) => void delivered.push(packet) };
      const status = yield* kernel.suspendCurrent(TX_TCP_IP, socket.receivers, left);
      if (delivered.length === 0) return status;
    }
    const [packet] = delivered;
    if (packet === undefined) return NX_NO_PACKET;
    if (checksumHolds(socket, packet)) {
      strip(packet, UDP_HEADER);
      takeOver(kernel, packet, service);
      packetOut.value = packet;
      return NX_SUCCESS;
    }
    socket.nx_udp_socket_checksum_errors++;
    if (ip !== null) ip.nx_ip_udp_checksum_errors++;
    passTo(packet, 'stack');
    dropPacket(kernel, packet, 'checksum', `port ${socket.nx_udp_socket_port}`);
  }
}
