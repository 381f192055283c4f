import type { Explanation } from '../explanation.ts';

/** The statuses of the handshake, and of the certificates in it. */
export const HANDSHAKE: Readonly<Record<string, Explanation>> = {
  NX_SECURE_TLS_HANDSHAKE_FAILURE: {
    meaning: "The handshake failed: the peer's messages agree on nothing that can be used.",
    causes: [
      'The peer asks for something that was not offered, for example a renegotiation or an extension: look at both hellos in the capture.',
      'A key exchange does not work out: compare curves and suites of both sides.',
    ],
  },
  NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE: {
    meaning: 'A message or record has a type that the protocol does not know.',
    causes: ['The peer does not speak DTLS at this port, or the decrypted bytes are none because keys differ.'],
  },
  NX_SECURE_TLS_UNEXPECTED_MESSAGE: {
    meaning: 'A known message came where the handshake does not have it.',
    causes: [
      "The peer's state is another: it restarted, or is in an older handshake. Reset, and start again.",
      'The peer sends a certificate or asks for one where that was not agreed.',
    ],
  },
  NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH: {
    meaning: "A handshake message's lengths do not fit together.",
    causes: ['The peer has a mistake there, or the message was put together wrongly: look at it in the capture.'],
  },
  NX_SECURE_TLS_BAD_CIPHERSPEC: {
    meaning: 'A ChangeCipherSpec message is not well formed.',
    causes: ['The peer has a mistake there, or the record was changed on its way.'],
  },
  NX_SECURE_TLS_FINISHED_HASH_FAILURE: {
    meaning: 'The Finished message does not match: the two sides have not seen the same handshake.',
    causes: [
      'Keys differ: with pre-shared keys, compare the bytes of the key on both sides.',
      'A message was changed on its way.',
    ],
  },
  NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR: {
    meaning: "The signature over the key exchange, or over the client's handshake, is wrong.",
    causes: [
      "The peer's private key does not belong to its certificate: make both again from one key.",
      'A message was changed on its way.',
    ],
  },
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE: {
    meaning: "The session's cipher suite is not in the crypto table.",
    causes: ['The table was changed or freed while the session lives: keep it as long as the session.'],
  },
  NX_SECURE_TLS_UNSUPPORTED_CIPHER: {
    meaning: 'The peer chose a cipher suite that cannot be used here.',
    causes: [
      "The server chose one that was not offered, or that does not fit the version or the resumed session: look at the server's configuration.",
    ],
  },
  NX_SECURE_TLS_NO_SUPPORTED_CIPHERS: {
    meaning: 'The two sides have no cipher suite in common.',
    causes: [
      'The crypto tables differ: offer one that the peer has; ECDSA suites need an EC certificate, RSA suites an RSA one, PSK suites a key.',
      'The server has no certificate or key that fits any suite, or no curve in common.',
    ],
  },
  NX_SECURE_TLS_UNKNOWN_TLS_VERSION: {
    meaning: "The peer's version is none that is known here.",
    causes: ['The peer offers or chooses DTLS 1.3 or something else only: allow DTLS 1.2 there.'],
  },
  NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION: {
    meaning: 'The version is known, and not allowed here.',
    causes: [
      'One side speaks DTLS 1.0 only: build it in on the other, or better, switch the peer to DTLS 1.2.',
      'A version override asks for one that is not built in.',
    ],
  },
  NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED: {
    meaning: 'The version changed in the middle of a session.',
    causes: [
      'A record belongs to another session, or the server resumed with another version: forget the old session, and start again.',
    ],
  },
  NX_SECURE_TLS_INAPPROPRIATE_FALLBACK: {
    meaning: 'A client came back with an older version than both can speak.',
    causes: ['The client retries with lower versions after losses: let it begin with its highest version (RFC 7507).'],
  },
  NX_SECURE_TLS_BAD_COMPRESSION_METHOD: {
    meaning: 'The peer wants records compressed, which is not supported.',
    causes: ['Switch compression off at the peer.'],
  },
  NX_SECURE_TLS_UNSUPPORTED_FEATURE: {
    meaning: 'The peer uses something that is not supported.',
    causes: ['A client sends its elliptic curve point compressed: have it send uncompressed points.'],
  },
  NX_SECURE_TLS_NO_MATCHING_PSK: {
    meaning: 'There is no pre-shared key for what the peer named.',
    causes: [
      "Server: the client's identity is in no key that was added: compare the identities byte by byte, without a final zero.",
      "Client: no key was added, or the server's hint matches none.",
    ],
  },
  NX_SECURE_TLS_EXTENSION_NOT_FOUND: {
    meaning: 'The hello has no such extension.',
    causes: ['The client asks for no host by name: serve the default certificate.'],
  },
  NX_SECURE_TLS_SNI_EXTENSION_INVALID: {
    meaning: "The extension with the server's name is not well formed.",
    causes: ['The client sends an empty or broken name: refuse it, or serve the default certificate.'],
  },
  NX_SECURE_TLS_INVALID_SERVER_CERT: {
    meaning: "The peer's certificate is not made for this use.",
    causes: [
      'Its extended key usage does not name server authentication (or client authentication for a client): issue it with that usage.',
      'Server and client certificates are swapped.',
    ],
  },
  NX_SECURE_TLS_INVALID_CERTIFICATE: {
    meaning: "The peer's certificate cannot be used: it cannot be parsed, or the peer sent none.",
    causes: [
      'It is no DER, or cut off: look at it with openssl x509.',
      "Another check, such as the application's callback, refused it without a status of its own.",
    ],
  },
  NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND: {
    meaning: "No trusted certificate issued the peer's chain.",
    causes: [
      'The root is not in the store: nx_secure_dtls_session_trusted_certificate_add, with the root that really issued it.',
      'The peer does not send its intermediate certificates: add them there.',
    ],
  },
  NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT: {
    meaning: "The peer's certificate is signed with its own key, and is not trusted.",
    causes: [
      'Add it as a trusted certificate and allow self-signed ones (NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES), or have a CA issue it.',
    ],
  },
  NX_SECURE_TLS_CERTIFICATE_SIG_CHECK_FAILED: {
    meaning: 'The signature of a certificate of the chain is wrong.',
    causes: [
      "The trusted certificate has the issuer's name and another key: the CA was made anew; put its present certificate into the store.",
      'The certificate was damaged.',
    ],
  },
  NX_SECURE_TLS_UNKNOWN_CERT_SIG_ALGORITHM: {
    meaning: 'A certificate of the chain is signed with an algorithm that is not known here.',
    causes: [
      'It uses RSA-PSS, Ed25519 or the like, or the crypto table lacks the method: issue it with ECDSA or RSA PKCS#1 and SHA-256.',
    ],
  },
  NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER: {
    meaning: "A certificate's public key is of a kind that is not supported.",
    causes: ['Issue it with an RSA key, or an EC key on a curve such as P-256 that the device has.'],
  },
  NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED: {
    meaning: 'The peer sent an empty list of certificates.',
    causes: [
      'The client has no certificate that fits what the server asks for: add one with its key, or let the server not ask.',
    ],
  },
  NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE: {
    meaning: 'There is no room for the certificates of the peer.',
    causes: [
      "Give nx_secure_dtls_session_create a larger buffer for certificates, or for as many as the peer's chain has.",
    ],
  },
  NX_SECURE_TLS_NO_CERT_SPACE_ALLOCATED: { meaning: 'No memory was given for the certificates of the peer.' },
  NX_SECURE_TLS_CERTIFICATE_NOT_FOUND: {
    meaning: 'The store has no such certificate, or none that can be used.',
    causes: [
      'Name or number is not that with which it was added.',
      'nx_secure_tls_active_certificate_set: the certificate was initialised without its private key.',
    ],
  },
  NX_SECURE_TLS_CERT_ID_DUPLICATE: {
    meaning: 'The number is that of another certificate in the store.',
    causes: ['Give every certificate of a session its own number.'],
  },
  NX_SECURE_TLS_CERT_ID_INVALID: {
    meaning: 'The number cannot be that of a certificate.',
    elsewhere: 'Here number 0 is refused with NX_INVALID_PARAMETERS.',
  },
  NX_SECURE_TLS_CERTIFICATE_VERIFY_FAILURE: {
    meaning: "The client's proof of its private key is wrong.",
    elsewhere: 'Here a wrong proof is NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR.',
  },
  NX_SECURE_TLS_UNSUPPORTED_CERT_SIGN_TYPE: {
    meaning: 'The type of certificate that the server asks for is not supported.',
  },
  NX_SECURE_TLS_UNSUPPORTED_CERT_SIGN_ALG: {
    meaning: "The signature algorithm for the client's proof is not supported.",
  },
  NX_SECURE_TLS_UNSUPPORTED_SIGNATURE_ALGORITHM: {
    meaning: 'The signature algorithm that the peer chose is not supported.',
  },
  NX_SECURE_TLS_UNSUPPORTED_ECC_CURVE: { meaning: 'The elliptic curve is not supported.' },
  NX_SECURE_TLS_UNSUPPORTED_ECC_FORMAT: { meaning: 'The form of an elliptic curve point is not supported.' },
  NX_SECURE_TLS_EMPTY_EC_GROUP: { meaning: "The peer's list of curves is empty." },
  NX_SECURE_TLS_EMPTY_EC_POINT_FORMAT: { meaning: "The peer's list of point formats is empty." },
};
