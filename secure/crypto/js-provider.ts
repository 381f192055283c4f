import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { deterministicEcdsa, verifyEcdsa } from './ecdsa.ts';
import { aeadOpen, aeadSeal, cbcKey } from './js/ciphers.ts';
import { ephemeralKey } from './js/ephemeral.ts';
import { hash, hmacOf } from './js/hashes.ts';
import { parsePrivateKey, parsePublicKey, type JsPrivateKey, type JsPublicKey } from './js/keys.ts';
import { signPkcs1, verifyPkcs1, verifyPss } from './js/rsa-signature.ts';
import { byteLength, rsaPrivate, rsaPublic } from './js/rsa.ts';
import { pkcs1Pad } from './pkcs1.ts';
import type { CryptoProvider, PrivateKey, PublicKey } from './provider.ts';

/** The numbers of the keys that were given out: callers hold keys whose type says nothing of them. */
const publicKeys = new WeakMap<PublicKey, JsPublicKey>();
const privateKeys = new WeakMap<PrivateKey, JsPrivateKey>();

function numbersOf<K extends PublicKey, N>(key: K, keys: WeakMap<K, N>): N {
  const found = keys.get(key);
  if (found === undefined) throw new TypeError('a key of another crypto provider was used');
  return found;
}

/**
 * Cryptography in JavaScript alone, for where there is no `node:crypto`: the same bytes as the other provider's for the same
 * arguments. It is not hardened against those who can measure its time; the devices are simulated, and so are their secrets.
 *
 * GCM nonces have at least 8 bytes (DTLS has 12), and EC keys name their curve.
 */
export const jsProvider: CryptoProvider = {
  name: 'js',
  hash,
  hmac: hmacOf,
  aeadSeal,
  aeadOpen,
  cbcKey,
  ephemeralKey,

  importPublicKey: (spki) => {
    const key = parsePublicKey(spki);
    if (key !== null) publicKeys.set(key, key);
    return key;
  },

  importPrivateKey: (der) => {
    const key = parsePrivateKey(der);
    if (key !== null) privateKeys.set(key, key);
    return key;
  },

  sign: (scheme, key, data) => {
    const numbers = numbersOf(key, privateKeys);
    if (numbers.type === 'ec' && scheme.kind === 'ecdsa') {
      return deterministicEcdsa(numbers.curve, numbers.scalar, hash(scheme.hash, data));
    }
    if (numbers.type === 'rsa' && scheme.kind === 'rsa-pkcs1') return signPkcs1(numbers.rsa, scheme.hash, data);
    if (numbers.type === 'rsa' && scheme.kind === 'rsa-md5-sha1') return signPkcs1(numbers.rsa, 'md5-sha1', data);
    // RSA-PSS would need a random salt, for which there is no source here; no DTLS machine signs with it.
    throw new TypeError(`no ${scheme.kind} signatures are made with a key of type ${numbers.type}`);
  },

  verify: (scheme, key, data, signature) => {
    const numbers = numbersOf(key, publicKeys);
    if (numbers.type === 'ec') {
      if (scheme.kind !== 'ecdsa') return false;
      return verifyEcdsa(numbers.curve, numbers.point, hash(scheme.hash, data), signature);
    }
    if (scheme.kind === 'rsa-pkcs1') return verifyPkcs1(numbers.rsa, scheme.hash, data, signature);
    if (scheme.kind === 'rsa-md5-sha1') return verifyPkcs1(numbers.rsa, 'md5-sha1', data, signature);
    return scheme.kind === 'rsa-pss' && verifyPss(numbers.rsa, scheme.hash, scheme.saltLength, data, signature);
  },

  rsaEncrypt: (key, message, random) => {
    const numbers = numbersOf(key, publicKeys);
    const length = Math.ceil(key.bits / 8);
    const padded = pkcs1Pad(message, length, random);
    const value = numbers.type === 'rsa' ? rsaPublic(numbers.rsa, bytesToNumberBE(padded)) : null;
    if (value === null) throw new TypeError('the key cannot be encrypted with');
    return numberToBytesBE(value, length);
  },

  rsaRawDecrypt: (key, ciphertext) => {
    const numbers = numbersOf(key, privateKeys);
    if (numbers.type !== 'rsa' || ciphertext.length !== byteLength(numbers.rsa)) return null;
    const value = rsaPrivate(numbers.rsa, bytesToNumberBE(ciphertext));
    return value === null ? null : numberToBytesBE(value, ciphertext.length);
  },
};
