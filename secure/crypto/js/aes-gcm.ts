import { gcm } from '@noble/ciphers/aes.js';
import { sameSecret } from '../../bytes.ts';

const TAG_LENGTH = 16;

/** The tag lengths of SP 800-38D section 5.2.1.2, and the two short ones of its appendix C. */
const TAG_LENGTHS: readonly number[] = [4, 8, 12, 13, 14, 15, 16];

function check(tagLength: number): void {
  if (!TAG_LENGTHS.includes(tagLength)) throw new TypeError('a GCM tag has 4, 8 or 12 to 16 bytes');
}

/**
 * AES-GCM (SP 800-38D): the ciphertext and the tag behind it.
 *
 * @throws where the nonce is shorter than 8 bytes, or the length of the tag is none of GCM's
 */
export function gcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
  tagLength: number,
): Uint8Array {
  check(tagLength);
  // A short tag is the beginning of the long one.
  return gcm(key, nonce, additionalData)
    .encrypt(plaintext)
    .slice(0, plaintext.length + tagLength);
}

/**
 * What {@link gcmSeal} sealed, or null where the tag does not fit.
 *
 * @throws as {@link gcmSeal} does
 */
export function gcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  sealed: Uint8Array,
  tagLength: number,
): Uint8Array | null {
  check(tagLength);
  const length = sealed.length - tagLength;
  if (tagLength === TAG_LENGTH) {
    try {
      return gcm(key, nonce, additionalData).decrypt(sealed);
    } catch {
      return null;
    }
  }
  // The library opens whole tags only. What GCM does to a text undoes itself, so the text is sealed once more and compared.
  const plaintext = gcm(key, nonce).encrypt(sealed.subarray(0, length)).slice(0, length);
  return sameSecret(gcmSeal(key, nonce, additionalData, plaintext, tagLength), sealed) ? plaintext : null;
}
