import {
  NX_SECURE_X509_ASN1_LENGTH_TOO_LONG,
  NX_SECURE_X509_CERTIFICATE_EXPIRED,
  NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID,
  NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED,
  NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
  NX_SECURE_X509_CRL_CERTIFICATE_REVOKED,
  NX_SECURE_X509_CRL_ISSUER_MISMATCH,
  NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED,
  NX_SECURE_X509_INVALID_CERTIFICATE,
  NX_SECURE_X509_INVALID_CERTIFICATE_DATA,
  NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE,
  NX_SECURE_X509_INVALID_DATE_FORMAT,
  NX_SECURE_X509_INVALID_EXTENSIONS,
  NX_SECURE_X509_INVALID_SELF_SIGNED_CERT,
  NX_SECURE_X509_INVALID_VERSION,
  NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND,
  NX_SECURE_X509_KEY_USAGE_ERROR,
  NX_SECURE_X509_MISSING_SIGNATURE_ALGORITHM,
  NX_SECURE_X509_SUCCESS,
  NX_SECURE_X509_UNEXPECTED_ASN1_TAG,
  NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM,
  NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER,
} from './constants.ts';
import type { ChainErrorKind } from './x509/chain.ts';
import type { CrlError } from './x509/crl.ts';
import type { CrlDefect, RevocationVerdict } from './x509/revocation.ts';

/** The status of each way in which a revocation list is not well formed. */
export const CRL_ERRORS: Readonly<Record<CrlError, number>> = {
  // In C every nesting of lengths that does not work out is one that is too long for what is around it.
  encoding: NX_SECURE_X509_ASN1_LENGTH_TOO_LONG,
  structure: NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE,
  version: NX_SECURE_X509_INVALID_VERSION,
  name: NX_SECURE_X509_INVALID_CERTIFICATE_DATA,
  time: NX_SECURE_X509_INVALID_DATE_FORMAT,
  entries: NX_SECURE_X509_UNEXPECTED_ASN1_TAG,
  'signature-algorithm': NX_SECURE_X509_MISSING_SIGNATURE_ALGORITHM,
  extensions: NX_SECURE_X509_INVALID_EXTENSIONS,
};

/** The status of each thing that makes a well-formed list unusable. */
export const CRL_DEFECTS: Readonly<Record<CrlDefect, number>> = {
  'key-usage': NX_SECURE_X509_KEY_USAGE_ERROR,
  'critical-extension': NX_SECURE_X509_INVALID_EXTENSIONS,
  'not-yet-valid': NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID,
  'out-of-date': NX_SECURE_X509_CERTIFICATE_EXPIRED,
  'unknown-signature-algorithm': NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM,
  'unsupported-public-key': NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER,
};

/** The status of what a list says of a certificate. Where a list is not usable, that of its defect says more. */
export const REVOCATION_VERDICTS: Readonly<Record<RevocationVerdict, number>> = {
  good: NX_SECURE_X509_SUCCESS,
  revoked: NX_SECURE_X509_CRL_CERTIFICATE_REVOKED,
  'issuer-mismatch': NX_SECURE_X509_CRL_ISSUER_MISMATCH,
  'bad-signature': NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED,
  'not-usable': NX_SECURE_X509_INVALID_CERTIFICATE,
};

/** The statuses of a refused chain where no TLS is around: some have numbers other than those that TLS gives. */
export const X509_CHAIN_ERRORS: Readonly<Record<ChainErrorKind, number>> = {
  expired: NX_SECURE_X509_CERTIFICATE_EXPIRED,
  'not-yet-valid': NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID,
  'issuer-not-found': NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND,
  'self-signed': NX_SECURE_X509_INVALID_SELF_SIGNED_CERT,
  signature: NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED,
  'unknown-signature-algorithm': NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM,
  'unsupported-public-key': NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER,
  'not-a-ca': NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
  'path-too-long': NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
  'key-usage': NX_SECURE_X509_KEY_USAGE_ERROR,
  'extended-key-usage': NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
  'name-constraint': NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
  'critical-extension': NX_SECURE_X509_INVALID_EXTENSIONS,
  depth: NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
};
