import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_INVALID_PORT,
  NX_IP_ADDRESS_ERROR,
  NX_IP_VERSION_V4,
  NX_IP_VERSION_V6,
  NX_NOT_BOUND,
  NX_NOT_ENABLED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { NX_IP } from '../ip.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { NX_PACKET } from '../packet.ts';
import { udpSend } from '../udp-send.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { ETHERNET_HEADER } from '../wire/ethernet.ts';
import { IPV4_HEADER } from '../wire/ipv4.ts';
import { UDP_HEADER } from '../wire/udp.ts';
import { isSendable, roomStatus } from './udp-checks.ts';
import { send6, sourceSend6 } from './ipv6-udp.ts';
import { instanceOf } from './udp.ts';

/** Room that the headers of a datagram need before its payload, that of the link included. */
export const IPV4_DATAGRAM_HEADERS = UDP_HEADER + IPV4_HEADER + ETHERNET_HEADER;

/** Sends to an IPv4 address, after the checks that all forms have; the caller has checked the packet. */
function sendChecked(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  address: ULONG,
  port: UINT,
  only: NX_INTERFACE | null,
): Op<UINT> {
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket.isBound) return kernel.finish(NX_NOT_BOUND);
  return udpSend(kernel, socket, ip, packet, address, port, only);
}

function send(
  kernel: Kernel,
  socket: NX_UDP_SOCKET | null,
  packet: NX_PACKET | null,
  address: ULONG,
  port: UINT,
): Op<UINT> {
  const ip = instanceOf(socket);
  if (socket === null || ip === null || packet === null || !isSendable(kernel, packet))
    return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  const room = roomStatus(kernel, ip, socket, packet, IPV4_DATAGRAM_HEADERS);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  return sendChecked(kernel, socket, ip, packet, address, port, null);
}

/**
 * Sends a packet as a UDP datagram (C: `nx_udp_socket_send`). On success the stack owns the packet; success does not mean
 * that it arrives.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`, also for a packet that was released; `NX_NOT_ENABLED`; `NX_IP_ADDRESS_ERROR` for
 *   address 0 or one to which there is no way; `NX_INVALID_PORT` above 65,535; `NX_UNDERFLOW` where the packet has no room
 *   for the headers; `NX_OVERFLOW`; `NX_CALLER_ERROR` unless called from a thread; `NX_NOT_BOUND`
 */
export function nx_udp_socket_send(
  socket_ptr: NX_UDP_SOCKET | null,
  packet_ptr: NX_PACKET | null,
  ip_address: ULONG,
  port: UINT,
): Op<UINT> {
  return send(enter('nx_udp_socket_send'), socket_ptr, packet_ptr, ip_address, port);
}

/**
 * Sends a packet as a UDP datagram to an address of either version (C: `nxd_udp_socket_send`).
 *
 * @returns as `nx_udp_socket_send`; `NX_NO_INTERFACE_ADDRESS` where no IPv6 address can be sent from
 */
export function nxd_udp_socket_send(
  socket_ptr: NX_UDP_SOCKET | null,
  packet_ptr: NX_PACKET | null,
  ip_address: NXD_ADDRESS | null,
  port: UINT,
): Op<UINT> {
  const kernel = enter('nxd_udp_socket_send');
  if (ip_address === null) return kernel.finish(NX_PTR_ERROR);
  if (ip_address.nxd_ip_version === NX_IP_VERSION_V6) {
    return send6(kernel, socket_ptr, packet_ptr, ip_address.nxd_ip_address.v6, port);
  }
  // Address 0 stands for one of a version that cannot be sent to: it is refused in its turn.
  const isV4 = ip_address.nxd_ip_version === NX_IP_VERSION_V4;
  return send(kernel, socket_ptr, packet_ptr, isV4 ? ip_address.nxd_ip_address.v4 : 0, port);
}

/** The interface of that index, or null where there is none. */
function interfaceOf(ip: NX_IP, index: UINT): NX_INTERFACE | null {
  const one = ip.nx_ip_interface[index];
  return one === undefined || one.nx_interface_valid === 0 ? null : one;
}

/**
 * Sends a packet as a UDP datagram out of one interface, from its address (C: `nx_udp_socket_source_send`).
 *
 * @param address_index - index of the interface
 * @returns as `nx_udp_socket_send`; `NX_INVALID_INTERFACE` where there is no interface of that index. The checks come in
 *   another order: packet and socket, address, port, UDP enabled, interface, room, caller, bound, way
 */
export function nx_udp_socket_source_send(
  socket_ptr: NX_UDP_SOCKET | null,
  packet_ptr: NX_PACKET | null,
  ip_address: ULONG,
  port: UINT,
  address_index: UINT,
): Op<UINT> {
  const kernel = enter('nx_udp_socket_source_send');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null || packet_ptr === null || !isSendable(kernel, packet_ptr)) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (ip_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  const only = interfaceOf(ip, address_index);
  if (only === null) return kernel.finish(NX_INVALID_INTERFACE);
  const room = roomStatus(kernel, ip, socket_ptr, packet_ptr, IPV4_DATAGRAM_HEADERS);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  return sendChecked(kernel, socket_ptr, ip, packet_ptr, ip_address, port, only);
}

/**
 * Sends a packet as a UDP datagram to an address of either version, from an address of one's own (C:
 * `nxd_udp_socket_source_send`).
 *
 * @param address_index - index of the interface; for IPv6 the place in the table of addresses
 * @returns as `nx_udp_socket_send`; `NX_INVALID_INTERFACE` where there is no interface, or no address, of that index;
 *   `NX_NO_INTERFACE_ADDRESS` for IPv6 that is off. The checks come in another order: packet and socket, UDP
 *   enabled, interface, address, room, port, caller, bound, way
 */
export function nxd_udp_socket_source_send(
  socket_ptr: NX_UDP_SOCKET | null,
  packet_ptr: NX_PACKET | null,
  ip_address: NXD_ADDRESS | null,
  port: UINT,
  address_index: UINT,
): Op<UINT> {
  const kernel = enter('nxd_udp_socket_source_send');
  const ip = instanceOf(socket_ptr);
  if (
    socket_ptr === null ||
    ip === null ||
    packet_ptr === null ||
    !isSendable(kernel, packet_ptr) ||
    ip_address === null
  ) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (ip_address.nxd_ip_version === NX_IP_VERSION_V6) {
    return sourceSend6(kernel, socket_ptr, ip, packet_ptr, ip_address.nxd_ip_address.v6, port, address_index);
  }
  if (ip_address.nxd_ip_version !== NX_IP_VERSION_V4) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const only = interfaceOf(ip, address_index);
  if (only === null) return kernel.finish(NX_INVALID_INTERFACE);
  const { v4 } = ip_address.nxd_ip_address;
  if (v4 === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const room = roomStatus(kernel, ip, socket_ptr, packet_ptr, IPV4_DATAGRAM_HEADERS);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  if (port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  return sendChecked(kernel, socket_ptr, ip, packet_ptr, v4, port, only);
}

/** The older names of the two. */
export const nx_udp_socket_interface_send = nx_udp_socket_source_send;
export const nxd_udp_socket_interface_send = nxd_udp_socket_source_send;
