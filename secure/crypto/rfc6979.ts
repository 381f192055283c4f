import type { GroupName, HashName } from './provider.ts';

/** Curves that ECDSA signs on. */
export type EcdsaCurve = Exclude<GroupName, 'x25519'>;

interface Order {
  readonly n: bigint;
  readonly bits: number;
  /** Bytes of a scalar. */
  readonly length: number;
  /** The hash of as many bits as the curve, for the nonce's generator. */
  readonly hash: HashName;
}

/** Orders of the curves' groups (SEC 2). */
const ORDERS: Readonly<Record<EcdsaCurve, Order>> = {
  secp256r1: {
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bits: 256,
    length: 32,
    hash: 'sha256',
  },
  secp384r1: {
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bits: 384,
    length: 48,
    hash: 'sha384',
  },
  secp521r1: {
    n: 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bits: 521,
    length: 66,
    hash: 'sha512',
  },
};

/** What a signature needs of a crypto provider. */
export interface EcdsaParts {
  readonly curve: EcdsaCurve;
  /** The secret key. */
  readonly scalar: Uint8Array;
  readonly hmac: (name: HashName, key: Uint8Array, data: Uint8Array) => Uint8Array;
  /** The x coordinate of the generator's multiple. */
  readonly multiply: (scalar: Uint8Array) => Uint8Array;
}

/**
 * An ECDSA signature (FIPS 186-4 section 6.4) whose nonce follows from key and message (RFC 6979 section 3.2), so that a
 * run can be repeated byte for byte; the one costly step, the multiplication of the generator, is the provider's.
 *
 * @returns DER `Ecdsa-Sig-Value`
 */
export function signDeterministic(parts: EcdsaParts, digest: Uint8Array): Uint8Array {
  const order = ORDERS[parts.curve];
  const message = bitsToScalar(digest, order) % order.n;
  const key = toBigInt(parts.scalar);
  for (const nonce of nonces(parts, order, message)) {
    const r = toBigInt(parts.multiply(toBytes(nonce, order.length))) % order.n;
    const s = (inverse(nonce, order.n) * ((message + r * key) % order.n)) % order.n;
    if (r !== 0n && s !== 0n) return sequence(integer(r, order.length), integer(s, order.length));
  }
  throw new RangeError('unreachable: the nonces never end');
}

/** The candidates for the nonce, in order: nearly always the first is taken. */
function* nonces({ scalar, hmac }: EcdsaParts, order: Order, message: bigint): Generator<bigint, void, unknown> {
  const { hash, length, n } = order;
  const seed = join(toBytes(toBigInt(scalar), length), toBytes(message, length));
  let v = new Uint8Array(HASH_LENGTHS[hash]).fill(1);
  let k = new Uint8Array(v.length);
  const step = (tag: number, more: Uint8Array): void => {
    k = Uint8Array.from(hmac(hash, k, join(v, Uint8Array.of(tag), more)));
    v = Uint8Array.from(hmac(hash, k, v));
  };
  step(0, seed);
  step(1, seed);
  for (;;) {
    const parts: Uint8Array[] = [];
    for (let bytes = 0; bytes < length; bytes += v.length) {
      v = Uint8Array.from(hmac(hash, k, v));
      parts.push(v);
    }
    const candidate = bitsToScalar(join(...parts), order);
    if (candidate > 0n && candidate < n) yield candidate;
    step(0, new Uint8Array(0));
  }
}

const HASH_LENGTHS: Readonly<Record<HashName, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** The leftmost bits of some bytes, as many as the order has (`bits2int`). */
function bitsToScalar(bytes: Uint8Array, { bits }: Order): bigint {
  const surplus = bytes.length * 8 - bits;
  return surplus > 0 ? toBigInt(bytes) >> BigInt(surplus) : toBigInt(bytes);
}

/** The inverse modulo a prime, by Euclid's algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [value, modulus];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return x < 0n ? x + modulus : x;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toBigInt(bytes: Uint8Array): bigint {
  let text = '0x0';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return BigInt(text);
}

/** The value of a lower-case hexadecimal digit. */
function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

function toBytes(value: bigint, length: number): Uint8Array {
  const text = value.toString(16).padStart(2 * length, '0');
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = (digit(text, 2 * at) << 4) | digit(text, 2 * at + 1);
  return bytes;
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A positive INTEGER in DER: no leading zeros but one before a set top bit. */
function integer(value: bigint, length: number): Uint8Array {
  const bytes = toBytes(value, length);
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return join(Uint8Array.of(0x02, sign.length + digits.length), sign, digits);
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(...parts);
  const header = content.length < 0x80 ? [0x30, content.length] : [0x30, 0x81, content.length];
  return join(Uint8Array.from(header), content);
}
