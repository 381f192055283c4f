import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_INVALID_PARAMETERS, NX_SUCCESS } from '../../netx/constants.ts';
import { NX_SECURE_TLS_CERTIFICATE_NOT_FOUND } from '../constants.ts';
import { remoteCertificateSpace } from '../remote-certificates.ts';
import type { NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import type { NX_SECURE_X509_CERT } from '../x509-cert.ts';
import { onSession } from './tls-checks.ts';

/**
 * Chooses the identity that a session shows, among those it has (C: `nx_secure_tls_active_certificate_set`): a server
 * with several names does so in its server callback.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread; `NX_SECURE_TLS_CERTIFICATE_NOT_FOUND` for a certificate without a key
 */
export function nx_secure_tls_active_certificate_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  certificate: NX_SECURE_X509_CERT | null,
): Op<UINT> {
  return onSession(enter('nx_secure_tls_active_certificate_set'), tls_session, [certificate], (session) => {
    if (certificate?.nx_secure_x509_certificate_is_identity_cert !== true) return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    session.activeCertificate = certificate;
    return NX_SUCCESS;
  });
}

/**
 * Makes a server's session ask its client for a certificate, and refuse one without
 * (C: `nx_secure_tls_session_client_verify_enable`). The room for it is the session's.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread
 */
export function nx_secure_tls_session_client_verify_enable(tls_session: NX_SECURE_TLS_SESSION | null): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_client_verify_enable'), tls_session, [], (session) => {
    session.verifiesClient = true;
    return NX_SUCCESS;
  });
}

/**
 * Makes a server's session ask its client for no certificate (C: `nx_secure_tls_session_client_verify_disable`).
 *
 * @returns as `nx_secure_tls_session_client_verify_enable`
 */
export function nx_secure_tls_session_client_verify_disable(tls_session: NX_SECURE_TLS_SESSION | null): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_client_verify_disable'), tls_session, [], (session) => {
    session.verifiesClient = false;
    return NX_SUCCESS;
  });
}

/**
 * Gives a server's session room for its client's certificates, and makes it ask for them
 * (C: `nx_secure_tls_session_x509_client_verify_configure`).
 *
 * @param certs_number - how many certificates the client's chain may have
 * @param certs_buffer - room for them, a control block and the certificate each
 * @returns as `nx_secure_tls_session_client_verify_enable`, and `NX_INVALID_PARAMETERS` where the buffer is too small
 */
export function nx_secure_tls_session_x509_client_verify_configure(
  tls_session: NX_SECURE_TLS_SESSION | null,
  certs_number: UINT,
  certs_buffer: Uint8Array | null,
  buffer_size: ULONG,
): Op<UINT> {
  const service = 'nx_secure_tls_session_x509_client_verify_configure';
  const kernel = enter(service);
  return onSession(kernel, tls_session, [certs_buffer], (session) => {
    if (certs_number === 0 || certs_buffer === null) return NX_INVALID_PARAMETERS;
    const space = remoteCertificateSpace(kernel, certs_number, buffer_size);
    if (space === null) return NX_INVALID_PARAMETERS;
    requireRoom(certs_buffer, buffer_size, service, 'certs_buffer');
    session.remoteCertificates = space;
    session.verifiesClient = true;
    return NX_SUCCESS;
  });
}

/**
 * Gives a session room for its peer's certificates (C: `nx_secure_tls_remote_certificate_buffer_allocate`).
 *
 * @returns as `nx_secure_tls_session_x509_client_verify_configure`
 */
export function nx_secure_tls_remote_certificate_buffer_allocate(
  tls_session: NX_SECURE_TLS_SESSION | null,
  certs_number: UINT,
  certificate_buffer: Uint8Array | null,
  buffer_size: ULONG,
): Op<UINT> {
  const service = 'nx_secure_tls_remote_certificate_buffer_allocate';
  const kernel = enter(service);
  return onSession(kernel, tls_session, [certificate_buffer], (session) => {
    if (certs_number === 0 || certificate_buffer === null) return NX_INVALID_PARAMETERS;
    const space = remoteCertificateSpace(kernel, certs_number, buffer_size);
    if (space === null) return NX_INVALID_PARAMETERS;
    requireRoom(certificate_buffer, buffer_size, service, 'certificate_buffer');
    session.remoteCertificates = space;
    return NX_SUCCESS;
  });
}
