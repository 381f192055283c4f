import { sameBytes } from '../bytes.ts';
import type { CryptoProvider, PublicKey, SignatureScheme } from './provider.ts';

/** Signatures that are remembered: those in the certificates of the peers that a device meets again and again. */
const CAPACITY = 64;

interface Genuine {
  /** Keys are what providers made of them once, and do not change. */
  readonly key: PublicKey;
  readonly scheme: SignatureScheme;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

type Verify = (scheme: SignatureScheme, key: PublicKey, data: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Verifies signatures, and remembers the genuine ones that are said to come again. Whether a signature is genuine depends on
 * nothing but what is compared here, all of it; what a certificate is worth otherwise is not asked here.
 */
export function rememberingVerify(verify: Verify): CryptoProvider['verify'] {
  const known = new Map<number, Genuine>();
  return (scheme, key, data, signature, comesAgain = false) => {
    if (!comesAgain) return verify(scheme, key, data, signature);
    const at = fingerprint(signature);
    const found = known.get(at);
    if (found !== undefined && isSame(found, scheme, key, data, signature)) return true;
    if (!verify(scheme, key, data, signature)) return false;
    const [oldest] = known.keys();
    if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
    known.set(at, { key, scheme, data: data.slice(), signature: signature.slice() });
    return true;
  };
}

/** A number that is another for nearly every other signature: their last bytes are as good as random. */
function fingerprint(signature: Uint8Array): number {
  let number = 0;
  for (let back = 4; back > 0; back--) number = (number << 8) | (signature[signature.length - back] ?? 0);
  return number;
}

function isSame(
  known: Genuine,
  scheme: SignatureScheme,
  key: PublicKey,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return (
    known.key === key &&
    sameScheme(known.scheme, scheme) &&
    sameBytes(known.signature, signature) &&
    sameBytes(known.data, data)
  );
}

function sameScheme(a: SignatureScheme, b: SignatureScheme): boolean {
  if (a.kind === 'rsa-md5-sha1' || b.kind === 'rsa-md5-sha1') return a.kind === b.kind;
  if (a.kind === 'rsa-pss' || b.kind === 'rsa-pss') {
    return a.kind === 'rsa-pss' && b.kind === 'rsa-pss' && a.hash === b.hash && a.saltLength === b.saltLength;
  }
  return a.kind === b.kind && a.hash === b.hash;
}
