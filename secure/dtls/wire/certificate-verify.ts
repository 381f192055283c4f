import type { DtlsVersion } from '../version.ts';
import { Reader } from './reader.ts';
import { DTLS_1_2 } from './record.ts';
import { buildAlgorithm, parseAlgorithm } from './signature.ts';
import { Writer } from './writer.ts';

/**
 * CertificateVerify (RFC 5246 section 7.4.8): `SignatureAndHashAlgorithm algorithm | opaque signature<0..2^16-1>`; before
 * DTLS 1.2 (RFC 4346 section 7.4.8) the signature alone.
 */
export interface CertificateVerify {
  /** Null where the version has none. */
  readonly algorithm: number | null;
  readonly signature: Uint8Array;
}

export function parseCertificateVerify(body: Uint8Array, version: DtlsVersion = DTLS_1_2): CertificateVerify | null {
  const reader = new Reader(body);
  const algorithm = parseAlgorithm(reader, version);
  const signature = reader.vector16();
  return reader.complete ? { algorithm, signature } : null;
}

export function buildCertificateVerify({ algorithm, signature }: CertificateVerify): Uint8Array {
  return new Writer().bytes(buildAlgorithm(algorithm)).vector16(signature).finish();
}
