import { cbc, ctr } from '@noble/ciphers/aes.js';
import { sameSecret } from '../../bytes.ts';

const BLOCK = 16;

/** Bytes in which the length of a message is written: what the nonce leaves of a block. */
const lengthOctets = (nonce: Uint8Array): number => BLOCK - 1 - nonce.length;

const padded = (length: number): number => Math.ceil(length / BLOCK) * BLOCK;

/** The block that a nonce begins: flags, the nonce, and a number in what is left. */
function block(flags: number, nonce: Uint8Array, number: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  bytes[0] = flags | (lengthOctets(nonce) - 1);
  bytes.set(nonce, 1);
  // Shifts would take the number modulo 2^32.
  for (let at = BLOCK - 1, rest = number; at > nonce.length; at--, rest = Math.floor(rest / 256)) bytes[at] = rest;
  return bytes;
}

/** How the length of the additional data precedes it (RFC 3610 section 2.2): no octets where there is none. */
function additionalLength(length: number): Uint8Array {
  if (length === 0) return new Uint8Array(0);
  if (length < 0xff00) return Uint8Array.of(length >>> 8, length);
  return Uint8Array.of(0xff, 0xfe, length >>> 24, length >>> 16, length >>> 8, length);
}

/** The CBC-MAC of everything that is authenticated, before it is encrypted. */
function authenticate(
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
  tagLength: number,
): Uint8Array {
  const prefix = additionalLength(additionalData.length);
  const textAt = BLOCK + padded(prefix.length + additionalData.length);
  const input = new Uint8Array(textAt + padded(plaintext.length));
  const flags = (additionalData.length > 0 ? 0x40 : 0) | (((tagLength - 2) / 2) << 3);
  input.set(block(flags, nonce, plaintext.length));
  input.set(prefix, BLOCK);
  input.set(additionalData, BLOCK + prefix.length);
  input.set(plaintext, textAt);
  // CBC-MAC is the last block of CBC that begins with zeros.
  return cbc(key, new Uint8Array(BLOCK), { disablePadding: true }).encrypt(input).slice(-BLOCK);
}

/** Counter mode over one block for the tag and then the text: in its first block RFC 3610 encrypts the tag. */
function crypt(key: Uint8Array, nonce: Uint8Array, tag: Uint8Array, text: Uint8Array): [Uint8Array, Uint8Array] {
  const input = new Uint8Array(BLOCK + text.length);
  input.set(tag);
  input.set(text, BLOCK);
  const output = ctr(key, block(0, nonce, 0)).encrypt(input);
  return [output.slice(0, tag.length), output.slice(BLOCK)];
}

function check(nonce: Uint8Array, length: number, tagLength: number): void {
  if (nonce.length < 7 || nonce.length > 13) throw new TypeError('a CCM nonce has 7 to 13 bytes');
  if (tagLength < 4 || tagLength > 16 || tagLength % 2 !== 0) throw new TypeError('a CCM tag has 4, 6, ... 16 bytes');
  if (length >= 256 ** lengthOctets(nonce)) throw new RangeError('the message is too long for a nonce of this length');
}

/**
 * AES-CCM (RFC 3610): the ciphertext and the tag behind it.
 *
 * @throws where the nonce has not 7 to 13 bytes, the tag not 4, 6, ... 16, or the text is too long for the nonce
 */
export function ccmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
  tagLength: number,
): Uint8Array {
  check(nonce, plaintext.length, tagLength);
  const mac = authenticate(key, nonce, additionalData, plaintext, tagLength).subarray(0, tagLength);
  const [tag, ciphertext] = crypt(key, nonce, mac, plaintext);
  const sealed = new Uint8Array(plaintext.length + tagLength);
  sealed.set(ciphertext);
  sealed.set(tag, plaintext.length);
  return sealed;
}

/**
 * What {@link ccmSeal} sealed, or null where the tag does not fit.
 *
 * @throws as {@link ccmSeal} does
 */
export function ccmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  sealed: Uint8Array,
  tagLength: number,
): Uint8Array | null {
  const length = sealed.length - tagLength;
  check(nonce, length, tagLength);
  const [mac, plaintext] = crypt(key, nonce, sealed.subarray(length), sealed.subarray(0, length));
  const expected = authenticate(key, nonce, additionalData, plaintext, tagLength).subarray(0, tagLength);
  return sameSecret(mac, expected) ? plaintext : null;
}
