import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_INVALID_PARAMETERS,
  NX_NO_PACKET,
  NX_NOT_CONNECTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../../netx/constants.ts';
import type { NXD_ADDRESS } from '../../netx/nxd-address.ts';
import type { NX_PACKET } from '../../netx/packet.ts';
import type { NX_PACKET_POOL } from '../../netx/packet-pool.ts';
import type { NX_UDP_SOCKET } from '../../netx/udp-socket.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { metadataSize, type NX_SECURE_TLS_CRYPTO } from '../crypto-table.ts';
import { allocateForSession } from '../dtls-allocate.ts';
import { endSession } from '../dtls-end.ts';
import { handshake } from '../dtls-handshake.ts';
import { deleteSession, initializeSession, openClientAssociation, resetSession } from '../dtls-lifecycle.ts';
import { unfitToStart } from '../dtls-machine.ts';
import { fromSocket, receive } from '../dtls-receive.ts';
import { sendData } from '../dtls-send.ts';
import type { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import { hasQuirk, secureState } from '../device-state.ts';
import { remoteCertificateSpace } from '../remote-certificates.ts';
import { requireRoom } from '../../kernel/api/checks.ts';
import { refuse } from './checks.ts';

/**
 * Creates a DTLS session for a client, or for a server that serves one client (C: `nx_secure_dtls_session_create`).
 *
 * @param crypto_table - the suites to offer, in order of preference
 * @param metadata_buffer - scratch memory; see `nx_secure_tls_metadata_size_calculate`
 * @param packet_reassembly_buffer - bounds the handshake messages that can be received
 * @param certs_number - how many certificates the peer's chain may have
 * @param remote_certificate_buffer - room for them: `certs_number` times a certificate and its control block
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a session that exists; `NX_INVALID_PARAMETERS` where a buffer is too
 *   small
 */
export function nx_secure_dtls_session_create(
  dtls_session: NX_SECURE_DTLS_SESSION | null,
  crypto_table: NX_SECURE_TLS_CRYPTO | null,
  metadata_buffer: Uint8Array | null,
  metadata_size: ULONG,
  packet_reassembly_buffer: Uint8Array | null,
  packet_reassembly_buffer_size: UINT,
  certs_number: UINT,
  remote_certificate_buffer: Uint8Array | null,
  remote_certificate_buffer_size: ULONG,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_create');
  if (dtls_session === null || crypto_table === null || metadata_buffer === null) return refuse(kernel, NX_PTR_ERROR);
  if (packet_reassembly_buffer === null && packet_reassembly_buffer_size !== 0) return refuse(kernel, NX_PTR_ERROR);
  if (secureState(kernel).sessions.has(dtls_session)) return refuse(kernel, NX_PTR_ERROR);
  if (metadata_size < metadataSize(crypto_table)) return kernel.finish(NX_INVALID_PARAMETERS);
  requireRoom(metadata_buffer, metadata_size, 'nx_secure_dtls_session_create', 'metadata_buffer');
  let space = null;
  if (certs_number > 0) {
    if (remote_certificate_buffer === null) return refuse(kernel, NX_PTR_ERROR);
    space = remoteCertificateSpace(kernel, certs_number, remote_certificate_buffer_size);
    if (space === null) return kernel.finish(NX_INVALID_PARAMETERS);
  }
  initializeSession(kernel, dtls_session, crypto_table, packet_reassembly_buffer_size, space);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Deletes a session (C: `nx_secure_dtls_session_delete`). The peer is not told; a thread that waits in a receive gets
 * `NX_SECURE_TLS_SESSION_UNINITIALIZED`.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a session that was not created
 */
export function nx_secure_dtls_session_delete(dtls_session: NX_SECURE_DTLS_SESSION | null): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_delete');
  if (dtls_session?.created !== true) return refuse(kernel, NX_PTR_ERROR);
  deleteSession(kernel, dtls_session);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Clears a session for the next association; certificates and pre-shared keys stay (C: `nx_secure_dtls_session_reset`).
 * The peer is not told.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`
 */
export function nx_secure_dtls_session_reset(dtls_session: NX_SECURE_DTLS_SESSION | null): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_reset');
  if (dtls_session === null) return refuse(kernel, NX_PTR_ERROR);
  if (!dtls_session.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  resetSession(kernel, dtls_session);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Connects to a server: runs the whole handshake in the calling thread (C: `nx_secure_dtls_client_session_start`). After
 * a failure the session may be started again.
 *
 * @param wait_option - how long the connection attempt may take, in ticks; a retransmission needs more than
 *   `NX_SECURE_DTLS_RETRANSMIT_TIMEOUT`
 * @returns `NX_SUCCESS`; `NX_NOT_CONNECTED` where the server did not answer in time; `NX_PTR_ERROR`;
 *   `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE` for a table with a NULL routine;
 *   `NX_SECURE_TLS_ALERT_RECEIVED` where the server refused; the NX_SECURE_ status of whatever failed here, or was wrong
 *   with the last record that was dropped while the time ran out
 */
export function nx_secure_dtls_client_session_start(
  dtls_session: NX_SECURE_DTLS_SESSION | null,
  udp_socket: NX_UDP_SOCKET | null,
  ip_address: NXD_ADDRESS | null,
  port: UINT,
  wait_option: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_client_session_start');
  if (dtls_session === null || udp_socket === null || ip_address === null) return refuse(kernel, NX_PTR_ERROR);
  if (!dtls_session.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  const missing = unfitToStart(kernel, dtls_session);
  if (missing !== NX_SUCCESS) return kernel.finish(missing);
  const inVain = hasQuirk(kernel, 'client-start-no-packet') ? NX_NO_PACKET : NX_NOT_CONNECTED;
  openClientAssociation(kernel, dtls_session, udp_socket, ip_address, port);
  return compound(kernel.op, handshake(kernel, dtls_session, fromSocket, wait_option, inVain));
}

/**
 * Ends a session: tells the peer with close_notify, waits up to `wait_option` for its answer, and resets the session
 * (C: `nx_secure_dtls_session_end`).
 *
 * @returns `NX_SUCCESS`, whether the peer answered or not; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED` for a
 *   session that is not in use; where the peer could not be told: `NX_SECURE_TLS_ALLOCATE_PACKET_FAILED`;
 *   `NX_SECURE_TLS_UNKNOWN_CIPHERSUITE`; `NX_IP_ADDRESS_ERROR`; `NX_INVALID_PORT`; `NX_NOT_BOUND`, or
 *   `NX_PORT_UNAVAILABLE` where another socket has the port by now; `NX_SECURE_TLS_TCP_SEND_FAILED`
 */
export function nx_secure_dtls_session_end(dtls_session: NX_SECURE_DTLS_SESSION | null, wait_option: UINT): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_end');
  if (dtls_session === null) return refuse(kernel, NX_PTR_ERROR);
  if (!dtls_session.created || dtls_session.nx_secure_dtls_session_in_use === 0) {
    return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  }
  return compound(kernel.op, endSession(kernel, dtls_session, wait_option));
}

/**
 * Receives application data (C: `nx_secure_dtls_session_receive`).
 *
 * A record that is not what it should be is dropped, and the wait goes on. Where nothing else comes, a wait (not a poll
 * with `NX_NO_WAIT`) ends with what was wrong with the last of them, and the session works on:
 * `NX_SECURE_TLS_INVALID_PACKET`, `NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE`, `NX_SECURE_TLS_PADDING_CHECK_FAILED`,
 * `NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE`, `NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH` or
 * `NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED`.
 *
 * @param packet_ptr_ptr - receives a packet with the plaintext, which the caller owns from then on
 * @returns `NX_SUCCESS`; `NX_NO_PACKET` when none came in time; `NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED` when the peer has
 *   closed the session; `NX_SECURE_TLS_ALERT_RECEIVED`; `NX_SECURE_TLS_SESSION_UNINITIALIZED` for a session that is not
 *   created, not started, or was reset meanwhile; `NX_ALREADY_SUSPENDED` where another thread waits on a server's
 *   session; `NX_SECURE_TLS_UNKNOWN_CIPHERSUITE` where the crypto table no longer has the session's suite;
 *   `NX_NOT_BOUND`; statuses of `nx_udp_socket_receive`; `NX_PTR_ERROR`
 */
export function nx_secure_dtls_session_receive(
  dtls_session: NX_SECURE_DTLS_SESSION | null,
  packet_ptr_ptr: Out<NX_PACKET> | null,
  wait_option: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_receive');
  if (dtls_session === null || packet_ptr_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  if (!dtls_session.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  return compound(kernel.op, receive(kernel, dtls_session, packet_ptr_ptr, wait_option));
}

/**
 * Encrypts a packet and sends it to the peer (C: `nx_secure_dtls_session_send`). On success the stack owns the packet;
 * on any other status it stays the caller's.
 *
 * @param packet_ptr - from `nx_secure_dtls_packet_allocate`, which leaves room for what the record layer adds
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED` for a session that is not created or has
 *   no handshake behind it; `NX_SECURE_TLS_SEND_ADDRESS_MISMATCH` for another address than the session's peer;
 *   `NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL` where the packet has no room for the record; `NX_SECURE_TLS_TCP_SEND_FAILED`
 */
export function nx_secure_dtls_session_send(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  packet_ptr: NX_PACKET | null,
  ip_address: NXD_ADDRESS | null,
  port: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_send');
  if (session_ptr === null || packet_ptr === null || ip_address === null) return refuse(kernel, NX_PTR_ERROR);
  if (!session_ptr.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  return compound(
    kernel.op,
    sendData(secureState(kernel).config.NX_SECURE_QUIRKS, session_ptr, packet_ptr, { address: ip_address, port }),
  );
}

/**
 * Allocates a packet with room for the record layer's header (C: `nx_secure_dtls_packet_allocate`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_SECURE_TLS_ALLOCATE_PACKET_FAILED`;
 *   `NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL` where the pool's packets have no room for the headers
 */
export function nx_secure_dtls_packet_allocate(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  pool_ptr: NX_PACKET_POOL | null,
  packet_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_packet_allocate');
  if (session_ptr === null || pool_ptr === null || packet_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  if (!session_ptr.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  return compound(kernel.op, allocateForSession(kernel, session_ptr, pool_ptr, packet_ptr, wait_option));
}
