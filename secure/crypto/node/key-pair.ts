import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

/** A new key pair, for certificates that are made on the host: never from a device's own random numbers. */
export interface KeyPair {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#1 (RSA) or SEC1 (EC), DER: what `nx_secure_x509_certificate_initialize` takes. */
  readonly privateKey: Uint8Array;
}

/** Makes a key pair with the host's own randomness: EC on P-256, or RSA of 2048 bits. */
export function generateKeyPair(type: 'ec' | 'rsa'): KeyPair {
  const pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' })),
    privateKey: new Uint8Array(pair.privateKey.export({ format: 'der', type: type === 'ec' ? 'sec1' : 'pkcs1' })),
  };
}

/** A serial number for a certificate: 16 bytes, positive (RFC 5280 section 4.1.2.2). */
export function randomSerial(): Uint8Array {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
