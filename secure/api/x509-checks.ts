import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import {
  NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH,
  NX_SECURE_TLS_X509_TYPE_PKIX_KP_CODE_SIGNING,
  NX_SECURE_TLS_X509_TYPE_PKIX_KP_EMAIL_PROTECT,
  NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
  NX_SECURE_TLS_X509_TYPE_PKIX_KP_TIME_STAMPING,
  NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND,
  NX_SECURE_X509_EXTENSION_NOT_FOUND,
  NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE,
} from '../constants.ts';
import type { NX_SECURE_X509_CERT } from '../x509-cert.ts';
import { CLIENT_AUTH, CODE_SIGNING, EMAIL_PROTECTION, SERVER_AUTH, TIME_STAMPING } from '../x509/extensions.ts';
import { inThread, refuse } from './checks.ts';

/** Bits of a key usage extension: digitalSignature to decipherOnly. */
const KEY_USAGES = 9;

const USAGES: ReadonlyMap<UINT, string> = new Map([
  [NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH, SERVER_AUTH],
  [NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH, CLIENT_AUTH],
  [NX_SECURE_TLS_X509_TYPE_PKIX_KP_CODE_SIGNING, CODE_SIGNING],
  [NX_SECURE_TLS_X509_TYPE_PKIX_KP_EMAIL_PROTECT, EMAIL_PROTECTION],
  [NX_SECURE_TLS_X509_TYPE_PKIX_KP_TIME_STAMPING, TIME_STAMPING],
]);

/**
 * What a certificate's key is for (RFC 5280 section 4.2.1.3; C: `nx_secure_x509_key_usage_extension_parse`).
 *
 * @param bitfield - `NX_SECURE_X509_KEY_USAGE_…` bits. To be tested, not compared as a whole: the target leaves the number
 *   of the encoding's unused bits among the low ones
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a certificate that was not initialised; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_SECURE_X509_EXTENSION_NOT_FOUND` where the certificate does not say, and the key may be used for
 *   anything
 */
export function nx_secure_x509_key_usage_extension_parse(
  certificate: NX_SECURE_X509_CERT | null,
  bitfield: Out<UINT> | null,
): Op<UINT> {
  const kernel = enter('nx_secure_x509_key_usage_extension_parse');
  const parsed = certificate?.certificate ?? null;
  if (parsed === null || bitfield === null) return refuse(kernel, NX_PTR_ERROR);
  if (!inThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const { keyUsage } = parsed.extensions;
  if (keyUsage === null) return kernel.finish(NX_SECURE_X509_EXTENSION_NOT_FOUND);
  let bits = 0;
  // The first bit of the BIT STRING is the lowest one of `keyUsage`, and the highest one of C's USHORT.
  for (let bit = 0; bit < KEY_USAGES; bit++) {
    if ((keyUsage & (1 << bit)) !== 0) bits |= NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE >> bit;
  }
  bitfield.value = bits;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Whether a certificate names a usage among those it is for (RFC 5280 section 4.2.1.12; C:
 * `nx_secure_x509_extended_key_usage_extension_parse`). A certificate for any usage does not name one.
 *
 * @param key_usage - `NX_SECURE_TLS_X509_TYPE_PKIX_KP_…`
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL or a certificate that was not initialised; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_SECURE_X509_EXTENSION_NOT_FOUND` where the certificate has no such extension;
 *   `NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND` where the extension does not name the usage, or `key_usage` is none
 */
export function nx_secure_x509_extended_key_usage_extension_parse(
  certificate: NX_SECURE_X509_CERT | null,
  key_usage: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_x509_extended_key_usage_extension_parse');
  const parsed = certificate?.certificate ?? null;
  if (parsed === null) return refuse(kernel, NX_PTR_ERROR);
  if (!inThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const { extendedKeyUsage } = parsed.extensions;
  if (extendedKeyUsage === null) return kernel.finish(NX_SECURE_X509_EXTENSION_NOT_FOUND);
  const oid = USAGES.get(key_usage);
  const isNamed = oid !== undefined && extendedKeyUsage.includes(oid);
  return kernel.finish(isNamed ? NX_SUCCESS : NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND);
}
