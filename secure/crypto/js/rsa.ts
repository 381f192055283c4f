import { pow } from '@noble/curves/abstract/modular.js';

/** Modulus and public exponent. */
export interface RsaPublic {
  readonly n: bigint;
  readonly e: bigint;
}

/** A private key; what the Chinese remainder theorem needs is beside the exponent. */
export interface RsaPrivate extends RsaPublic {
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qInverse: bigint;
}

/** Bits of a number; none for zero. */
export const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** Bytes of a modulus. */
export const byteLength = ({ n }: RsaPublic): number => Math.ceil(bitLength(n) / 8);

/**
 * What OpenSSL calculates with. A certificate may hold any two numbers, and without limits the peer that made it up could have
 * the simulator raise to the power of a number of a million bits.
 */
function isUsable({ n, e }: RsaPublic): boolean {
  const bits = bitLength(n);
  if (n <= 1n || n % 2n === 0n || e >= n || bits > 16_384) return false;
  return bits <= 3072 || bitLength(e) <= 64;
}

/** value^e mod n, or null where the key is not usable or the value is not below the modulus. */
export function rsaPublic(key: RsaPublic, value: bigint): bigint | null {
  return isUsable(key) && value < key.n ? pow(value, key.e, key.n) : null;
}

/** The power by way of the two primes, at a quarter of the cost; null where the key does not hold them. */
function byRemainders({ n, p, q, dp, dq, qInverse }: RsaPrivate, value: bigint): bigint | null {
  if (p <= 1n || q <= 1n || p * q !== n) return null;
  const atP = pow(value % p, dp, p);
  const atQ = pow(value % q, dq, q);
  const h = (((qInverse * (atP - atQ)) % p) + p) % p;
  return atQ + h * q;
}

/**
 * value^d mod n, or null where the key is not usable or the value is not below the modulus.
 *
 * The result by way of the primes is checked, as OpenSSL does: one that is wrong would give the primes away.
 */
export function rsaPrivate(key: RsaPrivate, value: bigint): bigint | null {
  if (!isUsable(key) || value >= key.n) return null;
  const result = byRemainders(key, value);
  if (result !== null && pow(result, key.e, key.n) === value) return result;
  return pow(value, key.d, key.n);
}
