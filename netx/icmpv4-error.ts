import type { Kernel } from '../kernel/kernel.ts';
import { NX_FRAGMENT_OKAY, NX_IP_PACKET, NX_IP_TIME_TO_LIVE } from './constants.ts';
import { NX_IP_LIMITED_BROADCAST } from './constants-ip.ts';
import type { NX_IP } from './ip.ts';
import { isBroadcast, isLoopback, isMulticast, route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import type { NX_PACKET } from './packet.ts';
import { ipv4Destination, ipv4Source } from './packet-addresses.ts';
import { appendBytes, copyOut } from './packet-data.ts';
import { dropPacket, type DropReason } from './packet-drop.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { readUint16 } from './wire/bytes.ts';
import { emitIcmpv4Header, ICMPV4_ECHO_REPLY, ICMPV4_ECHO_REQUEST, ICMPV4_HEADER } from './wire/icmpv4.ts';
import { PROTOCOL_ICMP } from './wire/ipv4.ts';

/** Bytes of the payload that an error quotes after the header (RFC 792). */
const QUOTED = 8;

/**
 * Gives up a received packet, whose IP header was stripped, and tells its sender why by an ICMP error, where ICMP is on and
 * the packet is one that errors are sent about (RFC 1122 section 3.2.2).
 *
 * @param nextMtu - the MTU of a link that would have needed fragments (RFC 1191), else 0
 */
export function icmpError(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  reason: DropReason,
  type: number,
  code: number,
  nextMtu = 0,
): Pending {
  const sender = ipv4Source(packet);
  const isWanted = ip.icmpEnabled && isAnswerable(packet);
  const quoted = isWanted ? quote(packet) : null;
  dropPacket(kernel, packet, reason);
  const way = quoted === null ? null : route(ip, sender);
  const pool = ip.defaultPool;
  if (quoted === null || way === null || pool === null) return null;
  const message = takePacket(kernel, pool, NX_IP_PACKET);
  if (message === null) return null;
  message.holder = 'stack';
  emitIcmpv4Header({ type, code, identifier: 0, sequence: nextMtu }, quoted, 0, quoted.length);
  if (!appendBytes(kernel, message, quoted, pool)) {
    packetRelease(kernel, message);
    return null;
  }
  const source = way.networkInterface.nx_interface_ip_address;
  const options = { tos: 0, ttl: NX_IP_TIME_TO_LIVE, fragment: NX_FRAGMENT_OKAY, protocol: PROTOCOL_ICMP };
  return ipv4Send(kernel, ip, message, way, source, sender, options);
}

/** An ICMP message with a packet's IP header and the beginning of its payload, before its own header is written. */
function quote(packet: NX_PACKET): Uint8Array {
  const { nx_packet_memory: memory, nx_packet_ip_header: at, nx_packet_ip_header_length: headerLength } = packet;
  const size = Math.min(QUOTED, packet.nx_packet_length);
  const bytes = new Uint8Array(ICMPV4_HEADER + headerLength + size);
  bytes.set(memory.subarray(at, at + headerLength), ICMPV4_HEADER);
  copyOut(packet, 0, bytes.subarray(ICMPV4_HEADER + headerLength), size);
  return bytes;
}

/** No errors about errors, about what was for many, about all fragments but the first, nor to what is no single host. */
function isAnswerable(packet: NX_PACKET): boolean {
  const { nx_packet_memory: memory, nx_packet_ip_header: at, nx_packet_ip_interface: networkInterface } = packet;
  const source = ipv4Source(packet);
  const destination = ipv4Destination(packet);
  if (source === 0 || source === NX_IP_LIMITED_BROADCAST || isMulticast(source) || isLoopback(source)) return false;
  if (isMulticast(destination) || networkInterface === null || isBroadcast(networkInterface, destination)) return false;
  if ((readUint16(memory, at + 6) & 0x1fff) !== 0) return false;
  if ((memory[at + 9] ?? 0) !== PROTOCOL_ICMP) return true;
  const type = memory[packet.nx_packet_prepend_ptr] ?? 0;
  return type === ICMPV4_ECHO_REQUEST || type === ICMPV4_ECHO_REPLY;
}
