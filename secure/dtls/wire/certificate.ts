import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** Certificate (RFC 5246 section 7.4.2): `ASN.1Cert certificate_list<0..2^24-1>`, the leaf first. */
export function parseCertificateList(body: Uint8Array): readonly Uint8Array[] | null {
  const outer = new Reader(body);
  const reader = new Reader(outer.vector24());
  const certificates: Uint8Array[] = [];
  while (reader.remaining > 0) certificates.push(reader.vector24().slice());
  return outer.complete && reader.ok && certificates.every((der) => der.length > 0) ? certificates : null;
}

export function buildCertificateList(certificates: readonly Uint8Array[]): Uint8Array {
  const list = new Writer();
  for (const certificate of certificates) list.vector24(certificate);
  return new Writer().vector24(list.finish()).finish();
}
