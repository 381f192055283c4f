import type { Suspension } from '../../kernel/op.ts';
import { NX_IPv6_PACKET, NX_LINK_PACKET_SEND } from '../constants.ts';
import { sendToDriver } from '../driver-call.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { packetBytes, type NX_PACKET } from '../packet.ts';
import { appendBytes } from '../packet-data.ts';
import { packetRelease, takePacket } from '../packet-pool.ts';
import { writeUint16 } from '../wire/bytes.ts';
import type { HardwareAddress } from '../wire/ethernet.ts';
import { FRAGMENT_HEADER, IPV6_HEADER } from '../wire/ipv6.ts';
import { emitFragmentHeader, FRAGMENT_HEADER_LENGTH } from '../wire/ipv6-extensions.ts';
import type { Ipv6 } from './ipv6.ts';

/**
 * Sends a packet in fragments that fit the way (RFC 8200 section 4.5), each in a packet of the instance's pool; what there
 * are no packets for is lost, and with it the whole at its receiver.
 */
export function* sendFragments(
  ip6: Ipv6,
  networkInterface: NX_INTERFACE,
  packet: NX_PACKET,
  to: HardwareAddress,
  mtu: number,
): Generator<Suspension, void, unknown> {
  const { kernel, ip } = ip6;
  const whole = packetBytes(packet);
  packetRelease(kernel, packet);
  const data = whole.subarray(IPV6_HEADER);
  const nextHeader = whole[6] ?? 0;
  const identification = ip6.nextFragmentation;
  ip6.nextFragmentation = (identification + 1) >>> 0;
  const room = (mtu - IPV6_HEADER - FRAGMENT_HEADER_LENGTH) & ~7;
  for (let offset = 0; offset < data.length; offset += room) {
    const piece = data.subarray(offset, offset + room);
    const moreFragments = offset + room < data.length;
    const bytes = new Uint8Array(IPV6_HEADER + FRAGMENT_HEADER_LENGTH + piece.length);
    bytes.set(whole.subarray(0, IPV6_HEADER));
    writeUint16(bytes, 4, bytes.length - IPV6_HEADER);
    bytes[6] = FRAGMENT_HEADER;
    emitFragmentHeader({ nextHeader, offset, moreFragments, identification }, bytes, IPV6_HEADER);
    bytes.set(piece, IPV6_HEADER + FRAGMENT_HEADER_LENGTH);
    const fragment = makePacket(ip6, bytes);
    if (fragment === null) {
      ip.nx_ip_send_packets_dropped++;
      return;
    }
    ip.nx_ip_total_packets_sent++;
    const pending = sendToDriver(ip, networkInterface, NX_LINK_PACKET_SEND, fragment, to);
    if (pending !== null) yield* pending;
  }
}

/** A packet of the instance's pool with these bytes, which begin with an IPv6 header or will get one; null where none is free. */
export function makePacket(ip6: Ipv6, bytes: Uint8Array): NX_PACKET | null {
  const pool = ip6.ip.defaultPool;
  const packet = pool === null ? null : takePacket(ip6.kernel, pool, NX_IPv6_PACKET);
  if (pool === null || packet === null) return null;
  packet.holder = 'stack';
  packet.nx_packet_ip_version = 6;
  if (appendBytes(ip6.kernel, packet, bytes, pool)) return packet;
  packetRelease(ip6.kernel, packet);
  return null;
}
