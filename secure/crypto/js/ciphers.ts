import { cbc } from '@noble/ciphers/aes.js';
import { concatBytes } from '@noble/ciphers/utils.js';
import type { AeadName, CbcName, CryptoProvider } from '../provider.ts';
import { ccmOpen, ccmSeal } from './aes-ccm.ts';
import { gcmOpen, gcmSeal } from './aes-gcm.ts';

/** The library takes the variant of AES from the key's length: a key of another algorithm would pass unnoticed. */
function checkKey(name: AeadName | CbcName, key: Uint8Array): void {
  const length = name.includes('256') ? 32 : 16;
  if (key.length !== length) throw new RangeError(`${name} takes a key of ${length} bytes, not of ${key.length}`);
}

/** {@link CryptoProvider.aeadSeal}. */
export const aeadSeal: CryptoProvider['aeadSeal'] = (name, key, nonce, additionalData, plaintext, tagLength) => {
  checkKey(name, key);
  const seal = name.endsWith('ccm') ? ccmSeal : gcmSeal;
  return seal(key, nonce, additionalData, plaintext, tagLength);
};

/** {@link CryptoProvider.aeadOpen}. */
export const aeadOpen: CryptoProvider['aeadOpen'] = (name, key, nonce, additionalData, sealed, tagLength) => {
  if (sealed.length < tagLength) return null;
  const open = name.endsWith('ccm') ? ccmOpen : gcmOpen;
  try {
    checkKey(name, key);
    return open(key, nonce, additionalData, sealed, tagLength);
  } catch {
    return null;
  }
};

/** {@link CryptoProvider.cbcKey}. */
export const cbcKey: CryptoProvider['cbcKey'] = (name, key) => {
  checkKey(name, key);
  return {
    encrypt: (iv, ...data) => cbc(key, iv, { disablePadding: true }).encrypt(concatBytes(...data)),
    decrypt: (iv, data) => cbc(key, iv, { disablePadding: true }).decrypt(data),
    wipe: () => void key.fill(0),
  };
};
