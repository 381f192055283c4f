import type { DtlsVersion } from '../version.ts';
import { Reader, uint16List } from './reader.ts';
import { DTLS_1_2 } from './record.ts';
import { uint16s, Writer } from './writer.ts';

/** ClientCertificateType (RFC 5246 section 7.4.4, RFC 8422 section 5.5) for each kind of key. */
export const CERTIFICATE_TYPES = { rsa: 1, ec: 64 } as const;

/**
 * CertificateRequest (RFC 5246 section 7.4.4):
 *
 * ```
 * ClientCertificateType certificate_types<1..255> | SignatureAndHashAlgorithm algorithms<2..>
 * DistinguishedName certificate_authorities<0..2^16-1>
 * ```
 *
 * Before DTLS 1.2 (RFC 4346 section 7.4.4) there are no algorithms: the types alone say what the certificate may be.
 */
export interface CertificateRequest {
  readonly types: readonly number[];
  /** Null where the version has no such list. */
  readonly signatureAlgorithms: readonly number[] | null;
}

export function parseCertificateRequest(body: Uint8Array, version: DtlsVersion = DTLS_1_2): CertificateRequest | null {
  const reader = new Reader(body);
  const types = reader.vector8();
  const signatureAlgorithms = version === DTLS_1_2 ? uint16List(reader.vector16()) : null;
  reader.vector16();
  if (!reader.complete || types.length === 0) return null;
  if (version === DTLS_1_2 && signatureAlgorithms === null) return null;
  return { types: [...types], signatureAlgorithms };
}

/** Asks for a certificate of some types, by whatever authority. */
export function buildCertificateRequest({ types, signatureAlgorithms }: CertificateRequest): Uint8Array {
  const writer = new Writer().vector8(Uint8Array.from(types));
  if (signatureAlgorithms !== null) writer.vector16(uint16s(signatureAlgorithms));
  return writer.vector16(new Uint8Array(0)).finish();
}
