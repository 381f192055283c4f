import { bytesToNumberBE, hexToBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { sameBytes } from '../../bytes.ts';
import type { HashName } from '../provider.ts';
import { hash } from './hashes.ts';
import { bitLength, byteLength, rsaPrivate, rsaPublic, type RsaPrivate, type RsaPublic } from './rsa.ts';

/** What precedes the digest in a DigestInfo (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO: Readonly<Record<HashName, Uint8Array>> = {
  sha1: hexToBytes('3021300906052b0e03021a05000414'),
  sha256: hexToBytes('3031300d060960864801650304020105000420'),
  sha384: hexToBytes('3041300d060960864801650304020205000430'),
  sha512: hexToBytes('3051300d060960864801650304020305000440'),
};

/** What a PKCS#1 signature is made with: a hash in a DigestInfo, or the two of TLS 1.1 without one (RFC 4346 §7.4.3). */
export type Pkcs1Hash = HashName | 'md5-sha1';

function digestParts(name: Pkcs1Hash, data: Uint8Array): readonly [prefix: Uint8Array, digest: Uint8Array] {
  return name === 'md5-sha1' ? [hash('md5', data), hash('sha1', data)] : [DIGEST_INFO[name], hash(name, data)];
}

/** EMSA-PKCS1-v1_5: 0, 1, at least eight bytes of 0xff, 0, DigestInfo. Null where the key is too short for that. */
function encodePkcs1(name: Pkcs1Hash, data: Uint8Array, length: number): Uint8Array | null {
  const [prefix, digest] = digestParts(name, data);
  const start = length - prefix.length - digest.length;
  if (start < 11) return null;
  const block = new Uint8Array(length).fill(0xff);
  block[0] = 0;
  block[1] = 1;
  block[start - 1] = 0;
  block.set(prefix, start);
  block.set(digest, start + prefix.length);
  return block;
}

/** The block that a signature was made of, as long as the modulus; null where it is none of the key's. */
function recover(key: RsaPublic, signature: Uint8Array): Uint8Array | null {
  const length = byteLength(key);
  if (signature.length > length) return null;
  const value = rsaPublic(key, bytesToNumberBE(signature));
  return value === null ? null : numberToBytesBE(value, length);
}

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.1).
 *
 * @throws RangeError where the key is too short for the hash, or is none that can be calculated with
 */
export function signPkcs1(key: RsaPrivate, name: Pkcs1Hash, data: Uint8Array): Uint8Array {
  const length = byteLength(key);
  const block = encodePkcs1(name, data, length);
  const value = block === null ? null : rsaPrivate(key, bytesToNumberBE(block));
  if (value === null) throw new RangeError(`an RSA key of ${bitLength(key.n)} bits cannot sign with ${name}`);
  return numberToBytesBE(value, length);
}

/** RSASSA-PKCS1-v1_5: the block is made again and compared, so that there is no parser to deceive. */
export function verifyPkcs1(key: RsaPublic, name: Pkcs1Hash, data: Uint8Array, signature: Uint8Array): boolean {
  const length = byteLength(key);
  const block = signature.length === length ? recover(key, signature) : null;
  const expected = encodePkcs1(name, data, length);
  return block !== null && expected !== null && sameBytes(block, expected);
}

/** MGF1 (RFC 8017 appendix B.2.1), laid over the bytes. */
function unmask(name: HashName, seed: Uint8Array, masked: Uint8Array): Uint8Array {
  const bytes = masked.slice();
  const input = new Uint8Array(seed.length + 4);
  input.set(seed);
  for (let start = 0, counter = 0; start < bytes.length; counter++) {
    new DataView(input.buffer).setUint32(seed.length, counter);
    const mask = hash(name, input).subarray(0, bytes.length - start);
    mask.forEach((byte, at) => (bytes[start + at] = (bytes[start + at] ?? 0) ^ byte));
    start += mask.length;
  }
  return bytes;
}

/**
 * RSASSA-PSS (RFC 8017 section 9.1.2), with the same hash for the mask and a salt of exactly the given length. A signature may
 * lack its leading zeros: OpenSSL takes it, and what one provider takes the other has to take.
 */
export function verifyPss(
  key: RsaPublic,
  name: HashName,
  saltLength: number,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const recovered = recover(key, signature);
  if (recovered === null) return false;
  // The encoded message is one bit shorter than the modulus: a byte shorter where that has 8k + 1 bits.
  const bits = bitLength(key.n) - 1;
  const extra = recovered.length - Math.ceil(bits / 8);
  const block = recovered.subarray(extra);
  const digest = hash(name, data);
  const maskedLength = block.length - digest.length - 1;
  const zeros = maskedLength - saltLength - 1;
  if (zeros < 0 || (extra === 1 && recovered[0] !== 0) || block.at(-1) !== 0xbc) return false;
  const unused = 0xff & ~(0xff >>> (8 * block.length - bits));
  if (((block[0] ?? 0) & unused) !== 0) return false;
  const seed = block.subarray(maskedLength, -1);
  const db = unmask(name, seed, block.subarray(0, maskedLength));
  db[0] = (db[0] ?? 0) & ~unused;
  if (db[zeros] !== 1 || db.subarray(0, zeros).some((byte) => byte !== 0)) return false;
  const salted = new Uint8Array(8 + digest.length + saltLength);
  salted.set(digest, 8);
  salted.set(db.subarray(zeros + 1), 8 + digest.length);
  return sameBytes(hash(name, salted), seed);
}
