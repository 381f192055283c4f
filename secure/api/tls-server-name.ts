import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import {
  NX_SECURE_TLS_EXTENSION_NOT_FOUND,
  NX_SECURE_TLS_SNI_EXTENSION_INVALID,
  NX_SECURE_X509_NAME_STRING_TOO_LONG,
} from '../constants.ts';
import { Reader } from '../dtls/wire/reader.ts';
import type { NX_SECURE_TLS_HELLO_EXTENSION, NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import { onSession, sessionObjection } from './tls-checks.ts';
import { refuse } from './checks.ts';

/** Longest name a {@link NX_SECURE_X509_DNS_NAME} holds, in bytes. */
export const NX_SECURE_X509_DNS_NAME_MAX = 100;

/** The number of the server_name extension (RFC 6066). */
export const NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION = 0;

/** A host name, for the server_name extension. */
export class NX_SECURE_X509_DNS_NAME {
  nx_secure_x509_dns_name: Uint8Array = new Uint8Array(0);
  nx_secure_x509_dns_name_length: UINT = 0;
}

/**
 * Puts a host name into its control block (C: `nx_secure_x509_dns_name_initialize`).
 *
 * @param name_string - ASCII, without a zero at its end
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_X509_NAME_STRING_TOO_LONG` beyond 100 bytes
 */
export function nx_secure_x509_dns_name_initialize(
  dns_name: NX_SECURE_X509_DNS_NAME | null,
  name_string: Uint8Array | null,
  length: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_x509_dns_name_initialize');
  if (dns_name === null || name_string === null) return refuse(kernel, NX_PTR_ERROR);
  if (length > NX_SECURE_X509_DNS_NAME_MAX) return kernel.finish(NX_SECURE_X509_NAME_STRING_TOO_LONG);
  dns_name.nx_secure_x509_dns_name = name_string.slice(0, length);
  dns_name.nx_secure_x509_dns_name_length = length;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Makes a client ask for a host by its name (C: `nx_secure_tls_session_sni_extension_set`). Whether the certificate is
 * for that name is the certificate callback's to check.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread
 */
export function nx_secure_tls_session_sni_extension_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  dns_name: NX_SECURE_X509_DNS_NAME | null,
): Op<UINT> {
  const kernel = enter('nx_secure_tls_session_sni_extension_set');
  return onSession(kernel, tls_session, [dns_name], (session) => {
    session.serverName = String.fromCharCode(...(dns_name?.nx_secure_x509_dns_name ?? []));
    return NX_SUCCESS;
  });
}

/**
 * Takes the host name out of the extensions that a server callback is given
 * (C: `nx_secure_tls_session_sni_extension_parse`).
 *
 * @param dns_name - receives the name
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread; `NX_SECURE_TLS_EXTENSION_NOT_FOUND` where the client asked for no host; `NX_SECURE_TLS_SNI_EXTENSION_INVALID`
 */
export function nx_secure_tls_session_sni_extension_parse(
  tls_session: NX_SECURE_TLS_SESSION | null,
  extensions: readonly NX_SECURE_TLS_HELLO_EXTENSION[] | null,
  num_extensions: UINT,
  dns_name: NX_SECURE_X509_DNS_NAME | null,
): Op<UINT> {
  const kernel = enter('nx_secure_tls_session_sni_extension_parse');
  if (extensions === null || dns_name === null) return refuse(kernel, NX_PTR_ERROR);
  const objection = sessionObjection(kernel, tls_session);
  if (objection !== null) return refuse(kernel, objection);
  const extension = extensions
    .slice(0, num_extensions)
    .find((one) => one.nx_secure_tls_extension_id === NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION);
  if (extension === undefined) return kernel.finish(NX_SECURE_TLS_EXTENSION_NOT_FOUND);
  const name = hostName(extension.nx_secure_tls_extension_data);
  if (name === null) return kernel.finish(NX_SECURE_TLS_SNI_EXTENSION_INVALID);
  dns_name.nx_secure_x509_dns_name = name;
  dns_name.nx_secure_x509_dns_name_length = name.length;
  return kernel.finish(NX_SUCCESS);
}

/** The host_name of a ServerNameList (RFC 6066 section 3), or null. */
function hostName(data: Uint8Array): Uint8Array | null {
  const outer = new Reader(data);
  const list = new Reader(outer.vector16());
  const kind = list.uint8();
  const name = list.vector16();
  if (!outer.complete || !list.ok || kind !== 0 || name.length > NX_SECURE_X509_DNS_NAME_MAX) return null;
  return name.slice();
}
