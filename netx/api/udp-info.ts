import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PORT,
  NX_NO_FREE_PORTS,
  NX_NOT_BOUND,
  NX_NOT_ENABLED,
  NX_NOT_SUCCESSFUL,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { freePort } from '../udp-bind.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { UDP_HEADER } from '../wire/udp.ts';
import { isIp } from './checks.ts';
import { instanceOf } from './udp.ts';

/**
 * Bytes of payload that wait on a socket (C: `nx_udp_socket_bytes_available`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_NOT_SUCCESSFUL` where the socket is not bound
 */
export function nx_udp_socket_bytes_available(
  socket_ptr: NX_UDP_SOCKET | null,
  bytes_available: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_udp_socket_bytes_available');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null || bytes_available === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket_ptr.isBound) return kernel.finish(NX_NOT_SUCCESSFUL);
  let bytes = 0;
  for (let packet = socket_ptr.queue.first; packet !== null; packet = packet.nx_packet_queue_next) {
    bytes += packet.nx_packet_length - UDP_HEADER;
  }
  bytes_available.value = bytes;
  return kernel.finish(NX_SUCCESS);
}

/**
 * The port a socket is bound to (C: `nx_udp_socket_port_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_NOT_BOUND`
 */
export function nx_udp_socket_port_get(socket_ptr: NX_UDP_SOCKET | null, port_ptr: Out<UINT> | null): Op<UINT> {
  const kernel = enter('nx_udp_socket_port_get');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null || port_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket_ptr.isBound) return kernel.finish(NX_NOT_BOUND);
  port_ptr.value = socket_ptr.nx_udp_socket_port;
  return kernel.finish(NX_SUCCESS);
}

/**
 * The next port from a number on that no socket has; after 65,535 the search goes on with 0xC000 (C:
 * `nx_udp_free_port_find`).
 *
 * @param port - 1 to 65,535
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_INVALID_PORT`, also for 0; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_NO_FREE_PORTS`
 */
export function nx_udp_free_port_find(ip_ptr: NX_IP | null, port: UINT, free_port_ptr: Out<UINT> | null): Op<UINT> {
  const kernel = enter('nx_udp_free_port_find');
  if (!isIp(ip_ptr) || free_port_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip_ptr.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (port === 0 || port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const free = freePort(ip_ptr, port);
  if (free === null) return kernel.finish(NX_NO_FREE_PORTS);
  free_port_ptr.value = free;
  return kernel.finish(NX_SUCCESS);
}

/** Stores a value where it is wanted: an output that is NULL is not. */
function store(output: Out<ULONG> | null, value: number): void {
  if (output !== null) output.value = value >>> 0;
}

/**
 * What UDP of an instance has counted (C: `nx_udp_info_get`). Bytes are those of payloads. Any output may be NULL. On a
 * device with `NX_DISABLE_UDP_INFO` everything is 0.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_udp_info_get(
  ip_ptr: NX_IP | null,
  udp_packets_sent: Out<ULONG> | null,
  udp_bytes_sent: Out<ULONG> | null,
  udp_packets_received: Out<ULONG> | null,
  udp_bytes_received: Out<ULONG> | null,
  udp_invalid_packets: Out<ULONG> | null,
  udp_receive_packets_dropped: Out<ULONG> | null,
  udp_checksum_errors: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_udp_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!ip_ptr.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  store(udp_packets_sent, ip_ptr.nx_ip_udp_packets_sent);
  store(udp_bytes_sent, ip_ptr.nx_ip_udp_bytes_sent);
  store(udp_packets_received, ip_ptr.nx_ip_udp_packets_received);
  store(udp_bytes_received, ip_ptr.nx_ip_udp_bytes_received);
  store(udp_invalid_packets, ip_ptr.nx_ip_udp_invalid_packets);
  store(udp_receive_packets_dropped, ip_ptr.nx_ip_udp_receive_packets_dropped);
  store(udp_checksum_errors, ip_ptr.nx_ip_udp_checksum_errors);
  return kernel.finish(NX_SUCCESS);
}

/**
 * What a socket has counted (C: `nx_udp_socket_info_get`). Bytes are those of payloads. Any output may be NULL.
 *
 * @param udp_packets_queued - receives how many datagrams wait on the socket
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_udp_socket_info_get(
  socket_ptr: NX_UDP_SOCKET | null,
  udp_packets_sent: Out<ULONG> | null,
  udp_bytes_sent: Out<ULONG> | null,
  udp_packets_received: Out<ULONG> | null,
  udp_bytes_received: Out<ULONG> | null,
  udp_packets_queued: Out<ULONG> | null,
  udp_receive_packets_dropped: Out<ULONG> | null,
  udp_checksum_errors: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_udp_socket_info_get');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  store(udp_packets_sent, socket_ptr.nx_udp_socket_packets_sent);
  store(udp_bytes_sent, socket_ptr.nx_udp_socket_bytes_sent);
  store(udp_packets_received, socket_ptr.nx_udp_socket_packets_received);
  store(udp_bytes_received, socket_ptr.nx_udp_socket_bytes_received);
  store(udp_packets_queued, socket_ptr.nx_udp_socket_receive_count);
  store(udp_receive_packets_dropped, socket_ptr.nx_udp_socket_packets_dropped);
  store(udp_checksum_errors, socket_ptr.nx_udp_socket_checksum_errors);
  return kernel.finish(NX_SUCCESS);
}
