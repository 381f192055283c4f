import type { DtlsVersion } from '../version.ts';
import { Reader } from './reader.ts';
import { DTLS_1_2 } from './record.ts';
import { buildAlgorithm, parseAlgorithm } from './signature.ts';
import { Writer } from './writer.ts';

const NAMED_CURVE = 3;

/**
 * ServerKeyExchange of ECDHE (RFC 8422 section 5.4):
 *
 * ```
 * ECCurveType named_curve | NamedCurve namedcurve | opaque point<1..255> | SignatureAndHashAlgorithm | opaque signature<0..>
 * ```
 *
 * Before DTLS 1.2 there is no SignatureAndHashAlgorithm (RFC 4492 section 5.4).
 */
export interface EcdheServerKeyExchange {
  readonly group: number;
  readonly point: Uint8Array;
  /** Null where the version has none. */
  readonly algorithm: number | null;
  readonly signature: Uint8Array;
}

/** The signed part: everything up to the signature algorithm. */
export function buildEcdheParameters(group: number, point: Uint8Array): Uint8Array {
  return new Writer().uint8(NAMED_CURVE).uint16(group).vector8(point).finish();
}

export function parseEcdheServerKeyExchange(
  body: Uint8Array,
  version: DtlsVersion = DTLS_1_2,
): EcdheServerKeyExchange | null {
  const reader = new Reader(body);
  if (reader.uint8() !== NAMED_CURVE) reader.reject();
  const group = reader.uint16();
  const point = reader.vector8();
  const algorithm = parseAlgorithm(reader, version);
  const signature = reader.vector16();
  return reader.complete && point.length > 0 ? { group, point, algorithm, signature } : null;
}

export function buildEcdheServerKeyExchange(message: EcdheServerKeyExchange): Uint8Array {
  return new Writer()
    .bytes(buildEcdheParameters(message.group, message.point))
    .bytes(buildAlgorithm(message.algorithm))
    .vector16(message.signature)
    .finish();
}

/** ServerKeyExchange of ECDHE_PSK (RFC 5489 section 2): an identity hint, and a point that nothing signs. */
export interface EcdhePskServerKeyExchange {
  readonly hint: Uint8Array;
  readonly group: number;
  readonly point: Uint8Array;
}

export function parseEcdhePskServerKeyExchange(body: Uint8Array): EcdhePskServerKeyExchange | null {
  const reader = new Reader(body);
  const hint = reader.vector16();
  if (reader.uint8() !== NAMED_CURVE) reader.reject();
  const group = reader.uint16();
  const point = reader.vector8();
  return reader.complete && point.length > 0 ? { hint, group, point } : null;
}

export function buildEcdhePskServerKeyExchange({ hint, group, point }: EcdhePskServerKeyExchange): Uint8Array {
  return new Writer().vector16(hint).bytes(buildEcdheParameters(group, point)).finish();
}

/** ServerKeyExchange of PSK (RFC 4279 section 2): `opaque psk_identity_hint<0..2^16-1>` */
export function parsePskHint(body: Uint8Array): Uint8Array | null {
  const reader = new Reader(body);
  const hint = reader.vector16();
  return reader.complete ? hint : null;
}

export function buildPskHint(hint: Uint8Array): Uint8Array {
  return new Writer().vector16(hint).finish();
}
