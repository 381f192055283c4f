import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** CertificateVerify (RFC 5246 section 7.4.8): `SignatureAndHashAlgorithm algorithm | opaque signature<0..2^16-1>` */
export interface CertificateVerify {
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export function parseCertificateVerify(body: Uint8Array): CertificateVerify | null {
  const reader = new Reader(body);
  const algorithm = reader.uint16();
  const signature = reader.vector16();
  return reader.complete ? { algorithm, signature } : null;
}

export function buildCertificateVerify({ algorithm, signature }: CertificateVerify): Uint8Array {
  return new Writer().uint16(algorithm).vector16(signature).finish();
}
