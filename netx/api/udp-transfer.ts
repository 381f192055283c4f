import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PORT,
  NX_IP_ADDRESS_ERROR,
  NX_IP_VERSION_V4,
  NX_IP_VERSION_V6,
  NX_NOT_BOUND,
  NX_NOT_ENABLED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { NX_PACKET } from '../packet.ts';
import { ipv4Source, readSource } from '../packet-addresses.ts';
import { udpReceive } from '../udp-receive.ts';
import { udpSend } from '../udp-send.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { send6 } from './ipv6-udp.ts';
import { instanceOf } from './udp.ts';

function send(
  service: string,
  socket: NX_UDP_SOCKET | null,
  packet: NX_PACKET | null,
  address: ULONG | null,
  port: UINT,
): Op<UINT> {
  const kernel = enter(service);
  const ip = instanceOf(socket);
  if (socket === null || ip === null || packet === null || packet.holder === 'free') return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (address === null || address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (port === 0 || port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket.isBound) return kernel.finish(NX_NOT_BOUND);
  return compound(kernel.op, udpSend(kernel, socket, ip, packet, address, port));
}

/**
 * Sends a packet as a UDP datagram (C: `nx_udp_socket_send`). On success the stack owns the packet; success does not mean
 * that it arrives.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`, also for a packet that was released; `NX_NOT_ENABLED`; `NX_IP_ADDRESS_ERROR` for
 *   address 0 or one to which there is no way; `NX_INVALID_PORT`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_NOT_BOUND`; `NX_UNDERFLOW` where the packet has no room for the headers; `NX_OVERFLOW`
 */
export function nx_udp_socket_send(
  socket_ptr: NX_UDP_SOCKET | null,
  packet_ptr: NX_PACKET | null,
  ip_address: ULONG,
  port: UINT,
): Op<UINT> {
  return send('nx_udp_socket_send', socket_ptr, packet_ptr, ip_address, port);
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
  if (ip_address?.nxd_ip_version === NX_IP_VERSION_V6) {
    return send6(enter('nxd_udp_socket_send'), socket_ptr, packet_ptr, ip_address.nxd_ip_address.v6, port);
  }
  const v4 = ip_address?.nxd_ip_version === NX_IP_VERSION_V4 ? ip_address.nxd_ip_address.v4 : null;
  return send('nxd_udp_socket_send', socket_ptr, ip_address === null ? null : packet_ptr, v4, port);
}

/**
 * Receives a datagram (C: `nx_udp_socket_receive`).
 *
 * @param packet_ptr - receives the packet, which the caller owns from then on
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread, even without a
 *   wait; `NX_NOT_BOUND`; `NX_NO_PACKET`; `NX_WAIT_ABORTED`; `NX_SOCKET_UNBOUND`
 */
export function nx_udp_socket_receive(
  socket_ptr: NX_UDP_SOCKET | null,
  packet_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_udp_socket_receive');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null || packet_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket_ptr.isBound) return kernel.finish(NX_NOT_BOUND);
  return compound(kernel.op, udpReceive(kernel, socket_ptr, packet_ptr, wait_option));
}

/**
 * Who sent a datagram (C: `nx_udp_source_extract`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_udp_source_extract(
  packet_ptr: NX_PACKET | null,
  ip_address: Out<ULONG> | null,
  port: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nx_udp_source_extract');
  if (packet_ptr === null || ip_address === null || port === null) return kernel.finish(NX_PTR_ERROR);
  ip_address.value = ipv4Source(packet_ptr);
  port.value = packet_ptr.sourcePort;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Who sent a datagram, as an address of either version (C: `nxd_udp_source_extract`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nxd_udp_source_extract(
  packet_ptr: NX_PACKET | null,
  ip_address: NXD_ADDRESS | null,
  port: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nxd_udp_source_extract');
  if (packet_ptr === null || ip_address === null || port === null) return kernel.finish(NX_PTR_ERROR);
  readSource(packet_ptr, ip_address);
  port.value = packet_ptr.sourcePort;
  return kernel.finish(NX_SUCCESS);
}
