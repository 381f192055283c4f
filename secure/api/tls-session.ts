import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { metadataSize, type NX_SECURE_TLS_CRYPTO } from '../crypto-table.ts';
import { TLS_SESSION_ID, type NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import { refuse } from './checks.ts';

/**
 * Bytes of metadata that a session with a crypto table needs (C: `nx_secure_tls_metadata_size_calculate`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_secure_tls_metadata_size_calculate(
  crypto_table: NX_SECURE_TLS_CRYPTO | null,
  metadata_size: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_secure_tls_metadata_size_calculate');
  if (crypto_table === null || metadata_size === null) return refuse(kernel, NX_PTR_ERROR);
  metadata_size.value = metadataSize(crypto_table);
  return kernel.finish(NX_SUCCESS);
}

/**
 * The last alert that the peer sent (C: `nx_secure_tls_session_alert_value_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`
 */
export function nx_secure_tls_session_alert_value_get(
  tls_session: NX_SECURE_TLS_SESSION | null,
  alert_level: Out<UINT> | null,
  alert_value: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nx_secure_tls_session_alert_value_get');
  if (tls_session === null || alert_level === null || alert_value === null) return refuse(kernel, NX_PTR_ERROR);
  if (tls_session.nx_secure_tls_id !== TLS_SESSION_ID) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  alert_level.value = tls_session.nx_secure_tls_received_alert_level;
  alert_value.value = tls_session.nx_secure_tls_received_alert_value;
  return kernel.finish(NX_SUCCESS);
}
