import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PARAMETERS,
  NX_INVALID_SOCKET,
  NX_NO_PACKET,
  NX_NOT_CONNECTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../../netx/constants.ts';
import type { NX_IP } from '../../netx/ip.ts';
import type { NXD_ADDRESS } from '../../netx/nxd-address.ts';
import type { NX_PACKET } from '../../netx/packet.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { metadataSize, type NX_SECURE_TLS_CRYPTO } from '../crypto-table.ts';
import { hasQuirk, secureState } from '../device-state.ts';
import { handshake } from '../dtls-handshake.ts';
import { unfitToStart } from '../dtls-machine.ts';
import { fromQueue } from '../dtls-receive.ts';
import { sendData } from '../dtls-send.ts';
import {
  DTLS_SERVER_ID,
  type ConnectNotify,
  type DisconnectNotify,
  type ErrorNotify,
  type NX_SECURE_DTLS_SERVER,
  type ReceiveNotify,
} from '../dtls-server.ts';
import { createServer, deleteServer, startServer, stopServer } from '../dtls-server-lifecycle.ts';
import { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import { remoteCertificateSpace } from '../remote-certificates.ts';
import { inThread, refuse } from './checks.ts';

const created = (server: NX_SECURE_DTLS_SERVER | null): server is NX_SECURE_DTLS_SERVER =>
  server?.nx_dtls_server_id === DTLS_SERVER_ID;

/**
 * Creates a DTLS server: one UDP port and as many sessions as the session buffer has room for
 * (C: `nx_secure_dtls_server_create`).
 *
 * @param timeout - wait option for binding the port, in ticks
 * @param session_buffer - its size in units of `sizeof(NX_SECURE_DTLS_SESSION)` is the number of clients at once
 * @param connect_notify - called by the IP thread for each client that has proved its address
 * @param receive_notify - called by the IP thread for each datagram with application data of an established session
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a server that exists; `NX_INVALID_PARAMETERS` where a buffer is too
 *   small; statuses of `nx_udp_socket_create`
 */
export function nx_secure_dtls_server_create(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  ip_ptr: NX_IP | null,
  port: UINT,
  timeout: ULONG,
  session_buffer: Uint8Array | null,
  session_buffer_size: UINT,
  crypto_table: NX_SECURE_TLS_CRYPTO | null,
  crypto_metadata_buffer: Uint8Array | null,
  crypto_metadata_size: ULONG,
  packet_reassembly_buffer: Uint8Array | null,
  packet_reassembly_buffer_size: UINT,
  connect_notify: ConnectNotify | null,
  receive_notify: ReceiveNotify | null,
): Op<UINT> {
  const service = 'nx_secure_dtls_server_create';
  const kernel = enter(service);
  if (server_ptr === null || ip_ptr === null || session_buffer === null || crypto_table === null) {
    return refuse(kernel, NX_PTR_ERROR);
  }
  if (crypto_metadata_buffer === null || packet_reassembly_buffer === null) return refuse(kernel, NX_PTR_ERROR);
  if (connect_notify === null || receive_notify === null || created(server_ptr)) return refuse(kernel, NX_PTR_ERROR);
  const sessions = Math.floor(session_buffer_size / NX_SECURE_DTLS_SESSION.sizeof);
  if (sessions === 0) return kernel.finish(NX_INVALID_PARAMETERS);
  if (Math.floor(crypto_metadata_size / sessions) < metadataSize(crypto_table)) {
    return kernel.finish(NX_INVALID_PARAMETERS);
  }
  requireRoom(session_buffer, session_buffer_size, service, 'session_buffer');
  requireRoom(crypto_metadata_buffer, crypto_metadata_size, service, 'crypto_metadata_buffer');
  requireRoom(packet_reassembly_buffer, packet_reassembly_buffer_size, service, 'packet_reassembly_buffer');
  return compound(
    kernel.op,
    createServer(kernel, server_ptr, {
      ip: ip_ptr,
      port,
      timeout,
      sessions,
      table: crypto_table,
      reassemblySize: Math.floor(packet_reassembly_buffer_size / sessions),
      connect: connect_notify,
      receive: receive_notify,
    }),
  );
}

/**
 * Deletes a server and its sessions (C: `nx_secure_dtls_server_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a server that was not created; `NX_STILL_BOUND` for one that is
 *   started: it stays as it was
 */
export function nx_secure_dtls_server_delete(server_ptr: NX_SECURE_DTLS_SERVER | null): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_delete');
  if (!created(server_ptr)) return refuse(kernel, NX_PTR_ERROR);
  return compound(kernel.op, deleteServer(kernel, server_ptr));
}

/**
 * Binds the server's port; clients are served from now on (C: `nx_secure_dtls_server_start`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED` without UDP; `NX_NO_FREE_PORTS`; `NX_INVALID_PORT`;
 *   `NX_ALREADY_BOUND` for a server that is started; `NX_PORT_UNAVAILABLE` where another socket has the port
 */
export function nx_secure_dtls_server_start(server_ptr: NX_SECURE_DTLS_SERVER | null): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_start');
  if (!created(server_ptr)) return refuse(kernel, NX_PTR_ERROR);
  return compound(kernel.op, startServer(kernel, server_ptr));
}

/**
 * Stops listening and resets every session; the clients are not told (C: `nx_secure_dtls_server_stop`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_BOUND` for a server that is not started
 */
export function nx_secure_dtls_server_stop(server_ptr: NX_SECURE_DTLS_SERVER | null): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_stop');
  if (!created(server_ptr)) return refuse(kernel, NX_PTR_ERROR);
  return compound(kernel.op, stopServer(kernel, server_ptr));
}

