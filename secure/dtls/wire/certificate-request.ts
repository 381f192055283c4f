import { Reader, uint16List } from './reader.ts';
import { uint16s, Writer } from './writer.ts';

const RSA_SIGN = 1;
const ECDSA_SIGN = 64;

/**
 * CertificateRequest (RFC 5246 section 7.4.4):
 *
 * ```
 * ClientCertificateType certificate_types<1..255> | SignatureAndHashAlgorithm algorithms<2..>
 * DistinguishedName certificate_authorities<0..2^16-1>
 * ```
 */
export interface CertificateRequest {
  readonly signatureAlgorithms: readonly number[];
}

export function parseCertificateRequest(body: Uint8Array): CertificateRequest | null {
  const reader = new Reader(body);
  const types = reader.vector8();
  const signatureAlgorithms = uint16List(reader.vector16());
  reader.vector16();
  return reader.complete && types.length > 0 && signatureAlgorithms !== null ? { signatureAlgorithms } : null;
}

/** Asks for a certificate of either kind of key, by whatever authority. */
export function buildCertificateRequest({ signatureAlgorithms }: CertificateRequest): Uint8Array {
  return new Writer()
    .vector8(Uint8Array.of(RSA_SIGN, ECDSA_SIGN))
    .vector16(uint16s(signatureAlgorithms))
    .vector16(new Uint8Array(0))
    .finish();
}
