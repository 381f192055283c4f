import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_SUCCESS } from '../../netx/constants.ts';
import { secureState } from '../device-state.ts';
import { PskStore } from '../psk-store.ts';
import type { NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import { onSession } from './tls-checks.ts';

const part = (bytes: Uint8Array | null, length: UINT): Uint8Array => bytes?.subarray(0, length) ?? new Uint8Array(0);

/**
 * Adds a pre-shared key to a session (C: `nx_secure_tls_psk_add`); the same as `nx_secure_dtls_psk_add` for its TLS part.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_CALLER_ERROR` unless called from a
 *   thread; `NX_SECURE_TLS_NO_MORE_PSK_SPACE` where the table is full or a part is longer than the device's limits
 */
export function nx_secure_tls_psk_add(
  tls_session: NX_SECURE_TLS_SESSION | null,
  pre_shared_key: Uint8Array | null,
  psk_length: UINT,
  psk_identity: Uint8Array | null,
  identity_length: UINT,
  hint: Uint8Array | null,
  hint_length: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_tls_psk_add');
  return onSession(kernel, tls_session, [pre_shared_key, psk_identity], ({ psks }) =>
    psks.add(
      secureState(kernel).config,
      part(pre_shared_key, psk_length),
      part(psk_identity, identity_length),
      part(hint, hint_length),
    ),
  );
}

/**
 * Sets the pre-shared key that a client uses, whatever the server hints at (C: `nx_secure_tls_client_psk_set`): for a
 * client with keys for several servers, before it connects to one of them.
 *
 * @returns as `nx_secure_tls_psk_add`
 */
export function nx_secure_tls_client_psk_set(
  tls_session: NX_SECURE_TLS_SESSION | null,
  pre_shared_key: Uint8Array | null,
  psk_length: UINT,
  psk_identity: Uint8Array | null,
  identity_length: UINT,
  hint: Uint8Array | null,
  hint_length: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_tls_client_psk_set');
  return onSession(kernel, tls_session, [pre_shared_key, psk_identity], (session) => {
    // A store of one key holds it to the limits that every key is held to.
    const store = new PskStore();
    const key = part(pre_shared_key, psk_length);
    const identity = part(psk_identity, identity_length);
    const status = store.add(secureState(kernel).config, key, identity, part(hint, hint_length));
    if (status !== NX_SUCCESS) return status;
    session.clientPsk?.key.fill(0);
    session.clientPsk = store.forHint(new Uint8Array(0));
    return NX_SUCCESS;
  });
}
