import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PACKET,
  NX_IP_VERSION_V4,
  NX_IP_VERSION_V6,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { NX_PACKET } from '../packet.ts';
import { ipv4Source, readSource } from '../packet-addresses.ts';
import { IPV4_HEADER, PROTOCOL_UDP } from '../wire/ipv4.ts';
import { UDP_HEADER } from '../wire/udp.ts';

/** The interface index of a packet that came in on none. */
const NO_INTERFACE = 0xffffffff;

/** Whether a packet has its sender's IP header before its payload. */
const isReceived = ({ nx_packet_ip_version: version }: NX_PACKET): boolean =>
  version === NX_IP_VERSION_V4 || version === NX_IP_VERSION_V6;

/**
 * Who sent a datagram (C: `nx_udp_source_extract`). May be called from anywhere.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PACKET` for a packet that was not received over IPv4, or whose
 *   headers are no longer before its payload
 */
export function nx_udp_source_extract(
  packet_ptr: NX_PACKET | null,
  ip_address: Out<ULONG> | null,
  port: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nx_udp_source_extract');
  if (packet_ptr === null || ip_address === null || port === null) return kernel.finish(NX_PTR_ERROR);
  const room = packet_ptr.nx_packet_prepend_ptr - packet_ptr.nx_packet_data_start;
  if (packet_ptr.nx_packet_ip_version !== NX_IP_VERSION_V4 || room < IPV4_HEADER + UDP_HEADER) {
    return kernel.finish(NX_INVALID_PACKET);
  }
  ip_address.value = ipv4Source(packet_ptr);
  port.value = packet_ptr.sourcePort;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Who sent a datagram, as an address of either version (C: `nxd_udp_source_extract`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PACKET` for a packet that was not received; `NX_CALLER_ERROR` unless
 *   called from a thread
 */
export function nxd_udp_source_extract(
  packet_ptr: NX_PACKET | null,
  ip_address: NXD_ADDRESS | null,
  port: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_udp_source_extract');
  if (packet_ptr === null || ip_address === null || port === null) return kernel.finish(NX_PTR_ERROR);
  if (!isReceived(packet_ptr)) return kernel.finish(NX_INVALID_PACKET);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  readSource(packet_ptr, ip_address);
  port.value = packet_ptr.sourcePort;
  return kernel.finish(NX_SUCCESS);
}

/** What both forms tell of a datagram besides its sender's address. */
function extractOthers(
  packet: NX_PACKET,
  protocol: Out<UINT> | null,
  port: Out<UINT> | null,
  interfaceIndex: Out<UINT> | null,
): void {
  if (port !== null) port.value = packet.sourcePort;
  if (protocol !== null) protocol.value = PROTOCOL_UDP;
  if (interfaceIndex === null) return;
  interfaceIndex.value = packet.nx_packet_ip_interface?.nx_interface_index ?? NO_INTERFACE;
}

/**
 * Who sent a datagram, and what it came in on (C: `nx_udp_packet_info_extract`). Any output may be NULL.
 *
 * @param protocol - receives 17, UDP
 * @param interface_index - receives the index of the interface, or 0xFFFFFFFF where there is none
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread; `NX_INVALID_PACKET` where the
 *   address is wanted of a packet that was not received over IPv4
 */
export function nx_udp_packet_info_extract(
  packet_ptr: NX_PACKET | null,
  ip_address: Out<ULONG> | null,
  protocol: Out<UINT> | null,
  port: Out<UINT> | null,
  interface_index: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nx_udp_packet_info_extract');
  if (packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (ip_address !== null && packet_ptr.nx_packet_ip_version !== NX_IP_VERSION_V4) {
    return kernel.finish(NX_INVALID_PACKET);
  }
  if (ip_address !== null) ip_address.value = ipv4Source(packet_ptr);
  extractOthers(packet_ptr, protocol, port, interface_index);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Who sent a datagram, as an address of either version, and what it came in on (C: `nxd_udp_packet_info_extract`). Any
 * output may be NULL.
 *
 * @param protocol - receives 17, UDP
 * @param interface_index - receives the index of the interface, or 0xFFFFFFFF where there is none
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread; `NX_INVALID_PACKET` where the
 *   address is wanted of a packet that was not received
 */
export function nxd_udp_packet_info_extract(
  packet_ptr: NX_PACKET | null,
  ip_address: NXD_ADDRESS | null,
  protocol: Out<UINT> | null,
  port: Out<UINT> | null,
  interface_index: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_udp_packet_info_extract');
  if (packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (ip_address !== null && !isReceived(packet_ptr)) return kernel.finish(NX_INVALID_PACKET);
  if (ip_address !== null) readSource(packet_ptr, ip_address);
  extractOthers(packet_ptr, protocol, port, interface_index);
  return kernel.finish(NX_SUCCESS);
}
