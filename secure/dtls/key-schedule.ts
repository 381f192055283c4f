import type { CryptoProvider, HashName } from '../crypto/provider.ts';
import type { CipherSuite } from '../crypto/suites.ts';
import { concat } from './wire/writer.ts';

/** The pseudo-random function (RFC 5246 section 5): P_hash of the secret over label and seed. */
export function prf(
  provider: CryptoProvider,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = new Uint8Array(label.length + seed.length);
  for (let at = 0; at < label.length; at++) labelled[at] = label.charCodeAt(at);
  labelled.set(seed, label.length);
  const output = new Uint8Array(length);
  let a: Uint8Array = labelled;
  for (let at = 0; at < length;) {
    a = provider.hmac(hash, secret, a);
    const block = provider.hmac(hash, secret, concat(a, labelled));
    const piece = block.subarray(0, length - at);
    output.set(piece, at);
    at += piece.length;
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
  hash: HashName,
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
): { readonly client: DirectionKeys; readonly server: DirectionKeys } {
  const { cipher } = suite;
  const macLength = cipher.kind === 'cbc' ? cipher.macLength : 0;
  const ivLength = cipher.kind === 'aead' ? cipher.fixedIvLength : 0;
  const lengths = [macLength, macLength, cipher.keyLength, cipher.keyLength, ivLength, ivLength];
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const block = prf(provider, suite.prf, master, 'key expansion', concat(serverRandom, clientRandom), total);
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
): Uint8Array {
  const hash = provider.hash(suite.prf, transcript);
  return prf(provider, suite.prf, master, `${sender} finished`, hash, VERIFY_DATA_LENGTH);
}
