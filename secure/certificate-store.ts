import { NX_INVALID_PARAMETERS, NX_SUCCESS } from '../netx/constants.ts';
import { NX_SECURE_TLS_CERT_ID_DUPLICATE, NX_SECURE_TLS_CERTIFICATE_NOT_FOUND } from './constants.ts';
import type { PrivateKey } from './crypto/provider.ts';
import type { NX_SECURE_X509_CERT } from './x509-cert.ts';
import type { Certificate } from './x509/certificate.ts';
import { sameName, type DistinguishedName } from './x509/names.ts';
import { sameBytes } from './bytes.ts';

/** How a certificate to remove is named: by the number it was added under, or by its common name. */
export type CertificateName = { readonly id: number } | { readonly commonName: Uint8Array };

const commonNameOf = (entry: NX_SECURE_X509_CERT): Uint8Array | undefined => entry.certificate?.subject.commonName;

/** The certificates of a session, or of a server and all its sessions: its own and those it trusts. */
export class CertificateStore {
  readonly local: NX_SECURE_X509_CERT[] = [];
  readonly trusted: NX_SECURE_X509_CERT[] = [];

  /**
   * Adds a certificate under a number.
   *
   * @returns `NX_SUCCESS`; `NX_INVALID_PARAMETERS` where the object is in a store already;
   *   `NX_SECURE_TLS_CERT_ID_DUPLICATE` where the number is taken
   */
  add(list: 'local' | 'trusted', entry: NX_SECURE_X509_CERT, id: number): number {
    if (this.local.includes(entry) || this.trusted.includes(entry)) return NX_INVALID_PARAMETERS;
    const entries = this[list];
    if (entries.some((other) => other.nx_secure_x509_cert_identifier === id)) return NX_SECURE_TLS_CERT_ID_DUPLICATE;
    entry.nx_secure_x509_cert_identifier = id;
    entries.push(entry);
    return NX_SUCCESS;
  }

  /**
   * Takes a certificate out.
   *
   * @returns `NX_SUCCESS`; `NX_SECURE_TLS_CERTIFICATE_NOT_FOUND`
   */
  remove(list: 'local' | 'trusted', name: CertificateName): number {
    const entries = this[list];
    const index = entries.findIndex((entry) => {
      if ('id' in name) return entry.nx_secure_x509_cert_identifier === name.id;
      const commonName = commonNameOf(entry);
      return commonName !== undefined && sameBytes(commonName, name.commonName);
    });
    const entry = entries[index];
    if (entry === undefined) return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    entries.splice(index, 1);
    entry.nx_secure_x509_cert_identifier = 0;
    return NX_SUCCESS;
  }

  /** The first certificate of a subject, among the trusted ones and then the local ones; null where there is none. */
  find(subject: DistinguishedName): { readonly certificate: Certificate; readonly trusted: boolean } | null {
    for (const list of ['trusted', 'local'] as const) {
      for (const { certificate } of this[list]) {
        if (certificate !== null && sameName(certificate.subject, subject)) {
          return { certificate, trusted: list === 'trusted' };
        }
      }
    }
    return null;
  }

  /**
   * The identity to show a peer, and its issuers as far as the store has them.
   *
   * @param chosen - the application's choice; null for the first certificate with a key
   */
  identity(
    chosen: NX_SECURE_X509_CERT | null = null,
  ): { readonly certificates: readonly Uint8Array[]; readonly privateKey: PrivateKey } | null {
    const leaf = chosen ?? this.local.find((entry) => entry.privateKey !== null);
    if (leaf?.certificate === undefined || leaf.certificate === null || leaf.privateKey === null) return null;
    const chain: Certificate[] = [leaf.certificate];
    for (let current = leaf.certificate; !sameBytes(current.issuer.raw, current.subject.raw);) {
      const issuer = this.local
        .map((entry) => entry.certificate)
        .find((candidate) => candidate !== null && sameBytes(candidate.subject.raw, current.issuer.raw));
      if (issuer === undefined || issuer === null || chain.includes(issuer)) break;
      // A self-signed root is the peer's to have: it is not sent.
      if (sameBytes(issuer.issuer.raw, issuer.subject.raw)) break;
      chain.push(issuer);
      current = issuer;
    }
    return { certificates: chain.map((certificate) => certificate.der), privateKey: leaf.privateKey };
  }
}
