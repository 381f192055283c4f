import type { Kernel } from '../kernel/kernel.ts';
import { NX_FRAGMENT_OKAY, NX_IP_PACKET, NX_IP_TIME_TO_LIVE } from './constants.ts';
import { netxState } from './device-state.ts';
import type { NX_IP } from './ip.ts';
import { isOwnAddress, route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import type { NX_PACKET } from './packet.ts';
import { ipv4Destination, ipv4Source } from './packet-addresses.ts';
import { appendBytes } from './packet-data.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
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
import { PROTOCOL_ICMP } from './wire/ipv4.ts';
import { UDP_HEADER } from './wire/udp.ts';

/** Sends an ICMP message back to whoever sent the packet that it answers. */
function answer(kernel: Kernel, ip: NX_IP, message: NX_PACKET, to: number): Pending {
  const way = route(ip, to);
  if (way === null) {
    packetRelease(kernel, message);
    return null;
  }
  const source = way.networkInterface.nx_interface_ip_address;
  const options = { tos: 0, ttl: NX_IP_TIME_TO_LIVE, fragment: NX_FRAGMENT_OKAY, protocol: PROTOCOL_ICMP };
  return ipv4Send(kernel, ip, message, way, source, to, options);
}

/** Deals with an ICMP message in the IP thread: an echo request goes back as a reply, in the packet that it came in. */
export function icmpReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_append_ptr: end } = packet;
  const header = packet.nx_packet_next === null ? parseIcmpv4Header(memory, at, end) : null;
  if (header?.type !== ICMPV4_ECHO_REQUEST || !isOwnAddress(ip, ipv4Destination(packet))) {
    dropPacket(kernel, packet, 'protocol', `${packet.nx_packet_length} bytes of ICMP`);
    return null;
  }
  const sender = ipv4Source(packet);
  emitIcmpv4Header({ ...header, type: ICMPV4_ECHO_REPLY, code: 0 }, memory, at, end);
  return answer(kernel, ip, packet, sender);
}

/**
 * Tells the sender of a datagram that nobody has the port it went to (RFC 1122 section 3.2.2.1), where ICMP is on and the
 * datagram was for this host alone; releases the datagram.
 */
export function portUnreachable(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, port: number): Pending {
  netxState(kernel).trace?.record({ type: 'datagram-dropped', reason: 'no-port', detail: `port ${port}` });
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at } = packet;
  const sender = ipv4Source(packet);
  // The headers of the datagram are still there before and at the payload: they are quoted.
  const quoted = memory.slice(packet.nx_packet_ip_header, at + UDP_HEADER);
  const isForUsAlone = isOwnAddress(ip, ipv4Destination(packet));
  packetRelease(kernel, packet);
  const pool = stackPool(ip, NX_IP_PACKET + ICMPV4_HEADER + quoted.length);
  const message = ip.icmpEnabled && isForUsAlone && pool !== null ? takePacket(kernel, pool, NX_IP_PACKET) : null;
  if (message === null) return null;
  message.holder = 'stack';
  const bytes = new Uint8Array(ICMPV4_HEADER + quoted.length);
  bytes.set(quoted, ICMPV4_HEADER);
  const type = ICMPV4_DESTINATION_UNREACHABLE;
  emitIcmpv4Header({ type, code: ICMPV4_PORT_UNREACHABLE, identifier: 0, sequence: 0 }, bytes, 0, bytes.length);
  if (appendBytes(kernel, message, bytes, message.nx_packet_pool_owner)) return answer(kernel, ip, message, sender);
  packetRelease(kernel, message);
  return null;
}
