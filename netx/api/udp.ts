import { enter } from '../../kernel/caller-context.ts';
import { flagMacro } from '../../kernel/config.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import {
  NX_ALREADY_BOUND,
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_DONT_FRAGMENT,
  NX_FRAGMENT_OKAY,
  NX_INVALID_PORT,
  NX_IP_TOS_MASK,
  NX_NOT_BOUND,
  NX_NOT_ENABLED,
  NX_OPTION_ERROR,
  NX_PTR_ERROR,
  NX_STILL_BOUND,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { abandonBind, udpBind, udpUnbind } from '../udp-bind.ts';
import { UDP_SOCKET_ID, type NX_UDP_SOCKET, type UdpReceiveNotify } from '../udp-socket.ts';
import { isIp } from './checks.ts';

/** A created socket's instance, or null. */
export function instanceOf(socket: NX_UDP_SOCKET | null): NX_IP | null {
  return socket?.nx_udp_socket_id === UDP_SOCKET_ID ? socket.nx_udp_socket_ip_ptr : null;
}

/**
 * Turns UDP on (C: `nx_udp_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_udp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_udp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.udpEnabled) return kernel.finish(NX_ALREADY_ENABLED);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.udpEnabled = true;
  ip_ptr.countsUdp = !flagMacro(kernel.macros, 'NX_DISABLE_UDP_INFO');
  return kernel.finish(NX_SUCCESS);
}

/**
 * Creates a UDP socket (C: `nx_udp_socket_create`).
 *
 * @param queue_maximum - datagrams that may wait; when more come, the oldest goes
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a socket that exists; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_NOT_ENABLED` without UDP; `NX_OPTION_ERROR` for a bad type of service, fragment option or time to live
 */
export function nx_udp_socket_create(
  ip_ptr: NX_IP | null,
  socket_ptr: NX_UDP_SOCKET | null,
  name: CHAR,
  type_of_service: ULONG,
  fragment: ULONG,
  time_to_live: UINT,
  queue_maximum: ULONG,
): Op<UINT> {
  const kernel = enter('nx_udp_socket_create');
  if (!isIp(ip_ptr) || socket_ptr === null || socket_ptr.nx_udp_socket_id === UDP_SOCKET_ID) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (kernel.context !== 'init' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!ip_ptr.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  const badFragment = fragment !== NX_FRAGMENT_OKAY && fragment !== NX_DONT_FRAGMENT;
  if ((type_of_service & ~NX_IP_TOS_MASK) !== 0 || badFragment || time_to_live > 0xff000000) {
    return kernel.finish(NX_OPTION_ERROR);
  }
  socket_ptr.nx_udp_socket_id = UDP_SOCKET_ID;
  socket_ptr.nx_udp_socket_name = name;
  socket_ptr.nx_udp_socket_ip_ptr = ip_ptr;
  socket_ptr.nx_udp_socket_type_of_service = type_of_service;
  socket_ptr.nx_udp_socket_fragment_enable = fragment;
  socket_ptr.nx_udp_socket_time_to_live = time_to_live;
  socket_ptr.nx_udp_socket_queue_maximum = queue_maximum;
  clear(socket_ptr);
  socket_ptr.makesChecksums = !flagMacro(kernel.macros, 'NX_DISABLE_UDP_TX_CHECKSUM');
  socket_ptr.checksChecksums = !flagMacro(kernel.macros, 'NX_DISABLE_UDP_RX_CHECKSUM');
  socket_ptr.counts = ip_ptr.countsUdp;
  ip_ptr.udpSockets.add(socket_ptr);
  return kernel.finish(NX_SUCCESS);
}

/** A socket that is created has counted nothing yet, whatever it did in an earlier life. */
function clear(socket: NX_UDP_SOCKET): void {
  socket.nx_udp_socket_port = 0;
  socket.nx_udp_socket_disable_checksum = 0;
  socket.nx_udp_socket_packets_sent = 0;
  socket.nx_udp_socket_bytes_sent = 0;
  socket.nx_udp_socket_packets_received = 0;
  socket.nx_udp_socket_bytes_received = 0;
  socket.nx_udp_socket_invalid_packets = 0;
  socket.nx_udp_socket_packets_dropped = 0;
  socket.nx_udp_socket_checksum_errors = 0;
  socket.isBound = false;
  socket.notify = null;
  socket.binder = null;
}

/**
 * Binds a socket to a port (C: `nx_udp_socket_bind`).
 *
 * @param port - 0 (`NX_ANY_PORT`) for a free one of the stack's choice, from 0xC000 on
 * @param wait_option - how long to wait for a port that another socket has, in ticks
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_INVALID_PORT`; `NX_CALLER_ERROR` unless called from a
 *   thread; `NX_ALREADY_BOUND`, also while another thread waits to bind it; `NX_NO_FREE_PORTS`; `NX_PORT_UNAVAILABLE`; `NX_WAIT_ABORTED`
 */
export function nx_udp_socket_bind(socket_ptr: NX_UDP_SOCKET | null, port: UINT, wait_option: ULONG): Op<UINT> {
  const kernel = enter('nx_udp_socket_bind');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (socket_ptr.isBound || socket_ptr.nx_udp_socket_bind_in_progress !== null) return kernel.finish(NX_ALREADY_BOUND);
  return udpBind(kernel, ip, socket_ptr, port, wait_option);
}

/**
 * Gives a socket's port up; datagrams that wait are released, and threads that wait for one get `NX_SOCKET_UNBOUND`
 * (C: `nx_udp_socket_unbind`). Where a thread still waits to bind the socket, that wait ends with `NX_PORT_UNAVAILABLE`.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_NOT_BOUND`
 */
export function nx_udp_socket_unbind(socket_ptr: NX_UDP_SOCKET | null): Op<UINT> {
  const kernel = enter('nx_udp_socket_unbind');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket_ptr.isBound) return kernel.finish(abandonBind(kernel, socket_ptr) ? NX_SUCCESS : NX_NOT_BOUND);
  udpUnbind(kernel, ip, socket_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Deletes a socket that is not bound (C: `nx_udp_socket_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_STILL_BOUND`
 */
export function nx_udp_socket_delete(socket_ptr: NX_UDP_SOCKET | null): Op<UINT> {
  const kernel = enter('nx_udp_socket_delete');
  const ip = instanceOf(socket_ptr);
  if (socket_ptr === null || ip === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (socket_ptr.isBound) return kernel.finish(NX_STILL_BOUND);
  socket_ptr.nx_udp_socket_id = 0;
  ip.udpSockets.delete(socket_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets the routine that the IP thread calls for every datagram that arrives; NULL for none
 * (C: `nx_udp_socket_receive_notify`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_udp_socket_receive_notify(
  socket_ptr: NX_UDP_SOCKET | null,
  udp_receive_notify: UdpReceiveNotify | null,
): Op<UINT> {
  const kernel = enter('nx_udp_socket_receive_notify');
  if (socket_ptr === null || instanceOf(socket_ptr) === null) return kernel.finish(NX_PTR_ERROR);
  socket_ptr.notify = udp_receive_notify;
  return kernel.finish(NX_SUCCESS);
}
