import type { Kernel } from '../kernel/kernel.ts';
import { NX_FRAGMENT_OKAY, NX_IPv4_PACKET } from './constants.ts';
import { netxState } from './device-state.ts';
import type { NX_IP } from './ip.ts';
import { isBroadcast, route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import { formatIpv4 } from './nxd-address.ts';
import type { NX_PACKET } from './packet.ts';
import { ipv4Destination, ipv4Source } from './packet-addresses.ts';
import { appendBytes } from './packet-data.ts';
import { dropPacket, type DropReason } from './packet-drop.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { stackPool } from './stack-pool.ts';
import { readUint16, readUint32 } from './wire/bytes.ts';
import { emitIcmpv4Header, ICMPV4_HEADER, isIcmpv4Error, type Icmpv4Header } from './wire/icmpv4.ts';
import { IPV4_HEADER, PROTOCOL_ICMP } from './wire/ipv4.ts';

/** Errors go far: they are for whoever sent the packet, not for a neighbour. */
const TIME_TO_LIVE = 255;
/** Bytes of a datagram's payload that an error quotes after its header (RFC 792). */
const QUOTED_PAYLOAD = 8;

const UNREACHABLE = ['network', 'host', 'protocol', 'port'];
const NAMES: Readonly<Record<number, (code: number) => string>> = {
  3: (code) => (code === 4 ? 'fragmentation needed' : `${UNREACHABLE[code] ?? `code ${code}`} unreachable`),
  4: () => 'source quench',
  5: () => 'redirect',
  11: (code) => (code === 0 ? 'time exceeded in transit' : 'reassembly time exceeded'),
  12: () => 'parameter problem',
};

const isOneHost = (address: number): boolean =>
  address !== 0 && address >>> 24 !== 127 && address >>> 28 !== 14 && address >>> 28 !== 15;

/**
 * Tells the sender of a packet that it went nowhere (C: `_nx_icmpv4_send_error_message`), where ICMP is on and RFC 1122
 * section 3.2.2 lets one: never for an ICMP error, a group, everybody, a fragment but the first, or a sender that is not
 * one host. The packet stays the caller's.
 *
 * @param packet - as it was received: `nx_packet_ip_header` is where its IP header is in the packet's memory
 * @param type - `ICMPV4_TIME_EXCEEDED` and the like
 * @param extra - the second word of the message: a pointer in its upper byte, or a next hop's MTU in its lower half
 */
export function icmpv4Error(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  type: number,
  code: number,
  extra = 0,
): Pending {
  const pool = stackPool(ip, NX_IPv4_PACKET + ICMPV4_HEADER + headerLength(packet) + QUOTED_PAYLOAD);
  if (!ip.icmpEnabled || pool === null || !mayBeAnswered(packet)) return null;
  const way = route(ip, ipv4Source(packet));
  const message = way === null ? null : takePacket(kernel, pool, NX_IPv4_PACKET);
  if (way === null || message === null) return null;
  message.holder = 'stack';
  const bytes = new Uint8Array(ICMPV4_HEADER + headerLength(packet) + QUOTED_PAYLOAD);
  const quoted = quote(packet);
  bytes.set(quoted, ICMPV4_HEADER);
  const header = { type, code, identifier: extra >>> 16, sequence: extra & 0xffff };
  const length = ICMPV4_HEADER + quoted.length;
  emitIcmpv4Header(header, bytes, 0, length);
  if (!appendBytes(kernel, message, bytes.subarray(0, length), pool)) {
    packetRelease(kernel, message);
    return null;
  }
  ip.icmpErrorsSent++;
  const options = { tos: 0, ttl: TIME_TO_LIVE, fragment: NX_FRAGMENT_OKAY, protocol: PROTOCOL_ICMP };
  return ipv4Send(kernel, ip, message, way, way.networkInterface.nx_interface_ip_address, ipv4Source(packet), options);
}

/**
 * Gives up a received packet, and tells its sender why by an ICMP error where one may be sent ({@link icmpv4Error}).
 *
 * @param extra - the second word of the message
 */
export function dropWithIcmpError(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  reason: DropReason,
  type: number,
  code: number,
  extra = 0,
): Pending {
  const pending = icmpv4Error(kernel, ip, packet, type, code, extra);
  dropPacket(kernel, packet, reason);
  return pending;
}

const headerLength = ({ nx_packet_memory: memory, nx_packet_ip_header: at }: NX_PACKET): number =>
  ((memory[at] ?? 0) & 15) * 4;

/** The IP header of a packet and the first bytes behind it, as far as they lie in its first part. */
function quote(packet: NX_PACKET): Uint8Array {
  const { nx_packet_memory: memory, nx_packet_ip_header: at, nx_packet_append_ptr: end } = packet;
  return memory.subarray(at, Math.min(at + headerLength(packet) + QUOTED_PAYLOAD, end));
}

function mayBeAnswered(packet: NX_PACKET): boolean {
  const { nx_packet_memory: memory, nx_packet_ip_header: at, nx_packet_ip_interface: networkInterface } = packet;
  const [source, destination] = [ipv4Source(packet), ipv4Destination(packet)];
  if (!isOneHost(source) || destination >>> 28 === 14 || destination === 0xffffffff) return false;
  if (networkInterface !== null && isBroadcast(networkInterface, destination)) return false;
  if (networkInterface !== null && isBroadcast(networkInterface, source)) return false;
  if ((readUint16(memory, at + 6) & 0x1fff) !== 0) return false;
  return memory[at + 9] !== PROTOCOL_ICMP || !isIcmpv4Error(memory[at + headerLength(packet)] ?? 0);
}

/** Notes an error that somebody reports of a packet of this host. NetX does no more with it. */
export function noteIcmpv4Error(kernel: Kernel, packet: NX_PACKET, { type, code }: Icmpv4Header): void {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_append_ptr: end } = packet;
  const inner = at + ICMPV4_HEADER;
  netxState(kernel).trace?.record({
    type: 'icmp-error-received',
    error: NAMES[type]?.(code) ?? `type ${type}`,
    from: formatIpv4(ipv4Source(packet)),
    about: inner + IPV4_HEADER <= end ? formatIpv4(readUint32(memory, inner + 16)) : '',
  });
}
