import type { Explanation } from '../explanation.ts';

/** The statuses of certificates, keys and revocation lists as they are read. */
export const X509_FORMAT: Readonly<Record<string, Explanation>> = {
  NX_SECURE_X509_SUCCESS: {
    meaning: 'The service did what was asked.',
    elsewhere: 'The same number as NX_SUCCESS, which is the name that services are documented with.',
  },
  NX_SECURE_X509_MULTIBYTE_TAG_UNSUPPORTED: { meaning: 'An ASN.1 tag is longer than one byte.' },
  NX_SECURE_X509_ASN1_LENGTH_TOO_LONG: {
    meaning: 'A length in the DER goes beyond what is around it.',
    causes: [
      'The data is cut off: check the length that is passed.',
      'It is PEM, or something else: convert it with openssl to DER.',
    ],
  },
  NX_SECURE_X509_FOUND_NON_ZERO_PADDING: { meaning: 'A bit string has padding that is not zero.' },
  NX_SECURE_X509_MISSING_PUBLIC_KEY: { meaning: 'The certificate has no public key.' },
  NX_SECURE_X509_INVALID_PUBLIC_KEY: { meaning: 'The public key cannot be read.' },
  NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE: {
    meaning: 'The parts are not in the order that the format has.',
    causes: ['The data is DER of something else, such as a key or a certificate where a revocation list is wanted.'],
  },
  NX_SECURE_X509_MISSING_SIGNATURE_ALGORITHM: {
    meaning: 'The data does not say how it is signed, or says it wrongly.',
    causes: ['The list is damaged or not made by the rules (RFC 5280 section 5.1): have the CA make it again.'],
  },
  NX_SECURE_X509_INVALID_CERTIFICATE_DATA: {
    meaning: 'A part that has to be there cannot be read.',
    causes: ['The name of the issuer is missing or damaged: have the CA make the list again.'],
  },
  NX_SECURE_X509_UNEXPECTED_ASN1_TAG: {
    meaning: 'A part is of another type than the format has there.',
    causes: ['An entry of the revocation list is none: have the CA make the list again.'],
  },
  NX_SECURE_PKCS1_INVALID_PRIVATE_KEY: {
    meaning: 'The private key cannot be read.',
    causes: [
      'The key type does not match: RSA keys are PKCS#1 DER, EC keys are SEC 1 DER; convert with openssl rsa or openssl ec.',
      'A PKCS#8 or PEM file was passed as it is: convert it to DER.',
      'The length is wrong.',
    ],
  },
  NX_SECURE_X509_PKCS7_PARSING_FAILED: { meaning: 'The decrypted signature is not of the form of PKCS#1.' },
  NX_SECURE_X509_INVALID_VERSION: {
    meaning: 'The version is not one that is known.',
    causes: ['Certificates are of version 3, revocation lists of version 2: have the CA make it again.'],
  },
  NX_SECURE_X509_INVALID_TAG_CLASS: { meaning: 'An ASN.1 tag is of a class that the format does not have there.' },
  NX_SECURE_X509_INVALID_EXTENSIONS: {
    meaning: 'The extensions are not well formed, or a critical one is not understood.',
    causes: [
      'A critical extension is not supported here: issue without it, or mark it as not critical.',
      'An extension is there twice, or damaged.',
    ],
  },
  NX_SECURE_X509_INVALID_EXTENSION_SEQUENCE: { meaning: 'An extension is not put together as it has to be.' },
  NX_SECURE_X509_INVALID_DATE_FORMAT: {
    meaning: 'A date is not well formed.',
    causes: ['Dates are UTCTime or GeneralizedTime in UTC (RFC 5280 section 4.1.2.5): have the CA make it again.'],
  },
  NX_SECURE_X509_INVALID_CERTIFICATE: {
    meaning: 'The certificate cannot be parsed.',
    causes: [
      'It is PEM: convert it with openssl x509 -outform DER.',
      'The length is not that of the array.',
      'The bytes are those of something else, such as a key or a chain of several.',
    ],
  },
  NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE: {
    meaning: 'The key type is none that is known.',
    causes: [
      'Pass NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER or NX_SECURE_X509_KEY_TYPE_EC_DER, or NX_SECURE_X509_KEY_TYPE_NONE without a key.',
    ],
  },
  NX_SECURE_X509_NAME_STRING_TOO_LONG: {
    meaning: 'The name is longer than can be kept.',
    causes: ['A host name has at most 100 bytes here: compare with NX_SECURE_X509_DNS_NAME_MAX.'],
  },
  NX_SECURE_X509_INSUFFICIENT_CERT_SPACE: {
    meaning: 'The buffer for the copy is too small for the certificate.',
    causes: [
      'Make it as long as the certificate in DER, or pass no buffer, where the array lives as long as the certificate.',
    ],
  },
  NX_SECURE_X509_NO_CERT_SPACE_ALLOCATED: { meaning: 'No memory was given for the certificate.' },
  NX_SECURE_X509_MISSING_CRYPTO_ROUTINE: { meaning: 'A crypto routine that the check needs is missing.' },
  NX_SECURE_X509_CERT_ID_DUPLICATE: {
    meaning: 'The number is that of another certificate in the store.',
    elsewhere: 'Here the services of stores give NX_SECURE_TLS_CERT_ID_DUPLICATE.',
  },
};
