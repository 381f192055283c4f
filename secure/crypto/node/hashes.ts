import { hash as digestOf } from 'node:crypto';
import type { DigestName } from '../provider.ts';
import { plain } from './bytes.ts';

/** Bytes of a block, which is what HMAC pads its key to, and of a digest. */
const LENGTHS: Readonly<Record<DigestName, { readonly block: number; readonly digest: number }>> = {
  md5: { block: 64, digest: 16 },
  sha1: { block: 64, digest: 20 },
  sha256: { block: 64, digest: 32 },
  sha384: { block: 128, digest: 48 },
  sha512: { block: 128, digest: 64 },
};

/** Where the texts of HMACs are put together, as long as any record; longer ones have their own. */
const desk = new Uint8Array(2 ** 15);

/** The digest of `data`. Digests in text take node half the time of those in a Buffer. */
export function hash(name: DigestName, data: Uint8Array): Uint8Array {
  const digest = new Uint8Array(LENGTHS[name].digest);
  write(digestOf(name, data, 'binary'), digest, 0);
  return digest;
}

/**
 * HMAC (RFC 2104) of some pieces of data, one after the other. It is two digests in one call each: making and disposing of
 * node's own Hmac object takes longer than what it does with the few hundred bytes of a record or a PRF.
 */
export function hmac(name: DigestName, key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array {
  const { block, digest } = LENGTHS[name];
  const secret = key.length > block ? hash(name, key) : key;
  let end = block;
  for (const piece of data) end += piece.length;
  const text = end <= desk.length ? desk : new Uint8Array(end);
  pad(text, secret, block, 0x36);
  let at = block;
  for (const piece of data) {
    text.set(piece, at);
    at += piece.length;
  }
  // Text cannot be overwritten, but without the key nobody gets from the inner digest to the outer one.
  const inner = digestOf(name, text.subarray(0, end), 'binary');
  pad(text, secret, block, 0x5c);
  write(inner, text, block);
  const outer = digestOf(name, text.subarray(0, block + digest), 'buffer');
  text.fill(0, 0, block);
  return plain(outer);
}

/** Puts a key at the beginning of a text, padded to a block and combined with a byte. */
function pad(text: Uint8Array, key: Uint8Array, block: number, byte: number): void {
  text.fill(byte, 0, block);
  for (let at = 0; at < key.length; at++) text[at] = (key[at] ?? 0) ^ byte;
}

/** Puts the bytes of a text of Latin-1 at a place. */
function write(text: string, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
}
