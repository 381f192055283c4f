import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { DTLS_SERVER_ID, type NX_SECURE_DTLS_SERVER } from '../dtls-server.ts';
import type { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import type { NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import { onSession } from './tls-checks.ts';
import { refuse } from './checks.ts';

/** DTLS 1.0 and 1.2 as they are on the wire. */
export const NX_SECURE_DTLS_VERSION_1_0 = 0xfeff;
export const NX_SECURE_DTLS_VERSION_1_2 = 0xfefd;

const isVersion = (version: UINT): boolean =>
  version === NX_SECURE_DTLS_VERSION_1_0 || version === NX_SECURE_DTLS_VERSION_1_2;

/**
 * Makes a client speak one version only (C: `nx_secure_dtls_client_protocol_version_override`).
 *
 * @param protocol_version - `NX_SECURE_DTLS_VERSION_1_2`, or `NX_SECURE_DTLS_VERSION_1_0`; whether it is built in shows
 *   when the session is started
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL and for what is no version; `NX_SECURE_TLS_SESSION_UNINITIALIZED`
 */
export function nx_secure_dtls_client_protocol_version_override(
  dtls_session: NX_SECURE_DTLS_SESSION | null,
  protocol_version: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_client_protocol_version_override');
  if (dtls_session === null) return refuse(kernel, NX_PTR_ERROR);
  if (!dtls_session.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  if (!isVersion(protocol_version)) return refuse(kernel, NX_PTR_ERROR);
  dtls_session.nx_secure_dtls_tls_session.nx_secure_tls_protocol_version_override = protocol_version;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Makes a server speak one version only with the clients to come
 * (C: `nx_secure_dtls_server_protocol_version_override`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL and for what is no version
 */
export function nx_secure_dtls_server_protocol_version_override(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  protocol_version: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_protocol_version_override');
  if (server_ptr?.nx_dtls_server_id !== DTLS_SERVER_ID || !isVersion(protocol_version)) {
    return refuse(kernel, NX_PTR_ERROR);
  }
  for (const { nx_secure_dtls_tls_session: tls } of server_ptr.nx_dtls_server_sessions) {
    tls.nx_secure_tls_protocol_version_override = protocol_version;
  }
  return kernel.finish(NX_SUCCESS);
}

/**
 * The same for the TLS part of a session (C: `nx_secure_tls_session_protocol_version_override`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread
 */
export function nx_secure_tls_session_protocol_version_override(
  tls_session: NX_SECURE_TLS_SESSION | null,
  protocol_version: UINT,
): Op<UINT> {
  return onSession(enter('nx_secure_tls_session_protocol_version_override'), tls_session, [], (session) => {
    if (!isVersion(protocol_version)) return NX_PTR_ERROR;
    session.nx_secure_tls_protocol_version_override = protocol_version;
    return NX_SUCCESS;
  });
}
