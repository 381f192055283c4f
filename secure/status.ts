import { NX_NO_PACKET, NX_NOT_SUCCESSFUL } from '../netx/constants.ts';
import {
  NX_SECURE_TLS_ALERT_RECEIVED,
  NX_SECURE_TLS_BAD_CIPHERSPEC,
  NX_SECURE_TLS_BAD_COMPRESSION_METHOD,
  NX_SECURE_TLS_CERTIFICATE_SIG_CHECK_FAILED,
  NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED,
  NX_SECURE_TLS_FINISHED_HASH_FAILURE,
  NX_SECURE_TLS_HANDSHAKE_FAILURE,
  NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE,
  NX_SECURE_TLS_INAPPROPRIATE_FALLBACK,
  NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH,
  NX_SECURE_TLS_INVALID_CERTIFICATE,
  NX_SECURE_TLS_INVALID_PACKET,
  NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT,
  NX_SECURE_TLS_INVALID_SERVER_CERT,
  NX_SECURE_TLS_SESSION_UNINITIALIZED,
  NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND,
  NX_SECURE_TLS_NO_MATCHING_PSK,
  NX_SECURE_TLS_NO_SUPPORTED_CIPHERS,
  NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL,
  NX_SECURE_TLS_PADDING_CHECK_FAILED,
  NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED,
  NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR,
  NX_SECURE_TLS_UNEXPECTED_MESSAGE,
  NX_SECURE_TLS_UNKNOWN_CERT_SIG_ALGORITHM,
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE,
  NX_SECURE_TLS_UNKNOWN_TLS_VERSION,
  NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE,
  NX_SECURE_TLS_UNSUPPORTED_CIPHER,
  NX_SECURE_TLS_UNSUPPORTED_FEATURE,
  NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER,
  NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION,
  NX_SECURE_X509_CERTIFICATE_EXPIRED,
  NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID,
  NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
  NX_SECURE_X509_INVALID_EXTENSIONS,
  NX_SECURE_X509_KEY_USAGE_ERROR,
} from './constants.ts';

import type { DtlsFailure, PlainKind } from './dtls/failure.ts';
import type { ChainError, ChainErrorKind } from './x509/chain.ts';

/** The status of each failure of the protocol, as the services report it. */
export const PLAIN_STATUSES: Readonly<Record<PlainKind, number>> = {
  'unrecognized-message-type': NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE,
  'unsupported-cipher': NX_SECURE_TLS_UNSUPPORTED_CIPHER,
  'handshake-failure': NX_SECURE_TLS_HANDSHAKE_FAILURE,
  'incorrect-message-length': NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH,
  'bad-change-cipher-spec': NX_SECURE_TLS_BAD_CIPHERSPEC,
  'no-common-suite': NX_SECURE_TLS_NO_SUPPORTED_CIPHERS,
  'unknown-version': NX_SECURE_TLS_UNKNOWN_TLS_VERSION,
  'unsupported-version': NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION,
  'protocol-version-changed': NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED,
  'inappropriate-fallback': NX_SECURE_TLS_INAPPROPRIATE_FALLBACK,
  'bad-compression': NX_SECURE_TLS_BAD_COMPRESSION_METHOD,
  'unsupported-public-key': NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER,
  'empty-certificate': NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED,
  signature: NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR,
  finished: NX_SECURE_TLS_FINISHED_HASH_FAILURE,
  timeout: NX_NO_PACKET,
  'no-psk': NX_SECURE_TLS_NO_MATCHING_PSK,
  'unsupported-feature': NX_SECURE_TLS_UNSUPPORTED_FEATURE,
  'message-too-large': NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL,
  'unexpected-message': NX_SECURE_TLS_UNEXPECTED_MESSAGE,
  'not-connected': NX_SECURE_TLS_SESSION_UNINITIALIZED,
  'sequence-exhausted': NX_NOT_SUCCESSFUL,
  'record-too-large': NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL,
  'unknown-suite': NX_SECURE_TLS_UNKNOWN_CIPHERSUITE,
  'invalid-record': NX_SECURE_TLS_INVALID_PACKET,
  authentication: NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE,
  padding: NX_SECURE_TLS_PADDING_CHECK_FAILED,
};

/**
 * The status of a failure.
 *
 * @param certificateStatus - what the judge of the peer's certificates said, for a failure that is about them
 */
export function failureStatus(failure: DtlsFailure, certificateStatus: number): number {
  if (failure.kind === 'alert-received') return NX_SECURE_TLS_ALERT_RECEIVED;
  if (failure.kind === 'refused') return failure.status;
  if (failure.kind === 'certificate') return certificateStatus || NX_SECURE_TLS_INVALID_CERTIFICATE;
  return PLAIN_STATUSES[failure.kind];
}

const CHAIN_ERRORS: Readonly<Record<ChainErrorKind, { readonly status: number; readonly alert: number }>> = {
  expired: { status: NX_SECURE_X509_CERTIFICATE_EXPIRED, alert: 45 },
  'not-yet-valid': { status: NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID, alert: 45 },
  'issuer-not-found': { status: NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND, alert: 48 },
  'self-signed': { status: NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT, alert: 48 },
  signature: { status: NX_SECURE_TLS_CERTIFICATE_SIG_CHECK_FAILED, alert: 42 },
  'unknown-signature-algorithm': { status: NX_SECURE_TLS_UNKNOWN_CERT_SIG_ALGORITHM, alert: 46 },
  'unsupported-public-key': { status: NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER, alert: 43 },
  'not-a-ca': { status: NX_SECURE_X509_CHAIN_VERIFY_FAILURE, alert: 42 },
  'path-too-long': { status: NX_SECURE_X509_CHAIN_VERIFY_FAILURE, alert: 42 },
  'key-usage': { status: NX_SECURE_X509_KEY_USAGE_ERROR, alert: 42 },
  'extended-key-usage': { status: NX_SECURE_TLS_INVALID_SERVER_CERT, alert: 42 },
  'name-constraint': { status: NX_SECURE_X509_CHAIN_VERIFY_FAILURE, alert: 42 },
  'critical-extension': { status: NX_SECURE_X509_INVALID_EXTENSIONS, alert: 42 },
  depth: { status: NX_SECURE_X509_CHAIN_VERIFY_FAILURE, alert: 42 },
};

/** The status of a refused chain, and the alert that tells the peer. */
export function chainStatus(error: ChainError): { readonly status: number; readonly alert: number } {
  return CHAIN_ERRORS[error.kind];
}