/**
 * Sets the optional callbacks; both are called by the IP thread, and either may be NULL
 * (C: `nx_secure_dtls_server_notify_set`).
 *
 * @param disconnect_notify - called when a client has ended its session
 * @param error_notify - called for errors; with a NULL session where no session was free for a client
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_secure_dtls_server_notify_set(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  disconnect_notify: DisconnectNotify | null,
  error_notify: ErrorNotify | null,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_notify_set');
  if (server_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  server_ptr.nx_dtls_server_disconnect_notify = disconnect_notify;
  server_ptr.nx_dtls_server_error_notify = error_notify;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Runs the server's side of the handshake with a client, in the calling thread
 * (C: `nx_secure_dtls_server_session_start`).
 *
 * @param session_ptr - from `connect_notify`
 * @param wait_option - how long the handshake may take, in ticks
 * @returns `NX_SUCCESS`; `NX_NO_PACKET` when time ran out; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED` for a
 *   session that no client has; `NX_SECURE_TLS_ALERT_RECEIVED`; the NX_SECURE_ status of whatever failed, or was wrong
 *   with the last record that was dropped while the time ran out
 */
export function nx_secure_dtls_server_session_start(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  wait_option: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_session_start');
  if (session_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  if (!session_ptr.created || session_ptr.nx_secure_dtls_session_in_use === 0 || session_ptr.role !== 'server') {
    return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  }
  if (!inThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const missing = unfitToStart(session_ptr);
  if (missing !== NX_SUCCESS) return kernel.finish(missing);
  return compound(kernel.op, handshake(kernel, session_ptr, fromQueue, wait_option, NX_NO_PACKET));
}

/**
 * Encrypts a packet and sends it to the session's client (C: `nx_secure_dtls_server_session_send`).
 *
 * @returns as `nx_secure_dtls_session_send`
 */
export function nx_secure_dtls_server_session_send(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  packet_ptr: NX_PACKET | null,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_session_send');
  if (session_ptr === null || packet_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  if (!session_ptr.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  return compound(kernel.op, sendData(secureState(kernel).config.NX_SECURE_QUIRKS, session_ptr, packet_ptr, null));
}

/**
 * Who a server's session is connected to (C: `nx_secure_dtls_session_client_info_get`).
 *
 * @param client_ip_address - receives the client's address
 * @param client_port - receives the client's UDP port
 * @param local_port - receives the server's UDP port
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_INVALID_SOCKET` for a session that
 *   never had a socket; `NX_NOT_CONNECTED` where no client has the session
 */
export function nx_secure_dtls_session_client_info_get(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  client_ip_address: NXD_ADDRESS | null,
  client_port: Out<UINT> | null,
  local_port: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_client_info_get');
  if (session_ptr === null || client_ip_address === null || client_port === null || local_port === null) {
    return refuse(kernel, NX_PTR_ERROR);
  }
  if (!session_ptr.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  if (session_ptr.nx_secure_dtls_udp_socket === null) return kernel.finish(NX_INVALID_SOCKET);
  if (session_ptr.nx_secure_dtls_session_in_use === 0) return kernel.finish(NX_NOT_CONNECTED);
  // The library looks at the queue of the socket that all sessions share.
  if (hasQuirk(kernel, 'client-info-not-connected') && session_ptr.role === 'server') {
    const { nx_udp_socket_receive_count: waiting } = session_ptr.nx_secure_dtls_udp_socket;
    if (waiting === 0) return kernel.finish(NX_NOT_CONNECTED);
  }
  client_ip_address.copyFrom(session_ptr.nx_secure_dtls_remote_ip_address);
  client_port.value = session_ptr.nx_secure_dtls_remote_port;
  local_port.value = session_ptr.nx_secure_dtls_local_port;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Makes the server ask its clients for a certificate and verify it (C: `nx_secure_dtls_server_x509_client_verify_configure`).
 *
 * @param certs_per_session - how many certificates a client's chain may have
 * @param certs_buffer - room for them, for all sessions together
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` where the buffer is too small or the server has no
 *   sessions
 */
export function nx_secure_dtls_server_x509_client_verify_configure(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  certs_per_session: UINT,
  certs_buffer: Uint8Array | null,
  buffer_size: ULONG,
): Op<UINT> {
  const service = 'nx_secure_dtls_server_x509_client_verify_configure';
  const kernel = enter(service);
  if (server_ptr === null || certs_buffer === null) return refuse(kernel, NX_PTR_ERROR);
  const sessions = server_ptr.nx_dtls_server_sessions;
  if (certs_per_session === 0 || buffer_size === 0 || sessions.length === 0) {
    return kernel.finish(NX_INVALID_PARAMETERS);
  }
  const share = Math.floor(buffer_size / sessions.length);
  const space = remoteCertificateSpace(kernel, certs_per_session, share);
  if (space === null) return kernel.finish(NX_INVALID_PARAMETERS);
  requireRoom(certs_buffer, buffer_size, service, 'certs_buffer');
  for (const { nx_secure_dtls_tls_session: tls } of sessions) {
    tls.remoteCertificates = space;
    tls.verifiesClient = true;
  }
  return kernel.finish(NX_SUCCESS);
}

/**
 * Makes the server ask its clients for no certificate (C: `nx_secure_dtls_server_x509_client_verify_disable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_secure_dtls_server_x509_client_verify_disable(server_ptr: NX_SECURE_DTLS_SERVER | null): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_x509_client_verify_disable');
  if (server_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  for (const { nx_secure_dtls_tls_session: tls } of server_ptr.nx_dtls_server_sessions) tls.verifiesClient = false;
  return kernel.finish(NX_SUCCESS);
}
