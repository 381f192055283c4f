import type { ULONG } from '../kernel/constants.ts';
import { NX_IP_VERSION_V4, NX_IP_VERSION_V6 } from './constants.ts';
import type { NXD_ADDRESS } from './nxd-address.ts';
import type { NX_PACKET } from './packet.ts';
import { readUint32 } from './wire/bytes.ts';
import { addBytes } from './wire/checksum.ts';

/*
 * Who sent a packet and whom it is for is read from the IP header, which stays in the packet's memory before its payload
 * (`nx_packet_ip_header`).
 */

const V4_SOURCE = 12;
const V4_DESTINATION = 16;
const V6_SOURCE = 8;
const V6_DESTINATION = 24;

/** The sender's address in a received IPv4 packet. */
export function ipv4Source({ nx_packet_memory: memory, nx_packet_ip_header: at }: NX_PACKET): ULONG {
  return readUint32(memory, at + V4_SOURCE);
}

/** The receiver's address in a received IPv4 packet. */
export function ipv4Destination({ nx_packet_memory: memory, nx_packet_ip_header: at }: NX_PACKET): ULONG {
  return readUint32(memory, at + V4_DESTINATION);
}

function readAddress(packet: NX_PACKET, v4: number, v6: number, into: NXD_ADDRESS): void {
  const { nx_packet_memory: memory, nx_packet_ip_header: at } = packet;
  if (packet.nx_packet_ip_version === NX_IP_VERSION_V6) {
    into.nxd_ip_version = NX_IP_VERSION_V6;
    for (let word = 0; word < 4; word++) into.nxd_ip_address.v6[word] = readUint32(memory, at + v6 + word * 4);
    return;
  }
  into.nxd_ip_version = NX_IP_VERSION_V4;
  into.nxd_ip_address.v4 = readUint32(memory, at + v4);
}

/** Reads the sender's address of a received packet, of either version. */
export function readSource(packet: NX_PACKET, into: NXD_ADDRESS): void {
  readAddress(packet, V4_SOURCE, V6_SOURCE, into);
}

/** Reads the receiver's address of a received packet, of either version. */
export function readDestination(packet: NX_PACKET, into: NXD_ADDRESS): void {
  readAddress(packet, V4_DESTINATION, V6_DESTINATION, into);
}

/**
 * The sum over the pseudo header of a received packet, with which the checksum of its payload begins: both addresses, the
 * protocol and the length (RFC 768, RFC 8200 section 8.1).
 */
export function receivedPseudoHeaderSum(packet: NX_PACKET, protocol: number, length: number): number {
  const { nx_packet_memory: memory, nx_packet_ip_header: at } = packet;
  const isV6 = packet.nx_packet_ip_version === NX_IP_VERSION_V6;
  const start = at + (isV6 ? V6_SOURCE : V4_SOURCE);
  return addBytes(protocol + length, memory, start, start + (isV6 ? 32 : 8));
}
