export const WARNING = 1;
export const FATAL = 2;

export const CLOSE_NOTIFY = 0;
export const UNEXPECTED_MESSAGE = 10;
export const BAD_RECORD_MAC = 20;
export const HANDSHAKE_FAILURE = 40;
export const BAD_CERTIFICATE = 42;
export const UNSUPPORTED_CERTIFICATE = 43;
export const ILLEGAL_PARAMETER = 47;
export const DECODE_ERROR = 50;
export const DECRYPT_ERROR = 51;
export const PROTOCOL_VERSION = 70;
export const INTERNAL_ERROR = 80;
export const INAPPROPRIATE_FALLBACK = 86;
export const NO_RENEGOTIATION = 100;
export const UNSUPPORTED_EXTENSION = 110;
export const UNKNOWN_PSK_IDENTITY = 115;

const NAMES: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  115: 'unknown_psk_identity',
};

/** An alert's description by its name in the RFC. */
export const alertName = (description: number): string => NAMES[description] ?? `alert ${description}`;

/** An alert (RFC 5246 section 7.2): one byte of level, one of description. */
export interface Alert {
  readonly level: number;
  readonly description: number;
}

export function parseAlert(bytes: Uint8Array): Alert | null {
  const [level, description] = bytes;
  if (bytes.length !== 2 || level === undefined || description === undefined) return null;
  return level === WARNING || level === FATAL ? { level, description } : null;
}

export function buildAlert({ level, description }: Alert): Uint8Array {
  return Uint8Array.of(level, description);
}
