import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import {
  BIT_STRING,
  bitStringBytes,
  context,
  INTEGER,
  OCTET_STRING,
  oidText,
  SEQUENCE,
  type Asn1,
} from '../../x509/asn1.ts';
import { CURVES, type CurveName } from '../ecdsa.ts';
import { firstSequence, unsignedIntegers } from './der.ts';
import { bitLength, type RsaPrivate, type RsaPublic } from './rsa.ts';

/** A public key with its numbers. */
export type JsPublicKey =
  | { readonly type: 'rsa'; readonly bits: number; readonly curve: undefined; readonly rsa: RsaPublic }
  | { readonly type: 'ec'; readonly bits: number; readonly curve: CurveName; readonly point: Uint8Array };

/** A private key with its numbers. */
export type JsPrivateKey =
  | { readonly type: 'rsa'; readonly bits: number; readonly curve: undefined; readonly rsa: RsaPrivate }
  | { readonly type: 'ec'; readonly bits: number; readonly curve: CurveName; readonly scalar: Uint8Array };

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const CURVE_OIDS: Readonly<Record<string, CurveName>> = {
  '1.2.840.10045.3.1.7': 'secp256r1',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
};
const FIELD_BITS: Readonly<Record<CurveName, number>> = { secp256r1: 256, secp384r1: 384, secp521r1: 521 };

/** Named curves only: parameters that are written out are not for DTLS (RFC 8422 section 5.4). */
const curveOf = (node: Asn1 | undefined): CurveName | null => CURVE_OIDS[oidText(node) ?? ''] ?? null;

/** A point in any of its forms as an uncompressed one; null where it is not on the curve. */
function readPoint(curve: CurveName, bytes: Uint8Array): Uint8Array | null {
  const [form = 0] = bytes;
  const hybrid = form === 6 || form === 7;
  // The hybrid form says the sign of y, which is there as well: the two have to agree.
  if (hybrid && (form & 1) !== ((bytes.at(-1) ?? 0) & 1)) return null;
  try {
    return CURVES[curve].Point.fromBytes(hybrid ? Uint8Array.of(4, ...bytes.subarray(1)) : bytes).toBytes(false);
  } catch {
    return null;
  }
}

function ecPublic(curve: CurveName | null, bytes: Uint8Array): JsPublicKey | null {
  const point = curve === null ? null : readPoint(curve, bytes);
  return curve === null || point === null ? null : { type: 'ec', bits: FIELD_BITS[curve], curve, point };
}

function rsaPublicKey(bytes: Uint8Array): JsPublicKey | null {
  const fields = firstSequence(bytes);
  const [n, e] = fields?.length === 2 ? (unsignedIntegers(fields) ?? []) : [];
  return n === undefined || e === undefined
    ? null
    : { type: 'rsa', bits: bitLength(n), curve: undefined, rsa: { n, e } };
}

/** The key in a SubjectPublicKeyInfo, or null where it is not one that is supported. */
export function parsePublicKey(spki: Uint8Array): JsPublicKey | null {
  const [algorithm, content, ...more] = firstSequence(spki) ?? [];
  const bytes = bitStringBytes(content);
  if (algorithm?.tag !== SEQUENCE || bytes === null || more.length > 0) return null;
  const [oid, parameters] = algorithm.children;
  switch (oidText(oid)) {
    case RSA_ENCRYPTION:
      return rsaPublicKey(bytes);
    case EC_PUBLIC_KEY:
      return ecPublic(curveOf(parameters), bytes);
    default:
      return null;
  }
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2); not with more than two primes. */
function rsaPrivateKey(fields: readonly Asn1[]): JsPrivateKey | null {
  const [version, n, e, d, p, q, dp, dq, qInverse] = fields.length === 9 ? (unsignedIntegers(fields) ?? []) : [];
  if (version === undefined || version === 1n || n === undefined || e === undefined || d === undefined) return null;
  if (p === undefined || q === undefined || dp === undefined || dq === undefined || qInverse === undefined) return null;
  return { type: 'rsa', bits: bitLength(n), curve: undefined, rsa: { n, e, d, p, q, dp, dq, qInverse } };
}

/**
 * ECPrivateKey (RFC 5915). Where it is in PKCS#8, the curve is named around it. The scalar may be shorter or longer than the
 * field, as it is a number to OpenSSL; the public key that may be beside it has to be a point, but is not needed.
 */
function ecPrivateKey([, secret, ...optional]: readonly Asn1[], around: CurveName | null): JsPrivateKey | null {
  const field = (number: number): Asn1 | undefined =>
    optional.find((node) => node.tag === context(number) && node.constructed)?.children[0];
  const curve = around ?? curveOf(field(0));
  if (curve === null || secret?.tag !== OCTET_STRING || secret.constructed) return null;
  const point = field(1);
  if (point !== undefined) {
    const bytes = point.tag === BIT_STRING ? bitStringBytes(point) : null;
    if (bytes === null || readPoint(curve, bytes) === null) return null;
  }
  const number = bytesToNumberBE(secret.bytes);
  const { lengths, utils } = CURVES[curve];
  const length = lengths.secretKey ?? 0;
  if (bitLength(number) > 8 * length) return null;
  const scalar = numberToBytesBE(number, length);
  return utils.isValidSecretKey(scalar) ? { type: 'ec', bits: FIELD_BITS[curve], curve, scalar } : null;
}

/** PrivateKeyInfo (RFC 5208, RFC 5958). */
function pkcs8(algorithm: Asn1, content: Asn1 | undefined): JsPrivateKey | null {
  const fields = content?.tag === OCTET_STRING && !content.constructed ? firstSequence(content.bytes) : null;
  const [oid, parameters] = algorithm.children;
  const name = oidText(oid);
  if (fields === null) return null;
  if (name === RSA_ENCRYPTION) return rsaPrivateKey(fields);
  const curve = curveOf(parameters);
  return name === EC_PUBLIC_KEY && curve !== null ? ecPrivateKey(fields, curve) : null;
}

/** The key in PKCS#1, SEC1 or PKCS#8, or null: the element behind the version tells which it is. */
export function parsePrivateKey(der: Uint8Array): JsPrivateKey | null {
  const fields = firstSequence(der) ?? [];
  const [version, second, third] = fields;
  if (version?.tag !== INTEGER || second === undefined) return null;
  switch (second.tag) {
    case INTEGER:
      return rsaPrivateKey(fields);
    case OCTET_STRING:
      return ecPrivateKey(fields, null);
    case SEQUENCE:
      return pkcs8(second, third);
    default:
      return null;
  }
}
