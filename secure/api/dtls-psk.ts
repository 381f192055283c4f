import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_PTR_ERROR } from '../../netx/constants.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { secureState } from '../device-state.ts';
import { DTLS_SERVER_ID, type NX_SECURE_DTLS_SERVER } from '../dtls-server.ts';
import type { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import type { PskStore } from '../psk-store.ts';
import { refuse } from './checks.ts';

/** A pointer and a length, as C passes strings of bytes. */
type Bytes = readonly [pointer: Uint8Array | null, length: UINT];

function add(kernel: Kernel, store: PskStore, parts: readonly [key: Bytes, identity: Bytes, hint: Bytes]): Op<UINT> {
  const [key, identity, hint] = parts.map(([pointer, length]) =>
    pointer === null ? (length === 0 ? new Uint8Array(0) : null) : pointer.subarray(0, length),
  );
  if (!key || !identity || !hint) return refuse(kernel, NX_PTR_ERROR);
  return kernel.finish(store.add(secureState(kernel).config, key, identity, hint));
}

/**
 * Adds a pre-shared key to a session; key, identity and hint are copied (C: `nx_secure_dtls_psk_add`).
 *
 * @param psk_identity - the name a client gives for the key
 * @param hint - the server's hint for which a client uses the key
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_SECURE_TLS_NO_MORE_PSK_SPACE` where
 *   the table is full or a part is longer than the device's limits
 */
export function nx_secure_dtls_psk_add(
  session_ptr: NX_SECURE_DTLS_SESSION | null,
  pre_shared_key: Uint8Array | null,
  psk_length: UINT,
  psk_identity: Uint8Array | null,
  identity_length: UINT,
  hint: Uint8Array | null,
  hint_length: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_psk_add');
  if (session_ptr === null) return refuse(kernel, NX_PTR_ERROR);
  if (!session_ptr.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  return add(kernel, session_ptr.nx_secure_dtls_tls_session.psks, [
    [pre_shared_key, psk_length],
    [psk_identity, identity_length],
    [hint, hint_length],
  ]);
}

/**
 * Adds a pre-shared key for all sessions of a server (C: `nx_secure_dtls_server_psk_add`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_NO_MORE_PSK_SPACE`
 */
export function nx_secure_dtls_server_psk_add(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  pre_shared_key: Uint8Array | null,
  psk_length: UINT,
  psk_identity: Uint8Array | null,
  identity_length: UINT,
  hint: Uint8Array | null,
  hint_length: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_psk_add');
  if (server_ptr?.nx_dtls_server_id !== DTLS_SERVER_ID) return refuse(kernel, NX_PTR_ERROR);
  return add(kernel, server_ptr.psks, [
    [pre_shared_key, psk_length],
    [psk_identity, identity_length],
    [hint, hint_length],
  ]);
}
