import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_FRAGMENT_OKAY, NX_IP_PACKET, NX_IP_TIME_TO_LIVE } from './constants.ts';
import { netxState } from './device-state.ts';
import { isOwnAddress, route, type NX_IP } from './ip.ts';
import { ipv4Send } from './ipv4-send.ts';
import type { NX_PACKET } from './packet.ts';
import { appendBytes } from './packet-data.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import { stackPool } from './stack-pool.ts';
import {
  emitIcmpv4Header,
  ICMPV4_DESTINATION_UNREACHABLE,
  ICMPV4_ECHO_REPLY,
  ICMPV4_ECHO_REQUEST,
  ICMPV4_HEADER,
  ICMPV4_PORT_UNREACHABLE,
  parseIcmpv4Header,
} from './wire/icmpv4.ts';
import { IPV4_HEADER, PROTOCOL_ICMP } from './wire/ipv4.ts';
import { UDP_HEADER } from './wire/udp.ts';

/** Sends an ICMP message back to whoever sent the packet that it answers. */
function* answer(kernel: Kernel, ip: NX_IP, message: NX_PACKET, to: number): Generator<Suspension, void, unknown> {
  const way = route(ip, to);
  if (way === null) {
    packetRelease(kernel, message);
    return;
  }
  const source = way.networkInterface.nx_interface_ip_address;
  const options = { tos: 0, ttl: NX_IP_TIME_TO_LIVE, fragment: NX_FRAGMENT_OKAY, protocol: PROTOCOL_ICMP };
  yield* ipv4Send(kernel, ip, message, way, source, to, options);
}

/** Deals with an ICMP message in the IP thread: an echo request goes back as a reply, in the packet that it came in. */
export function* icmpReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Generator<Suspension, void, unknown> {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_append_ptr: end } = packet;
  const header = packet.nx_packet_next === null ? parseIcmpv4Header(memory, at, end) : null;
  if (header?.type !== ICMPV4_ECHO_REQUEST || !isOwnAddress(ip, packet.destinationAddress)) {
    const detail = `${packet.nx_packet_length} bytes of ICMP`;
    netxState(kernel).trace?.record({ type: 'datagram-dropped', reason: 'protocol', detail });
    packetRelease(kernel, packet);
    return;
  }
  emitIcmpv4Header({ ...header, type: ICMPV4_ECHO_REPLY, code: 0 }, memory, at, end);
  yield* answer(kernel, ip, packet, packet.sourceAddress);
}

/**
 * Tells the sender of a datagram that nobody has the port it went to (RFC 1122 section 3.2.2.1), where ICMP is on and the
 * datagram was for this host alone; releases the datagram.
 */
export function* portUnreachable(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Generator<Suspension, void, unknown> {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, sourceAddress } = packet;
  // The headers of the datagram are still there before and at the payload: they are quoted.
  const quoted = memory.slice(at - IPV4_HEADER, at + UDP_HEADER);
  const isForUsAlone = isOwnAddress(ip, packet.destinationAddress);
  packetRelease(kernel, packet);
  const pool = stackPool(ip, NX_IP_PACKET + ICMPV4_HEADER + IPV4_HEADER + UDP_HEADER);
  const message = ip.icmpEnabled && isForUsAlone && pool !== null ? takePacket(kernel, pool, NX_IP_PACKET) : null;
  if (message === null) return;
  message.holder = 'stack';
  const bytes = new Uint8Array(ICMPV4_HEADER + quoted.length);
  bytes.set(quoted, ICMPV4_HEADER);
  const type = ICMPV4_DESTINATION_UNREACHABLE;
  emitIcmpv4Header({ type, code: ICMPV4_PORT_UNREACHABLE, identifier: 0, sequence: 0 }, bytes, 0, bytes.length);
  if (appendBytes(kernel, message, bytes, message.nx_packet_pool_owner))
    yield* answer(kernel, ip, message, sourceAddress);
  else packetRelease(kernel, message);
}
