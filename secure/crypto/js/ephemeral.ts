import { x25519 } from '@noble/curves/ed25519.js';
import { CURVES, type CurveName } from '../ecdsa.ts';
import type { EphemeralKey, GroupName } from '../provider.ts';

type Draw = (length: number) => Uint8Array;

/** The uncompressed form of a point, the only one that goes over the wire (RFC 8422 section 5.1.2). */
const UNCOMPRESSED = 4;

function montgomeryKey(random: Draw): EphemeralKey {
  const secret = random(32);
  return {
    group: 'x25519',
    publicKey: x25519.getPublicKey(secret),
    derive: (peer) => {
      try {
        return x25519.getSharedSecret(secret, peer);
      } catch {
        // Another length, or a point of small order: the secret would be zero (RFC 8422 section 5.11).
        return null;
      }
    },
    wipe: () => secret.fill(0),
  };
}

/** A scalar of the group: bytes are drawn until they are one. */
function drawScalar(group: CurveName, random: Draw): Uint8Array {
  const { lengths, utils } = CURVES[group];
  for (;;) {
    const scalar = random(lengths.secretKey ?? 0);
    // The order of P-521 has one bit in its first byte: without this, most draws would be in vain.
    if (group === 'secp521r1') scalar[0] = (scalar[0] ?? 0) & 1;
    if (utils.isValidSecretKey(scalar)) return scalar;
  }
}

function weierstrassKey(group: CurveName, random: Draw): EphemeralKey {
  const curve = CURVES[group];
  const scalar = drawScalar(group, random);
  return {
    group,
    publicKey: curve.getPublicKey(scalar, false),
    derive: (peer) => {
      if (peer[0] !== UNCOMPRESSED) return null;
      try {
        // A compressed point is one byte for the sign and the x coordinate.
        return curve.getSharedSecret(scalar, peer, true).slice(1);
      } catch {
        return null;
      }
    },
    // One and not zero, for zero is no scalar.
    wipe: () => scalar.fill(0).fill(1, -1),
  };
}

/** An ephemeral key of a group, from the bytes that `random` gives: as many draws as the scalar takes. */
export function ephemeralKey(group: GroupName, random: Draw): EphemeralKey {
  return group === 'x25519' ? montgomeryKey(random) : weierstrassKey(group, random);
}
