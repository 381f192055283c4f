import type { Explanation } from '../explanation.ts';

/** The statuses of DTLS sessions, their records, and what they are given to work with. */
export const DTLS_SESSIONS: Readonly<Record<string, Explanation>> = {
  NX_SECURE_TLS_SUCCESS: {
    meaning: 'The service did what was asked.',
    elsewhere: 'The same number as NX_SUCCESS, which is the name that services are documented with.',
  },
  NX_SECURE_TLS_SESSION_UNINITIALIZED: {
    meaning: 'The session is not created, not started, or over.',
    causes: [
      'A service is called before nx_secure_dtls_session_create, or its failure was not noticed.',
      'Sending or receiving before the handshake succeeded, or after the session was ended or reset: start it again.',
      "A server's session that no client has: wait for the connect notification.",
    ],
  },
  NX_SECURE_TLS_INVALID_STATE: { meaning: 'The session is in a state in which this cannot be done.' },
  NX_SECURE_TLS_INVALID_PACKET: {
    meaning: 'A record is not well formed.',
    causes: [
      'The peer does not speak DTLS at this port, or something else sends here: look at the capture.',
      'A datagram was cut off on its way.',
    ],
  },
  NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE: {
    meaning: "A record's authentication code is wrong, and the record was dropped.",
    causes: [
      'Keys differ: with pre-shared keys, compare the bytes of the key on both sides.',
      'The datagram was changed on its way, or belongs to an earlier session of the peer: reset and start again.',
    ],
  },
  NX_SECURE_TLS_PADDING_CHECK_FAILED: {
    meaning: 'The padding of a decrypted record is wrong, and the record was dropped.',
    causes: ['Keys differ, or the datagram was changed on its way: as for NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE.'],
  },
  NX_SECURE_TLS_AEAD_DECRYPT_FAIL: {
    meaning: 'A record of an AEAD cipher (GCM, CCM) could not be authenticated, and was dropped.',
    causes: [
      'Keys differ: with pre-shared keys, compare the bytes of the key on both sides.',
      'The datagram was changed on its way, or belongs to an earlier session of the peer.',
    ],
  },
  NX_SECURE_TLS_TCP_SEND_FAILED: {
    meaning: 'A record could not be sent. TCP stands in the name, and UDP is meant too.',
    causes: [
      'The socket is not bound, or was unbound: bind it before the session starts.',
      'There is no way to the peer: check address, mask and gateway.',
      'The link is down, or the packet has no room for the headers: allocate it with nx_secure_dtls_packet_allocate.',
    ],
  },
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED: {
    meaning: 'There was no packet for a record.',
    causes: [
      'The pool is empty: look for packets that are not released, or make it larger.',
      'A handshake with certificates needs several packets at once.',
    ],
  },
  NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL: {
    meaning: "A packet, or the session's buffer for messages, is too small.",
    causes: [
      'The packet has no room before or behind its data: allocate it with nx_secure_dtls_packet_allocate, from a pool with larger payloads.',
      "The packet buffer of the session is smaller than the peer's longest handshake message, usually its certificates: give it more (often 4,000 bytes).",
    ],
  },
  NX_SECURE_TLS_SEND_ADDRESS_MISMATCH: {
    meaning: "The address is not that of the session's peer.",
    causes: ['Send to the address and port with which the session was started: one session has one peer.'],
  },
  NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED: {
    meaning: 'The peer has closed the session in order.',
    causes: [
      'It is the regular end: end or reset the session, and start again where more is to be sent.',
      'The peer was idle for longer than it keeps sessions.',
    ],
  },
  NX_SECURE_TLS_ALERT_RECEIVED: {
    meaning: 'The peer refused or ended the session with a fatal alert.',
    causes: [
      'nx_secure_tls_session_alert_value_get tells level and number; 40 handshake failure, 42 to 46 and 48 the certificate, 70 version, 115 the PSK identity.',
      "The reason is in the peer's log: no common cipher suite, an untrusted or expired certificate.",
    ],
  },
  NX_SECURE_TLS_NO_CLOSE_RESPONSE: {
    meaning: 'The peer did not answer the end of the session.',
    elsewhere: 'Here nx_secure_dtls_session_end succeeds whether the peer answers or not.',
  },
  NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS: {
    meaning: 'A client came, and every session of the server is in use.',
    elsewhere:
      'The callback error_notify of a DTLS server gets it, without a session. Create the server with more session buffers, or end and reset sessions that are over.',
  },
  NX_SECURE_DTLS_SESSION_NOT_FOUND: { meaning: 'No session belongs to the peer.' },
  NX_SECURE_TLS_NO_AVAILABLE_SESSIONS: { meaning: 'No session is free.' },
  NX_SECURE_TLS_OUT_OF_ORDER_MESSAGE: {
    meaning: 'A message came before an earlier one.',
    elsewhere: 'Here the handshake keeps such a message until the earlier one has come.',
  },
  NX_SECURE_TLS_INVALID_REMOTE_HOST: { meaning: "A record came from another host than the session's peer." },
  NX_SECURE_TLS_INVALID_EPOCH: {
    meaning: 'A record is of another epoch than the present one.',
    elsewhere: 'Here such a record is dropped.',
  },
  NX_SECURE_TLS_REPEAT_MESSAGE_RECEIVED: {
    meaning: 'A record came twice.',
    elsewhere: 'Here the second one is dropped (RFC 6347 section 4.1.2.6).',
  },
  NX_SECURE_TLS_NEED_DTLS_SESSION: { meaning: 'The service is for DTLS sessions, and got one of TLS.' },
  NX_SECURE_TLS_NEED_TLS_SESSION: { meaning: 'The service is for TLS sessions, and got one of DTLS.' },
  NX_SECURE_TLS_RECORD_OVERFLOW: { meaning: 'A record is longer than the protocol allows.' },
  NX_SECURE_TLS_HANDSHAKE_FRAGMENT_RECEIVED: {
    meaning: 'A part of a handshake message came; the rest is still to come.',
  },
  NX_SECURE_TLS_TRANSMIT_LOCKED: { meaning: 'Another thread is sending over the session.' },
  NX_SECURE_TLS_POST_HANDSHAKE_RECEIVED: { meaning: 'A message of TLS 1.3 came after its handshake.' },
  NX_SECURE_TLS_NO_MORE_PSK_SPACE: {
    meaning: 'The pre-shared key cannot be kept.',
    causes: [
      'The table is full: raise NX_SECURE_TLS_MAX_PSK_KEYS of the device.',
      "Key, identity or hint is longer than the device's limits (NX_SECURE_TLS_MAX_PSK_SIZE, NX_SECURE_TLS_MAX_PSK_ID_SIZE).",
    ],
  },
  NX_SECURE_TLS_INSUFFICIENT_METADATA_SPACE: {
    meaning: 'The buffer for the working data of the ciphers is too small.',
  },
  NX_SECURE_TLS_CRYPTO_KEYS_TOO_LARGE: { meaning: 'The keys of the cipher suite do not fit where keys are kept.' },
  NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE: {
    meaning: 'The crypto table lacks a routine that is needed.',
    causes: [
      'An entry of the cipher suite table or of its methods is NULL: fill it, or use one of the ready-made tables.',
    ],
  },
};
