import type { PublicKey, SignatureScheme } from '../../crypto/provider.ts';

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

/** The scheme of a number, or null where it is not supported. */
export function schemeOf(number: number): SignatureScheme | null {
  return SCHEMES.find(([known]) => known === number)?.[1] ?? null;
}

/** Whether a scheme goes with a key. */
export function schemeFits(scheme: SignatureScheme, key: Pick<PublicKey, 'type'>): boolean {
  return (scheme.kind === 'ecdsa') === (key.type === 'ec');
}

/** The number of the first scheme that the peer accepts and that signs repeatably with a key, or null. */
export function chooseScheme(accepted: readonly number[], key: Pick<PublicKey, 'type'>): number | null {
  for (const [number, scheme] of SCHEMES) {
    // A PSS signature has a random salt, and PKCS#1 is always accepted beside it in TLS 1.2.
    if (scheme.kind !== 'rsa-pss' && accepted.includes(number) && schemeFits(scheme, key)) return number;
  }
  return null;
}
