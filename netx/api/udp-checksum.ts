import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_NOT_ENABLED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { instanceOf } from './udp.ts';

function setDisabled(service: string, socket: NX_UDP_SOCKET | null, disabled: UINT): Op<UINT> {
  const kernel = enter(service);
  const ip = instanceOf(socket);
  if (socket === null || ip === null) return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  socket.nx_udp_socket_disable_checksum = disabled;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Lets a socket make and check checksums again (C: `nx_udp_socket_checksum_enable`), as it does from its creation on.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_udp_socket_checksum_enable(socket_ptr: NX_UDP_SOCKET | null): Op<UINT> {
  return setDisabled('nx_udp_socket_checksum_enable', socket_ptr, 0);
}

/**
 * Lets a socket neither make nor check checksums (C: `nx_udp_socket_checksum_disable`). Over IPv6 it goes on to do both.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_udp_socket_checksum_disable(socket_ptr: NX_UDP_SOCKET | null): Op<UINT> {
  return setDisabled('nx_udp_socket_checksum_disable', socket_ptr, 1);
}
