import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_INVALID_PARAMETERS, NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import type { NX_CRYPTO_METHOD } from '../crypto-table.ts';
import type { GroupName } from '../crypto/provider.ts';
import { DTLS_SERVER_ID, type NX_SECURE_DTLS_SERVER } from '../dtls-server.ts';
import type { NX_SECURE_DTLS_SESSION } from '../dtls-session.ts';
import { groupOf } from '../dtls/wire/extensions.ts';
import { refuse } from './checks.ts';

const curve = (nx_crypto_name: string): NX_CRYPTO_METHOD => ({ nx_crypto_name, nx_crypto_metadata_area_size: 0 });

/** The groups that are built in, by their numbers in the IANA registry, in order of preference. */
export const nx_crypto_ecc_supported_groups: readonly UINT[] = [23, 29, 24, 25];
/** How many they are. */
export const nx_crypto_ecc_supported_groups_size: UINT = nx_crypto_ecc_supported_groups.length;
/** Their routines, in the same order. */
export const nx_crypto_ecc_curves: readonly NX_CRYPTO_METHOD[] = [
  curve('SECP256R1'),
  curve('X25519'),
  curve('SECP384R1'),
  curve('SECP521R1'),
];

/** The groups that are meant, or the status that says what is wrong with the lists. */
function groupsFrom(
  supported: readonly UINT[] | null,
  count: UINT,
  curves: readonly NX_CRYPTO_METHOD[] | null,
): readonly GroupName[] | UINT {
  if (count > 0 && (supported === null || curves === null)) return NX_PTR_ERROR;
  const wanted = supported?.slice(0, count) ?? [];
  if (wanted.length < count || (curves?.length ?? 0) < count) return NX_INVALID_PARAMETERS;
  return wanted.map(groupOf).filter((group) => group !== null);
}

/**
 * Chooses the groups for the ephemeral keys of a session, in order of preference (C: `nx_secure_dtls_ecc_initialize`).
 * A session for which it is not called has every group that is built in.
 *
 * @param supported_groups - by number, such as {@link nx_crypto_ecc_supported_groups}; those that are not built in are
 *   left out
 * @param supported_group_count - how many; 0 takes the suites with ephemeral keys from the session
 * @param curves - a routine for each
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SECURE_TLS_SESSION_UNINITIALIZED`; `NX_INVALID_PARAMETERS` where a list is
 *   shorter than its count
 */
export function nx_secure_dtls_ecc_initialize(
  dtls_session: NX_SECURE_DTLS_SESSION | null,
  supported_groups: readonly UINT[] | null,
  supported_group_count: UINT,
  curves: readonly NX_CRYPTO_METHOD[] | null,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_ecc_initialize');
  if (dtls_session === null) return refuse(kernel, NX_PTR_ERROR);
  if (!dtls_session.created) return refuse(kernel, NX_SECURE_TLS_SESSION_UNINITIALIZED);
  const groups = groupsFrom(supported_groups, supported_group_count, curves);
  if (typeof groups === 'number') return kernel.finish(groups);
  dtls_session.nx_secure_dtls_tls_session.groups = groups;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Chooses the groups for the ephemeral keys of all sessions of a server (C: `nx_secure_dtls_server_ecc_initialize`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` where a list is shorter than its count
 */
export function nx_secure_dtls_server_ecc_initialize(
  server_ptr: NX_SECURE_DTLS_SERVER | null,
  supported_groups: readonly UINT[] | null,
  supported_group_count: UINT,
  curves: readonly NX_CRYPTO_METHOD[] | null,
): Op<UINT> {
  const kernel = enter('nx_secure_dtls_server_ecc_initialize');
  if (server_ptr?.nx_dtls_server_id !== DTLS_SERVER_ID) return refuse(kernel, NX_PTR_ERROR);
  const groups = groupsFrom(supported_groups, supported_group_count, curves);
  if (typeof groups === 'number') return kernel.finish(groups);
  for (const { nx_secure_dtls_tls_session: tls } of server_ptr.nx_dtls_server_sessions) tls.groups = groups;
  return kernel.finish(NX_SUCCESS);
}
