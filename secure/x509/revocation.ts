import { sameBytes } from '../bytes.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { Certificate } from './certificate.ts';
import type { Crl } from './crl.ts';
import { CRL_SIGN } from './extensions.ts';
import { sameName } from './names.ts';

/**
 * What a list says of a certificate.
 *
 * - `good`: the list is its issuer's, can be used, and does not name it
 * - `revoked`: the list names it, for whatever reason; a certificate on hold is one of them
 * - `issuer-mismatch`: the list, the certificate and the issuer are not of one name
 * - `bad-signature`: the issuer did not sign the list
 * - `not-usable`: see {@link CrlDefect}
 */
export type RevocationVerdict = 'good' | 'revoked' | 'issuer-mismatch' | 'bad-signature' | 'not-usable';

/** Why a list that can be read says nothing of any certificate. */
export type CrlDefect =
  /** The issuer's key is not for signing lists (RFC 5280 section 4.2.1.3, cRLSign). */
  | 'key-usage'
  | 'critical-extension'
  | 'not-yet-valid'
  | 'out-of-date'
  | 'unknown-signature-algorithm'
  | 'unsupported-public-key';

/**
 * What makes a list of an issuer unusable, its signature aside; null where nothing does.
 *
 * @param now - seconds since 1970; 0 where there is no clock, and dates are not checked
 */
export function crlDefect(crl: Crl, issuer: Certificate, now: number, provider: CryptoProvider): CrlDefect | null {
  const { keyUsage } = issuer.extensions;
  if (keyUsage !== null && (keyUsage & CRL_SIGN) === 0) return 'key-usage';
  if (crl.unknownCritical.length > 0) return 'critical-extension';
  if (now !== 0 && now < crl.thisUpdate) return 'not-yet-valid';
  if (now !== 0 && crl.nextUpdate !== null && now > crl.nextUpdate) return 'out-of-date';
  if (crl.signatureAlgorithm === null) return 'unknown-signature-algorithm';
  return provider.importPublicKey(issuer.spki) === null ? 'unsupported-public-key' : null;
}

/** An INTEGER without the zeros in front that DER forbids and some issuers write. */
function withoutPadding(integer: Uint8Array): Uint8Array {
  let start = 0;
  while (integer[start] === 0 && (integer[start + 1] ?? 0x80) < 0x80) start++;
  return integer.subarray(start);
}

/**
 * Whether a certificate is revoked (RFC 5280 section 6.3), by a complete list of its own issuer: indirect and delta lists
 * are not used.
 *
 * @param issuer - the certificate whose key is to have signed the list; whether it is trusted is the caller's to find out
 * @param now - seconds since 1970; 0 where there is no clock, and dates are not checked
 */
export function checkRevocation(
  certificate: Certificate,
  crl: Crl,
  issuer: Certificate,
  now: number,
  provider: CryptoProvider,
): RevocationVerdict {
  if (!sameName(crl.issuer, certificate.issuer) || !sameName(crl.issuer, issuer.subject)) return 'issuer-mismatch';
  if (crlDefect(crl, issuer, now, provider) !== null) return 'not-usable';
  const key = provider.importPublicKey(issuer.spki);
  if (key === null || crl.signatureAlgorithm === null) return 'not-usable';
  if (!provider.verify(crl.signatureAlgorithm, key, crl.tbs, crl.signature)) return 'bad-signature';
  const serial = withoutPadding(certificate.serialNumber);
  const isNamed = crl.revoked.some((entry) => sameBytes(withoutPadding(entry.serialNumber), serial));
  return isNamed ? 'revoked' : 'good';
}
