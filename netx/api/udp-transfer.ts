import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_NOT_BOUND, NX_NOT_ENABLED, NX_PTR_ERROR } from '../constants.ts';
import type { NX_PACKET } from '../packet.ts';
import { udpReceive } from '../udp-receive.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { instanceOf } from './udp.ts';

export * from './udp-extract.ts';
export {
  nx_udp_socket_interface_send,
  nx_udp_socket_send,
  nx_udp_socket_source_send,
  nxd_udp_socket_interface_send,
  nxd_udp_socket_send,
  nxd_udp_socket_source_send,
} from './udp-send.ts';

/**
 * Receives a datagram (C: `nx_udp_socket_receive`). One whose checksum is wrong is dropped here, and the wait begins anew.
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
  return udpReceive(kernel, socket_ptr, packet_ptr, wait_option);
}
