import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_SUCCESS } from '../../netx/constants.ts';
import type { CertificateCallback, HelloCallback, NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import { onSession } from './tls-checks.ts';

/**
 * Gives a session the time, for the validity of certificates (C: `nx_secure_tls_session_time_function_set`).
 *
 * @param time_func_ptr - seconds since 1970, or 0 where the time is not known; NULL: validity is not checked
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread
 */
export function nx_secure_tls_session_time_function_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  time_func_ptr: (() => ULONG) | null,
): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_time_function_set'), tls_session, [], (session) => {
    session.timeFunction = time_func_ptr;
    return NX_SUCCESS;
  });
}

/**
 * Lets the application look at the peer's certificate once its chain is verified: its name, its key usage, whether it
 * is revoked (C: `nx_secure_tls_session_certificate_callback_set`). The callback runs in the thread that makes the
 * handshake; any status but `NX_SUCCESS` ends it, with an alert bad_certificate, and is what the service returns that
 * made the handshake.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread
 */
export function nx_secure_tls_session_certificate_callback_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  func_ptr: CertificateCallback | null,
): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_certificate_callback_set'), tls_session, [], (session) => {
    session.certificateCallback = func_ptr;
    return NX_SUCCESS;
  });
}

/**
 * Lets a server's application look at the extensions of the ClientHello, and choose the identity to show for the host
 * name in it (C: `nx_secure_tls_session_server_callback_set`). It is called in the thread that makes the handshake,
 * where the hello has extensions, before the suite is chosen. `connect_notify` is the place to set it.
 *
 * @returns as `nx_secure_tls_session_certificate_callback_set`
 */
export function nx_secure_tls_session_server_callback_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  func_ptr: HelloCallback | null,
): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_server_callback_set'), tls_session, [], (session) => {
    session.serverCallback = func_ptr;
    return NX_SUCCESS;
  });
}

/**
 * Lets a client's application look at the extensions of the ServerHello
 * (C: `nx_secure_tls_session_client_callback_set`).
 *
 * @returns as `nx_secure_tls_session_certificate_callback_set`
 */
export function nx_secure_tls_session_client_callback_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  func_ptr: HelloCallback | null,
): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_client_callback_set'), tls_session, [], (session) => {
    session.clientCallback = func_ptr;
    return NX_SUCCESS;
  });
}
