import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_PTR_ERROR } from '../../netx/constants.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from '../constants.ts';
import { TLS_SESSION_ID, type NX_SECURE_TLS_SESSION } from '../tls-session.ts';
import { inThread, refuse } from './checks.ts';

/**
 * What is wrong with the session that an `nx_secure_tls_*` service was given, or with its caller: most of them are for
 * created sessions and for threads.
 */
export function sessionObjection(kernel: Kernel, session: NX_SECURE_TLS_SESSION | null): UINT | null {
  if (session === null) return NX_PTR_ERROR;
  if (session.nx_secure_tls_id !== TLS_SESSION_ID) return NX_SECURE_TLS_SESSION_UNINITIALIZED;
  return inThread(kernel) ? null : NX_CALLER_ERROR;
}

/** Does a service's work on a session that stands the checks; other pointers that must not be NULL come first. */
export function onSession(
  kernel: Kernel,
  session: NX_SECURE_TLS_SESSION | null,
  pointers: readonly unknown[],
  work: (session: NX_SECURE_TLS_SESSION) => UINT,
): Op<UINT> {
  if (session === null || pointers.includes(null)) return refuse(kernel, NX_PTR_ERROR);
  const objection = sessionObjection(kernel, session);
  return objection === null ? kernel.finish(work(session)) : refuse(kernel, objection);
}
