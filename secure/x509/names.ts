import { oidText, SEQUENCE, SET, toBinary, type Asn1 } from './asn1.ts';
import type { Certificate } from './certificate.ts';
import { sameBytes } from '../bytes.ts';

const COMMON_NAME = '2.5.4.3';

/** A distinguished name (RFC 5280 section 4.1.2.4). */
export interface DistinguishedName {
  /** Its encoding. */
  readonly raw: Uint8Array;
  readonly attributes: readonly { readonly oid: string; readonly value: Uint8Array }[];
  /** The bytes of its (last) common name. */
  readonly commonName: Uint8Array | undefined;
}

/** A distinguished name, or null where it is not well formed. */
export function parseName(node: Asn1 | undefined): DistinguishedName | null {
  if (node?.tag !== SEQUENCE) return null;
  const attributes: { oid: string; value: Uint8Array }[] = [];
  for (const set of node.children) {
    if (set.tag !== SET || set.children.length === 0) return null;
    for (const pair of set.children) {
      const oid = oidText(pair.children[0]);
      const value = pair.children[1];
      if (oid === null || value === undefined || pair.children.length !== 2) return null;
      attributes.push({ oid, value: value.bytes });
    }
  }
  const commonName = attributes.findLast((attribute) => attribute.oid === COMMON_NAME)?.value;
  return { raw: node.der, attributes, commonName };
}

const printable = (bytes: Uint8Array): string => toBinary(bytes).trim().replace(/\s+/g, ' ').toLowerCase();

/** Whether two names are the same: to the byte, or (RFC 5280 section 7.1) but for case, blanks and kind of string. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  if (sameBytes(a.raw, b.raw)) return true;
  if (a.attributes.length === 0 || a.attributes.length !== b.attributes.length) return false;
  return a.attributes.every(({ oid, value }, index) => {
    const other = b.attributes[index];
    return other?.oid === oid && printable(other.value) === printable(value);
  });
}

/** Whether a pattern of a certificate stands for a host name: a `*.` in front stands for one label. */
export function matchesPattern(pattern: string, name: string): boolean {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const given = pattern.toLowerCase().replace(/\.$/, '');
  if (!given.startsWith('*.')) return given === wanted && given !== '';
  const dot = wanted.indexOf('.');
  const rest = given.slice(1);
  // `*.` before a single label would stand for every name of a top-level domain.
  return dot > 0 && wanted.slice(dot) === rest && rest.indexOf('.', 1) > 0;
}

/**
 * Whether a certificate is for a host name (RFC 6125): by its alternative names, or by its common name where it has no
 * alternative name that is one of a host.
 */
export function matchesDnsName(certificate: Certificate, name: string): boolean {
  const { dnsNames } = certificate.extensions;
  if (dnsNames.length > 0) return dnsNames.some((pattern) => matchesPattern(pattern, name));
  const { commonName } = certificate.subject;
  return commonName !== undefined && matchesPattern(toBinary(commonName), name);
}

/** Whether a certificate is for an IP address, given as its 4 or 16 bytes. */
export function matchesIpAddress(certificate: Certificate, address: Uint8Array): boolean {
  return certificate.extensions.ipAddresses.some((own) => sameBytes(own, address));
}
