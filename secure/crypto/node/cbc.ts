import { createCipheriv, createDecipheriv, type Cipher, type Decipher } from 'node:crypto';
import type { CbcKey, CbcName } from '../provider.ts';
import { plain } from './bytes.ts';

const BLOCK = 16;

/** Where what is to be encrypted is put together, as long as any record; longer texts have their own. */
const desk = new Uint8Array(2 ** 15);

/**
 * AES-CBC under one key, by one of node's objects for each direction: making one takes longer than encrypting a kilobyte.
 * Such an object goes on chaining from its last block of ciphertext. What comes next begins with an IV of its own all the
 * same: in the first block the one is exchanged for the other, which CBC does nothing with but to combine it with the
 * plaintext.
 */
export function cbcKey(name: CbcName, key: Uint8Array): CbcKey {
  let cipher: Cipher | null = null;
  let decipher: Decipher | null = null;
  const encryptedLast = new Uint8Array(BLOCK);
  const decryptedLast = new Uint8Array(BLOCK);
  return {
    encrypt: (iv, ...data) => {
      let length = 0;
      for (const piece of data) length += piece.length;
      check(iv, length);
      cipher ??= createCipheriv(name, key, encryptedLast).setAutoPadding(false);
      const text = length <= desk.length ? desk : new Uint8Array(length);
      let at = 0;
      for (const piece of data) {
        text.set(piece, at);
        at += piece.length;
      }
      exchange(text, encryptedLast, iv, length);
      const encrypted = plain(cipher.update(text.subarray(0, length)));
      keepLast(encryptedLast, encrypted);
      return encrypted;
    },
    decrypt: (iv, data) => {
      check(iv, data.length);
      decipher ??= createDecipheriv(name, key, decryptedLast).setAutoPadding(false);
      const decrypted = plain(decipher.update(data));
      exchange(decrypted, decryptedLast, iv, data.length);
      keepLast(decryptedLast, data);
      return decrypted;
    },
    wipe: () => {
      key.fill(0);
      // OpenSSL overwrites its own copy of the key when it is told that nothing follows.
      cipher?.final();
      decipher?.final();
      cipher = null;
      decipher = null;
    },
  };
}

function check(iv: Uint8Array, length: number): void {
  if (iv.length !== BLOCK) throw new RangeError(`an IV has ${BLOCK} bytes, not ${iv.length}`);
  if (length % BLOCK !== 0) throw new RangeError(`CBC takes whole blocks, not ${length} bytes`);
}

/** Takes one chaining value out of the first block of a text, and puts another one in. */
function exchange(text: Uint8Array, out: Uint8Array, into: Uint8Array, length: number): void {
  if (length === 0) return;
  for (let at = 0; at < BLOCK; at++) text[at] = (text[at] ?? 0) ^ (out[at] ?? 0) ^ (into[at] ?? 0);
}

/** Notes the last block of a ciphertext. */
function keepLast(last: Uint8Array, ciphertext: Uint8Array): void {
  const from = ciphertext.length - BLOCK;
  if (from < 0) return;
  for (let at = 0; at < BLOCK; at++) last[at] = ciphertext[from + at] ?? 0;
}
