import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_PHYSICAL_HEADER } from './constants.ts';
import { sendToDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { appendBytes, copyOut } from './packet-data.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { HardwareAddress } from './wire/ethernet.ts';
import { IPV4_HEADER, parseIpv4Header, type Ipv4Header } from './wire/ipv4.ts';
import { laterFragmentHeader, writeFragmentFields } from './wire/ipv4-fragment.ts';

/** Fragments begin at multiples of this many bytes of payload. */
const UNIT = 8;

/**
 * Sends a packet in fragments that the link takes (RFC 791 section 3.2), each a chain of packets of the default pool. They
 * go out one by one; where the pool runs dry the rest is given up, and so is the datagram, by its receiver.
 */
export function* sendFragments(
  kernel: Kernel,
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: number,
  packet: NX_PACKET,
  to: HardwareAddress,
): Generator<Suspension, void, unknown> {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  const parsed = parseIpv4Header(memory, at, at + length);
  ip.nx_ip_total_fragment_requests++;
  if (parsed === null) {
    fail(kernel, ip, packet, 'mtu');
    return;
  }
  const first = memory.slice(at, at + parsed.headerLength);
  const later = laterFragmentHeader(first);
  const end = length - parsed.headerLength;
  for (let offset = 0; offset < end;) {
    const header = offset === 0 ? first : later;
    const room = networkInterface.nx_interface_ip_mtu_size - header.length;
    const size = end - offset <= room ? end - offset : room - (room % UNIT);
    const fragment = size < 1 ? null : makeFragment(kernel, ip, packet, parsed, header, offset, size);
    if (fragment === null) {
      fail(kernel, ip, packet, size < 1 ? 'mtu' : 'no-packet');
      return;
    }
    offset += size;
    ip.nx_ip_total_fragments_sent++;
    ip.nx_ip_total_packets_sent++;
    ip.nx_ip_total_bytes_sent += fragment.nx_packet_length - IPV4_HEADER;
    const pending = sendToDriver(ip, networkInterface, command, fragment, to);
    if (pending !== null) yield* pending;
  }
  ip.nx_ip_successful_fragment_requests++;
  packetRelease(kernel, packet);
}

/** A fragment of a packet's payload; null where the pool has too few packets for it. */
function makeFragment(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  parsed: Ipv4Header,
  header: Uint8Array,
  offset: number,
  size: number,
): NX_PACKET | null {
  const pool = ip.defaultPool;
  const fragment = pool === null ? null : takePacket(kernel, pool, NX_PHYSICAL_HEADER);
  if (fragment === null) return null;
  fragment.holder = 'stack';
  const bytes = new Uint8Array(header.length + size);
  bytes.set(header);
  copyOut(packet, parsed.headerLength + offset, bytes.subarray(header.length), size);
  // The packet may be a fragment itself, which a router cuts up again.
  const isLast = parsed.headerLength + offset + size === packet.nx_packet_length;
  writeFragmentFields(bytes, 0, header.length, {
    totalLength: bytes.length,
    fragmentOffset: parsed.fragmentOffset + offset,
    moreFragments: !isLast || parsed.moreFragments,
  });
  if (appendBytes(kernel, fragment, bytes, fragment.nx_packet_pool_owner)) return fragment;
  packetRelease(kernel, fragment);
  return null;
}

function fail(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, reason: 'mtu' | 'no-packet'): void {
  ip.nx_ip_fragment_failures++;
  ip.nx_ip_send_packets_dropped++;
  if (reason === 'no-packet') ip.nx_ip_transmit_resource_errors++;
  dropPacket(kernel, packet, reason);
}
