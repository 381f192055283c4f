import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import { compound, type Op } from '../../kernel/op.ts';
import { NX_NO_PACKET, NX_NOT_CONNECTED, NX_NOT_SUCCESSFUL, NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import { NXD_ADDRESS } from '../../netx/nxd-address.ts';
import type { NX_UDP_SOCKET } from '../../netx/udp-socket.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { handshake } from '../dtls-handshake.ts';
import { openClientAssociation } from '../dtls-lifecycle.ts';
import { unfitToStart } from '../dtls-machine.ts';
import { fromQueue, fromSocket } from '../dtls-receive.ts';
import type { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import { refuse } from './checks.ts';

/**
 * Runs the handshake of either side in the calling thread (C: `nx_secure_dtls_session_start`): what
 * `nx_secure_dtls_client_session_start` and `nx_secure_dtls_server_session_start` do once they know the peer. A client
 * starts again with the peer of its last association.
 *
 * @param udp_socket - the client's socket; a server's session has its own
 * @param is_client - NX_TRUE for the client's side
 * @param wait_option - how long the handshake may take, in ticks
 * @returns as `nx_secure_dtls_client_session_start` and `nx_secure_dtls_server_session_start`; `NX_NOT_SUCCESSFUL` for a
 *   server's session whose handshake is over; `NX_SECURE_TLS_SESSION_UNINITIALIZED` for a session without a peer
 */
export function nx_secure_dtls_session_start(
  dtls_session: NX_SECURE_DTLS_SESSION | null,
  udp_socket: NX_UDP_SOCKET | null,
  is_client: UINT,
  wait_option: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_start');
  if (dtls_session === null || udp_socket === null) return refuse(kernel, NX_PTR_ERROR);
  const hasPeer = dtls_session.created && dtls_session.nx_secure_dtls_session_in_use !== 0;
  if (!hasPeer) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  const missing = unfitToStart(kernel, dtls_session);
  if (missing !== NX_SUCCESS) return kernel.finish(missing);
  if (is_client !== 0) {
    const address = new NXD_ADDRESS();
    address.copyFrom(dtls_session.nx_secure_dtls_remote_ip_address);
    openClientAssociation(kernel, dtls_session, udp_socket, address, dtls_session.nx_secure_dtls_remote_port);
    return compound(kernel.op, handshake(kernel, dtls_session, fromSocket, wait_option, NX_NOT_CONNECTED));
  }
  if (dtls_session.role !== 'server') return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  if (dtls_session.wasConnected) return kernel.finish(NX_NOT_SUCCESSFUL);
  return compound(kernel.op, handshake(kernel, dtls_session, fromQueue, wait_option, NX_NO_PACKET));
}
