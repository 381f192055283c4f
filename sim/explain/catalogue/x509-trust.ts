import type { Explanation } from '../explanation.ts';

/** The statuses of whether a certificate is to be trusted. */
export const X509_TRUST: Readonly<Record<string, Explanation>> = {
  NX_SECURE_X509_CHAIN_TOO_SHORT: { meaning: 'The chain of certificates ends before it may.' },
  NX_SECURE_X509_CHAIN_VERIFY_FAILURE: {
    meaning: 'The chain is complete, and breaks a rule of chains.',
    causes: [
      'An issuer in it is no CA, or may not have as many certificates below it: look at its basic constraints.',
      'A name is outside of what an issuer is constrained to.',
      'The chain is longer than the device follows.',
    ],
  },
  NX_SECURE_X509_CERTIFICATE_NOT_FOUND: {
    meaning: 'The store has no such certificate.',
    elsewhere:
      'Devices with the quirk remove-by-number-status give it where a certificate is removed by its number; others give NX_SECURE_TLS_CERTIFICATE_NOT_FOUND.',
  },
  NX_SECURE_X509_CERTIFICATE_EXPIRED: {
    meaning: "The certificate's last day is over.",
    causes: [
      'Renew it: openssl x509 -enddate shows the date.',
      "The device's clock is ahead: look at what the time function returns, in seconds since 1970.",
    ],
  },
  NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID: {
    meaning: "The certificate's first day is still to come.",
    causes: [
      "The device's clock is behind, often at its start: set the time before the handshake.",
      'The time function returns ticks or milliseconds where seconds since 1970 are wanted.',
    ],
  },
  NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH: {
    meaning: 'The certificate is for other names than the one that is checked.',
    causes: [
      'The client connects to another host than it means to, or the name lacks a part: compare with the subject alternative names.',
      'The certificate has no alternative name: issue it with one.',
    ],
  },
  NX_SECURE_X509_CRL_ISSUER_MISMATCH: {
    meaning: 'Revocation list and certificate are not of one issuer.',
    causes: ['Load the list of the CA that issued the certificate; root and intermediate have lists of their own.'],
  },
  NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED: {
    meaning: 'The issuer did not sign this revocation list.',
    causes: ['The list was damaged or changed, or the CA has another key now: load list and CA certificate again.'],
  },
  NX_SECURE_X509_CRL_CERTIFICATE_REVOKED: {
    meaning: 'The revocation list names the certificate: its CA has taken it back.',
    causes: [
      'Refuse the peer; it needs a new certificate.',
      'In a test: the serial numbers of two certificates are the same.',
    ],
  },
  NX_SECURE_X509_WRONG_SIGNATURE_METHOD: {
    meaning: 'The signature is made with another method than the certificate says.',
  },
  NX_SECURE_X509_EXTENSION_NOT_FOUND: {
    meaning: 'The certificate does not have the extension.',
    causes: [
      'Without key usage, the key may be used for anything: treat this status as permission, or issue the certificate with the extension.',
    ],
  },
  NX_SECURE_X509_ALT_NAME_NOT_FOUND: { meaning: 'The certificate has no alternative name of this kind.' },
  NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND: {
    meaning: 'The extended key usage does not name the usage.',
    causes: [
      'Issue the certificate with serverAuth or clientAuth, whichever it is for.',
      'The number of the usage is none of NX_SECURE_TLS_X509_TYPE_PKIX_KP_...',
    ],
  },
  NX_SECURE_X509_KEY_USAGE_ERROR: {
    meaning: 'A key in the chain is used for what its certificate does not allow.',
    causes: [
      "An issuer's key usage lacks keyCertSign (cRLSign for lists): issue the CA certificate again.",
      "The peer's certificate lacks digitalSignature, or keyEncipherment for RSA suites.",
    ],
  },
  NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER: {
    meaning: 'A public key is of a kind that is not supported.',
    causes: ['Use an RSA key, or an EC key on a curve such as P-256.'],
  },
  NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM: {
    meaning: 'The signature algorithm is not known here.',
    causes: ['Have it signed with ECDSA or RSA PKCS#1, and SHA-256.'],
  },
  NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED: {
    meaning: 'The signature of a certificate of the chain is wrong.',
    causes: ["The issuer's certificate in the store has the right name and another key: load its present one."],
  },
  NX_SECURE_X509_INVALID_SELF_SIGNED_CERT: {
    meaning: 'A certificate is signed with its own key, and is not trusted.',
    causes: ['Add it as a trusted certificate, or have a CA issue it.'],
  },
  NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND: {
    meaning: 'The store has no certificate of the issuer.',
    causes: ["Add the issuer's certificate, and those above it up to a trusted one."],
  },
};
