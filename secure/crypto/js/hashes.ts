import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { HashName } from '../provider.ts';

const HASHES = { sha1, sha256, sha384, sha512 } as const;

/** The digest of `data`. */
export function hash(name: HashName, data: Uint8Array): Uint8Array {
  return HASHES[name](data);
}

/** HMAC (RFC 2104) of `data`. */
export function hmacOf(name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(HASHES[name], key, data);
}
