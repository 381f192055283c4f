import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/**
 * ClientKeyExchange: one vector, whose meaning follows from the key exchange: an RSA-encrypted premaster secret (RFC 5246
 * section 7.4.7.1), a point (RFC 8422 section 5.7), or a PSK identity (RFC 4279 section 2). A point has a length of one
 * byte before it, the others of two.
 */
export function parseClientKeyExchange(body: Uint8Array, lengthBytes: 1 | 2): Uint8Array | null {
  const reader = new Reader(body);
  const value = lengthBytes === 1 ? reader.vector8() : reader.vector16();
  return reader.complete ? value : null;
}

export function buildClientKeyExchange(value: Uint8Array, lengthBytes: 1 | 2): Uint8Array {
  return lengthBytes === 1 ? new Writer().vector8(value).finish() : new Writer().vector16(value).finish();
}

/** ClientKeyExchange of ECDHE_PSK (RFC 5489 section 2): an identity, and a point. */
export interface EcdhePskClientKeyExchange {
  readonly identity: Uint8Array;
  readonly point: Uint8Array;
}

export function parseEcdhePskClientKeyExchange(body: Uint8Array): EcdhePskClientKeyExchange | null {
  const reader = new Reader(body);
  const identity = reader.vector16();
  const point = reader.vector8();
  return reader.complete ? { identity, point } : null;
}

export function buildEcdhePskClientKeyExchange({ identity, point }: EcdhePskClientKeyExchange): Uint8Array {
  return new Writer().vector16(identity).vector8(point).finish();
}
