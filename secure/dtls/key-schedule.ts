import type { CryptoProvider, DigestName } from '../crypto/provider.ts';
import { transient } from '../transient.ts';
import type { CipherSuite } from '../crypto/suites.ts';
import type { DtlsVersion } from './version.ts';
import { DTLS_1_0 } from './wire/record.ts';
import { concat } from './wire/writer.ts';

/** What the pseudo-random function and the hash of the handshake are made with; before DTLS 1.2 it is MD5 and SHA-1. */
export type PrfHash = DigestName | 'md5-sha1';

/** Which of them goes with a suite in a version. */
export const prfOf = (suite: CipherSuite, version: DtlsVersion): PrfHash =>
  version === DTLS_1_0 ? 'md5-sha1' : suite.prf;

/** The hash of the handshake so far: before DTLS 1.2 (RFC 4346 section 7.4.9) both hashes, one after the other. */
export function handshakeHash(provider: CryptoProvider, hash: PrfHash, transcript: Uint8Array): Uint8Array {
  if (hash !== 'md5-sha1') return provider.hash(hash, transcript);
  return concat(provider.hash('md5', transcript), provider.hash('sha1', transcript));
}

/**
 * The pseudo-random function (RFC 5246 section 5): P_hash of the secret over label and seed. Before DTLS 1.2 (RFC 4346 section
 * 5): P_MD5 of the first half of the secret XOR P_SHA1 of the second; the byte in the middle of an odd one is in both.
 */
export function prf(
  provider: CryptoProvider,
  hash: PrfHash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  if (hash === 'md5-sha1') {
    const half = Math.ceil(secret.length / 2);
    const output = prf(provider, 'md5', secret.subarray(0, half), label, seed, length);
    const other = prf(provider, 'sha1', secret.subarray(secret.length - half), label, seed, length);
    for (const [at, byte] of other.entries()) output[at] = (output[at] ?? 0) ^ byte;
    other.fill(0);
    return output;
  }
  const labelled = transient(label.length + seed.length);
  for (let at = 0; at < label.length; at++) labelled[at] = label.charCodeAt(at);
  labelled.set(seed, label.length);
  const output = transient(length);
  let a: Uint8Array = labelled;
  for (let at = 0; at < length;) {
    a = provider.hmac(hash, secret, a);
    const block = provider.hmac(hash, secret, a, labelled);
    const end = Math.min(length, at + block.length);
    for (let from = 0; at < end; at++) output[at] = block[from++] ?? 0;
    block.fill(0);
  }
  return output;
}

/** The premaster secret of a PSK exchange (RFC 4279 section 2, RFC 5489): the other secret, or zeros, and the key. */
export function pskPremaster(key: Uint8Array, other: Uint8Array = new Uint8Array(key.length)): Uint8Array {
  const length = (bytes: Uint8Array): Uint8Array => Uint8Array.of(bytes.length >>> 8, bytes.length);
  return concat(length(other), other, length(key), key);
}

/** What the master secret is made of beside the premaster secret: the randoms, or (RFC 7627) the session hash. */
export type MasterSeed =
  | { readonly kind: 'classic'; readonly clientRandom: Uint8Array; readonly serverRandom: Uint8Array }
  | { readonly kind: 'extended'; readonly sessionHash: Uint8Array };

/** The master secret: 48 bytes (RFC 5246 section 8.1, RFC 7627 section 4). */
export function masterSecret(
  provider: CryptoProvider,
  hash: PrfHash,
  premaster: Uint8Array,
  seed: MasterSeed,
): Uint8Array {
  return seed.kind === 'extended'
    ? prf(provider, hash, premaster, 'extended master secret', seed.sessionHash, 48)
    : prf(provider, hash, premaster, 'master secret', concat(seed.clientRandom, seed.serverRandom), 48);
}

/** The keys of one direction. */
export interface DirectionKeys {
  /** Empty for AEAD suites. */
  readonly macKey: Uint8Array;
  readonly key: Uint8Array;
  /** The fixed part of the nonce; empty for CBC suites, whose records carry their IVs. */
  readonly iv: Uint8Array;
}

/** The keys of both directions, out of the key block (RFC 5246 section 6.3). */
export function deriveKeys(
  provider: CryptoProvider,
  suite: CipherSuite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  hash: PrfHash = suite.prf,
): { readonly client: DirectionKeys; readonly server: DirectionKeys } {
  const { cipher } = suite;
  const macLength = cipher.kind === 'cbc' ? cipher.macLength : 0;
  const ivLength = cipher.kind === 'aead' ? cipher.fixedIvLength : 0;
  const lengths = [macLength, macLength, cipher.keyLength, cipher.keyLength, ivLength, ivLength];
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const block = prf(provider, hash, master, 'key expansion', concat(serverRandom, clientRandom), total);
  let at = 0;
  const [clientMac, serverMac, clientKey, serverKey, clientIv, serverIv] = lengths.map((length) => {
    const piece = block.slice(at, at + length);
    at += length;
    return piece;
  });
  const none = new Uint8Array(0);
  block.fill(0);
  return {
    client: { macKey: clientMac ?? none, key: clientKey ?? none, iv: clientIv ?? none },
    server: { macKey: serverMac ?? none, key: serverKey ?? none, iv: serverIv ?? none },
  };
}

/** Bytes of verify data in a Finished message. */
export const VERIFY_DATA_LENGTH = 12;

/** The verify data of a Finished message (RFC 5246 section 7.4.9). */
export function verifyData(
  provider: CryptoProvider,
  suite: CipherSuite,
  master: Uint8Array,
  sender: 'client' | 'server',
  transcript: Uint8Array,
  hash: PrfHash = suite.prf,
): Uint8Array {
  const digest = handshakeHash(provider, hash, transcript);
  return prf(provider, hash, master, `${sender} finished`, digest, VERIFY_DATA_LENGTH);
}
