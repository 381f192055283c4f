import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_INVALID_PARAMETERS, NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import type { CertificateStore } from '../certificate-store.ts';
import {
  NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
  NX_SECURE_TLS_SESSION_UNINITIALIZED,
  NX_SECURE_X509_CERTIFICATE_NOT_FOUND,
} from '../constants.ts';
import { hasQuirk } from '../device-state.ts';
import { DTLS_SERVER_ID, type NX_SECURE_DTLS_SERVER } from '../dtls-server.ts';
import type { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import type { NX_SECURE_X509_CERT } from '../x509-cert.ts';
import { refuse } from './checks.ts';

type List = 'local' | 'trusted';

/** The store of a session or server, or the status that says why there is none. */
function storeOf(owner: NX_SECURE_DTLS_SESSION | NX_SECURE_DTLS_SERVER | null): CertificateStore | number {
  if (owner === null) return NX_PTR_ERROR;
  if ('nx_dtls_server_id' in owner)
    return owner.nx_dtls_server_id === DTLS_SERVER_ID ? owner.certificates : NX_PTR_ERROR;
  return owner.created ? owner.nx_secure_dtls_tls_session.certificates : NX_SECURE_TLS_SESSION_UNINITIALIZED;
}

function add(
  kernel: Kernel,
  owner: NX_SECURE_DTLS_SESSION | NX_SECURE_DTLS_SERVER | null,
  list: List,
  certificate: NX_SECURE_X509_CERT | null,
  id: UINT,
): Op<UINT> {
  if (certificate === null) return refuse(kernel, NX_PTR_ERROR);
  const store = storeOf(owner);
  if (typeof store === 'number') return refuse(kernel, store);
  // A control block without a certificate in it was never initialised.
  if (id === 0 || certificate.certificate === null) return kernel.finish(NX_INVALID_PARAMETERS);
  return kernel.finish(store.add(list, certificate, id));
}

function remove(
  kernel: Kernel,
  owner: NX_SECURE_DTLS_SESSION | NX_SECURE_DTLS_SERVER | null,
  list: List,
  commonName: Uint8Array | null,
  length: UINT,
  id: UINT,
): Op<UINT> {
  const store = storeOf(owner);
  if (typeof store === 'number') return refuse(kernel, store);
  if (id !== 0) {
    const status = store.remove(list, { id });
    const another = status !== NX_SUCCESS && hasQuirk(kernel, 'remove-by-number-status');
    return kernel.finish(another ? NX_SECURE_X509_CERTIFICATE_NOT_FOUND : status);
  }
  if (commonName === null || length === 0) return kernel.finish(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
  return kernel.finish(store.remove(list, { commonName: commonName.subarray(0, length) }));
}

/**
 * Adds an identity certificate, with its key, for all sessions of a server
 * (C: `nx_secure_dtls_server_local_certificate_add`).
 *
 * @param cert_id - a number of the application's choice, not 0, by which the certificate can be removed
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for number 0, a certificate that was not initialised or
 *   is in a store already; `NX_SECURE_TLS_CERT_ID_DUPLICATE`
 */
export function nx_secure_dtls_server_local_certificate_add(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  certificate: NX_SECURE_X509_CERT | null,
  cert_id: UINT,
): Op<UINT> {
  return add(enter('nx_secure_dtls_server_local_certificate_add'), server_ptr, 'local', certificate, cert_id);
}

/**
 * Removes an identity certificate from a server, by number or (number 0) by common name
 * (C: `nx_secure_dtls_server_local_certificate_remove`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_CERTIFICATE_NOT_FOUND`
 */
export function nx_secure_dtls_server_local_certificate_remove(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  common_name: Uint8Array | null,
  common_name_length: UINT,
  cert_id: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_local_certificate_remove');
  return remove(kernel, server_ptr, 'local', common_name, common_name_length, cert_id);
}

/**
 * Adds a trusted certificate for all sessions of a server, against which clients' certificates are verified
 * (C: `nx_secure_dtls_server_trusted_certificate_add`).
 *
 * @returns as `nx_secure_dtls_server_local_certificate_add`
 */
export function nx_secure_dtls_server_trusted_certificate_add(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  certificate: NX_SECURE_X509_CERT | null,
  cert_id: UINT,
): Op<UINT> {
  return add(enter('nx_secure_dtls_server_trusted_certificate_add'), server_ptr, 'trusted', certificate, cert_id);
}

/**
 * Removes a trusted certificate from a server (C: `nx_secure_dtls_server_trusted_certificate_remove`).
 *
 * @returns as `nx_secure_dtls_server_local_certificate_remove`
 */
export function nx_secure_dtls_server_trusted_certificate_remove(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  common_name: Uint8Array | null,
  common_name_length: UINT,
  cert_id: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_trusted_certificate_remove');
  const nameless = common_name === null || common_name_length === 0;
  if (nameless && hasQuirk(kernel, 'trusted-remove-needs-name')) return refuse(kernel, NX_PTR_ERROR);
  return remove(kernel, server_ptr, 'trusted', common_name, common_name_length, cert_id);
}

/**
 * Adds an identity certificate, with its key, to a session (C: `nx_secure_dtls_session_local_certificate_add`).
 *
 * @returns as `nx_secure_dtls_server_local_certificate_add`, and `NX_SECURE_TLS_SESSION_UNINITIALIZED`
 */
export function nx_secure_dtls_session_local_certificate_add(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  certificate: NX_SECURE_X509_CERT | null,
  cert_id: UINT,
): Op<UINT> {
  return add(enter('nx_secure_dtls_session_local_certificate_add'), session_ptr, 'local', certificate, cert_id);
}

/**
 * Removes an identity certificate from a session (C: `nx_secure_dtls_session_local_certificate_remove`).
 *
 * @returns as `nx_secure_dtls_server_local_certificate_remove`, and `NX_SECURE_TLS_SESSION_UNINITIALIZED`
 */
export function nx_secure_dtls_session_local_certificate_remove(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  common_name: Uint8Array | null,
  common_name_length: UINT,
  cert_id: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_local_certificate_remove');
  return remove(kernel, session_ptr, 'local', common_name, common_name_length, cert_id);
}

/**
 * Adds a trusted certificate to a session, against which the peer's chain is verified
 * (C: `nx_secure_dtls_session_trusted_certificate_add`).
 *
 * @returns as `nx_secure_dtls_session_local_certificate_add`
 */
export function nx_secure_dtls_session_trusted_certificate_add(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  certificate: NX_SECURE_X509_CERT | null,
  cert_id: UINT,
): Op<UINT> {
  return add(enter('nx_secure_dtls_session_trusted_certificate_add'), session_ptr, 'trusted', certificate, cert_id);
}

/**
 * Removes a trusted certificate from a session (C: `nx_secure_dtls_session_trusted_certificate_remove`).
 *
 * @returns as `nx_secure_dtls_session_local_certificate_remove`
 */
export function nx_secure_dtls_session_trusted_certificate_remove(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  common_name: Uint8Array | null,
  common_name_length: UINT,
  cert_id: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_session_trusted_certificate_remove');
  return remove(kernel, session_ptr, 'trusted', common_name, common_name_length, cert_id);
}
