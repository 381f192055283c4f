import type { Explanation } from '../explanation.ts';

/** The statuses of TLS 1.3 and of renegotiation, which DTLS here has not. */
export const TLS: Readonly<Record<string, Explanation>> = {
  NX_SECURE_TLS_NO_RENEGOTIATION_ERROR: { meaning: 'The peer does not renegotiate.' },
  NX_SECURE_TLS_RENEGOTIATION_EXTENSION_ERROR: { meaning: 'The extension for secure renegotiation is wrong.' },
  NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE: {
    meaning: 'A session without a finished handshake cannot renegotiate.',
  },
  NX_SECURE_TLS_RENEGOTIATION_FAILURE: { meaning: 'The renegotiation failed.' },
  NX_SECURE_TLS_BAD_SERVERHELLO_KEYSHARE: {
    meaning: "The server's share of the key is missing or not well formed.",
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_BAD_CLIENTHELLO_KEYSHARE: {
    meaning: "The client's share of the key is missing or not well formed.",
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_1_3_UNKNOWN_CIPHERSUITE: {
    meaning: 'The cipher suite is none of TLS 1.3.',
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_INVALID_SESSION_TICKET: { meaning: 'A session ticket is not well formed.' },
  NX_SECURE_TLS_MISSING_EXTENSION: {
    meaning: 'A hello lacks an extension that has to be there.',
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_CERTIFICATE_REQUIRED: {
    meaning: 'The server wants a certificate, and the client gave none.',
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_UNEXPECTED_CLIENTHELLO: { meaning: 'A ClientHello came where none is expected.' },
  NX_SECURE_TLS_BAD_CLIENTHELLO_PSK_EXTENSION: {
    meaning: "The client's extension of pre-shared keys is not well formed.",
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_PSK_BINDER_MISMATCH: {
    meaning: 'The client does not prove that it has the pre-shared key.',
    elsewhere: 'It is about TLS 1.3 (RFC 8446).',
  },
  NX_SECURE_TLS_DOWNGRADE_DETECTED: {
    meaning: "The server's random bytes show that somebody lowered the version.",
    elsewhere: 'It is about TLS 1.3 (RFC 8446 section 4.1.3).',
  },
};
