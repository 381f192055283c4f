import type { PublicKey, SignatureScheme } from '../../crypto/provider.ts';
import type { DtlsVersion } from '../version.ts';
import type { Reader } from './reader.ts';
import { DTLS_1_2 } from './record.ts';
import { Writer } from './writer.ts';

/** SignatureAndHashAlgorithm (RFC 5246 section 7.4.1.4.1, and RFC 8446 section 4.2.3 for RSA-PSS), by number. */
const SCHEMES: readonly (readonly [number: number, scheme: SignatureScheme])[] = [
  [0x0403, { kind: 'ecdsa', hash: 'sha256' }],
  [0x0503, { kind: 'ecdsa', hash: 'sha384' }],
  [0x0603, { kind: 'ecdsa', hash: 'sha512' }],
  [0x0401, { kind: 'rsa-pkcs1', hash: 'sha256' }],
  [0x0501, { kind: 'rsa-pkcs1', hash: 'sha384' }],
  [0x0601, { kind: 'rsa-pkcs1', hash: 'sha512' }],
  [0x0804, { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 }],
  [0x0805, { kind: 'rsa-pss', hash: 'sha384', saltLength: 48 }],
  [0x0806, { kind: 'rsa-pss', hash: 'sha512', saltLength: 64 }],
];

/** What is offered and accepted, in order of preference. */
export const SIGNATURE_ALGORITHMS: readonly number[] = SCHEMES.map(([number]) => number);

/** The SignatureAndHashAlgorithm before a signature; null before DTLS 1.2, which brought it. */
export function parseAlgorithm(reader: Reader, version: DtlsVersion): number | null {
  return version === DTLS_1_2 ? reader.uint16() : null;
}

/** A SignatureAndHashAlgorithm as it goes before a signature: nothing where there is none. */
export function buildAlgorithm(algorithm: number | null): Uint8Array {
  return algorithm === null ? new Uint8Array(0) : new Writer().uint16(algorithm).finish();
}

/** How a key signs before DTLS 1.2, where nothing is chosen (RFC 4346 section 7.4.3, RFC 4492 section 5.4). */
const fixedScheme = (key: Pick<PublicKey, 'type'>): SignatureScheme =>
  key.type === 'rsa' ? { kind: 'rsa-md5-sha1' } : { kind: 'ecdsa', hash: 'sha1' };

/** The scheme of an algorithm for a key, or null where it is not supported or is for another kind of key. */
export function schemeFor(algorithm: number | null, key: Pick<PublicKey, 'type'>): SignatureScheme | null {
  if (algorithm === null) return fixedScheme(key);
  const scheme = SCHEMES.find(([known]) => known === algorithm)?.[1] ?? null;
  return scheme !== null && schemeFits(scheme, key) ? scheme : null;
}

/** Whether a scheme goes with a key. */
function schemeFits(scheme: SignatureScheme, key: Pick<PublicKey, 'type'>): boolean {
  return (scheme.kind === 'ecdsa') === (key.type === 'ec');
}

/** How a signature is made, and the number that says so. */
export interface ChosenScheme {
  readonly algorithm: number | null;
  readonly scheme: SignatureScheme;
}

/**
 * The first scheme that the peer accepts and that signs repeatably with a key, or null.
 *
 * @param accepted - null before DTLS 1.2, where there is nothing to choose
 */
export function chooseScheme(accepted: readonly number[] | null, key: Pick<PublicKey, 'type'>): ChosenScheme | null {
  if (accepted === null) return { algorithm: null, scheme: fixedScheme(key) };
  for (const [number, scheme] of SCHEMES) {
    // A PSS signature has a random salt, and PKCS#1 is always accepted beside it in TLS 1.2.
    if (scheme.kind !== 'rsa-pss' && accepted.includes(number) && schemeFits(scheme, key))
      return { algorithm: number, scheme };
  }
  return null;
}
