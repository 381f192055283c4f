import { p256, p384, p521 } from '@noble/curves/nist.js';
import type { GroupName } from './provider.ts';

/** The curves that make signatures. */
export const CURVES = { secp256r1: p256, secp384r1: p384, secp521r1: p521 } as const;

/** The name of a curve of {@link CURVES}. */
export type CurveName = keyof typeof CURVES;

// Peers accept both halves of the signature space; RFC 6979 does not fold them.
const OPTIONS = { prehash: false, lowS: false, format: 'der' } as const;

/**
 * An ECDSA signature whose nonce follows from key and message (RFC 6979), so that a run can be repeated byte for byte.
 *
 * @param scalar - the secret key
 * @param digest - the hash of what is signed
 * @returns DER `Ecdsa-Sig-Value`
 */
export function deterministicEcdsa(curve: GroupName, scalar: Uint8Array, digest: Uint8Array): Uint8Array {
  if (curve === 'x25519') throw new TypeError('x25519 makes no signatures');
  return CURVES[curve].sign(digest, scalar, OPTIONS);
}

/**
 * Whether a signature is one of `digest` by the key whose point is given.
 *
 * @param point - the public key, uncompressed
 * @param signature - DER `Ecdsa-Sig-Value`; anything else is no signature
 */
export function verifyEcdsa(curve: CurveName, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return CURVES[curve].verify(signature, digest, point, OPTIONS);
  } catch {
    return false;
  }
}
