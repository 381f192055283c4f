import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_SUCCESS } from '../../netx/constants.ts';

/** Prepares TLS (C: `nx_secure_tls_initialize`); to be called once, before anything else of NetX Secure. */
export function nx_secure_tls_initialize(): Op<UINT> {
  return enter('nx_secure_tls_initialize').finish(NX_SUCCESS);
}

/** Prepares DTLS (C: `nx_secure_dtls_initialize`); to be called once, after `nx_secure_tls_initialize`. */
export function nx_secure_dtls_initialize(): Op<UINT> {
  return enter('nx_secure_dtls_initialize').finish(NX_SUCCESS);
}
