import {
  BAD_CERTIFICATE,
  DECODE_ERROR,
  DECRYPT_ERROR,
  FATAL,
  HANDSHAKE_FAILURE,
  ILLEGAL_PARAMETER,
  INAPPROPRIATE_FALLBACK,
  INTERNAL_ERROR,
  PROTOCOL_VERSION,
  UNEXPECTED_MESSAGE,
  UNKNOWN_PSK_IDENTITY,
  UNSUPPORTED_CERTIFICATE,
  type Alert,
} from './wire/alert.ts';

/** Why an association could not be made, or could not go on. */
export type DtlsFailure =
  | {
      readonly kind:
        | 'unrecognized-message-type'
        | 'unsupported-cipher'
        | 'handshake-failure'
        | 'incorrect-message-length'
        | 'bad-change-cipher-spec'
        | 'no-common-suite'
        | 'unknown-version'
        | 'unsupported-version'
        | 'protocol-version-changed'
        | 'inappropriate-fallback'
        | 'bad-compression'
        | 'unsupported-public-key'
        | 'empty-certificate'
        | 'signature'
        | 'finished'
        | 'timeout'
        | 'no-psk'
        | 'unsupported-feature'
        | 'message-too-large'
        | 'unexpected-message'
        | 'not-connected'
        | 'sequence-exhausted'
        | 'record-too-large'
        | 'unknown-suite'
        | 'invalid-record'
        | 'authentication'
        | 'padding';
    }
  /** The peer's certificates were refused; the reason and the alert are the judge's. */
  | { readonly kind: 'certificate'; readonly reason: string; readonly alert: number }
  /** The application objected, when it was asked; the status is its own. */
  | { readonly kind: 'refused'; readonly status: number; readonly alert: number }
  | { readonly kind: 'alert-received'; readonly level: number; readonly description: number };

/** A failure that its name says all about. */
export type PlainKind = Exclude<DtlsFailure['kind'], 'certificate' | 'refused' | 'alert-received'>;

const ALERTS: Readonly<Record<string, number>> = {
  'unrecognized-message-type': UNEXPECTED_MESSAGE,
  'unsupported-cipher': ILLEGAL_PARAMETER,
  'handshake-failure': HANDSHAKE_FAILURE,
  'incorrect-message-length': DECODE_ERROR,
  'bad-change-cipher-spec': UNEXPECTED_MESSAGE,
  'no-common-suite': HANDSHAKE_FAILURE,
  'unknown-version': PROTOCOL_VERSION,
  'unsupported-version': PROTOCOL_VERSION,
  'protocol-version-changed': PROTOCOL_VERSION,
  'inappropriate-fallback': INAPPROPRIATE_FALLBACK,
  'bad-compression': ILLEGAL_PARAMETER,
  'unsupported-public-key': UNSUPPORTED_CERTIFICATE,
  'empty-certificate': BAD_CERTIFICATE,
  signature: DECRYPT_ERROR,
  finished: DECRYPT_ERROR,
  'no-psk': UNKNOWN_PSK_IDENTITY,
  'unsupported-feature': HANDSHAKE_FAILURE,
  'message-too-large': INTERNAL_ERROR,
  'unexpected-message': UNEXPECTED_MESSAGE,
  'unknown-suite': INTERNAL_ERROR,
};

/** The alert that tells the peer of a failure, or null where there is nothing to tell. */
export function alertFor(failure: DtlsFailure): Alert | null {
  const description = 'alert' in failure ? failure.alert : ALERTS[failure.kind];
  return description === undefined ? null : { level: FATAL, description };
}
