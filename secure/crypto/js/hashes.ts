import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { DigestName } from '../provider.ts';

const HASHES = { md5, sha1, sha256, sha384, sha512 } as const;

/** The digest of `data`. */
export function hash(name: DigestName, data: Uint8Array): Uint8Array {
  return HASHES[name](data);
}

/** HMAC (RFC 2104) of some pieces of data, one after the other. */
export function hmacOf(name: DigestName, key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array {
  const mac = hmac.create(HASHES[name], key);
  for (const piece of data) mac.update(piece);
  return mac.digest();
}
