import {
  BIT_STRING,
  BOOLEAN,
  booleanValue,
  context,
  OCTET_STRING,
  oidText,
  parseDer,
  SEQUENCE,
  smallInteger,
  toBinary,
  type Asn1,
} from './asn1.ts';
import { parseExtensionList } from './extension-list.ts';

/** Bits of the key usage extension (RFC 5280 section 4.2.1.3). */
export const DIGITAL_SIGNATURE = 1 << 0;
export const KEY_ENCIPHERMENT = 1 << 2;
export const KEY_CERT_SIGN = 1 << 5;
export const CRL_SIGN = 1 << 6;

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
export const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
export const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** Names that a CA's certificates may or may not be for (RFC 5280 section 4.2.1.10). */
export interface NameConstraints {
  readonly permittedDns: readonly string[];
  readonly excludedDns: readonly string[];
  /** Address and mask. */
  readonly permittedIp: readonly Uint8Array[];
  readonly excludedIp: readonly Uint8Array[];
  /** Whether there are constraints on other kinds of names, which are not understood. */
  readonly others: boolean;
}

/** The extensions that matter to a device. Those that were not there are null or empty. */
export interface CertificateExtensions {
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  readonly keyUsage: number | null;
  readonly extendedKeyUsage: readonly string[] | null;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly Uint8Array[];
  readonly subjectKeyId: Uint8Array | null;
  readonly authorityKeyId: Uint8Array | null;
  readonly nameConstraints: NameConstraints | null;
  /** Critical extensions that are not understood: a certificate with one is not to be used. */
  readonly unknownCritical: readonly string[];
}

const NONE: CertificateExtensions = {
  basicConstraints: null,
  keyUsage: null,
  extendedKeyUsage: null,
  dnsNames: [],
  ipAddresses: [],
  subjectKeyId: null,
  authorityKeyId: null,
  nameConstraints: null,
  unknownCritical: [],
};

type Parser = (node: Asn1) => Partial<CertificateExtensions> | null;

const DNS_NAME = context(2);
const IP_ADDRESS = context(7);

const parsers: Readonly<Record<string, Parser>> = {
  // basicConstraints
  '2.5.29.19': (node) => {
    if (node.tag !== SEQUENCE) return null;
    const [first, second] = node.children;
    const isFlag = first?.tag === BOOLEAN;
    const ca = isFlag ? booleanValue(first) : false;
    const length = isFlag ? second : first;
    const pathLength = length === undefined ? null : smallInteger(length);
    if (ca === null || (length !== undefined && pathLength === null)) return null;
    return { basicConstraints: { ca, pathLength } };
  },
  // keyUsage
  '2.5.29.15': (node) => {
    if (node.tag !== BIT_STRING || node.bytes.length < 2) return null;
    let keyUsage = 0;
    for (let bit = 0; bit < 9; bit++) {
      const byte = node.bytes[1 + (bit >> 3)] ?? 0;
      if ((byte & (0x80 >> (bit & 7))) !== 0) keyUsage |= 1 << bit;
    }
    return { keyUsage };
  },
  // extendedKeyUsage
  '2.5.29.37': (node) => {
    const oids = node.children.map((child) => oidText(child));
    const extendedKeyUsage = oids.filter((oid) => oid !== null);
    return node.tag === SEQUENCE && extendedKeyUsage.length === oids.length ? { extendedKeyUsage } : null;
  },
  // subjectAltName
  '2.5.29.17': (node) => {
    if (node.tag !== SEQUENCE) return null;
    const of = (tag: number): Uint8Array[] =>
      node.children.filter((child) => child.tag === tag).map((child) => child.bytes);
    return { dnsNames: of(DNS_NAME).map(toBinary), ipAddresses: of(IP_ADDRESS) };
  },
  // subjectKeyIdentifier
  '2.5.29.14': (node) => (node.tag === OCTET_STRING ? { subjectKeyId: node.bytes } : null),
  // authorityKeyIdentifier
  '2.5.29.35': (node) => {
    const keyId = node.children.find((child) => child.tag === context(0));
    return node.tag === SEQUENCE ? { authorityKeyId: keyId?.bytes ?? null } : null;
  },
  // nameConstraints
  '2.5.29.30': (node) => {
    if (node.tag !== SEQUENCE) return null;
    const names = (tag: number): Asn1[] =>
      node.children
        .filter((child) => child.tag === tag)
        .flatMap((list) => list.children.flatMap((tree) => tree.children.slice(0, 1)));
    const permitted = names(context(0));
    const excluded = names(context(1));
    const dns = (list: readonly Asn1[]): string[] =>
      list.filter((name) => name.tag === DNS_NAME).map((name) => toBinary(name.bytes));
    const ip = (list: readonly Asn1[]): Uint8Array[] =>
      list.filter((name) => name.tag === IP_ADDRESS).map((name) => name.bytes);
    const others = [...permitted, ...excluded].some((name) => name.tag !== DNS_NAME && name.tag !== IP_ADDRESS);
    return {
      nameConstraints: {
        permittedDns: dns(permitted),
        excludedDns: dns(excluded),
        permittedIp: ip(permitted),
        excludedIp: ip(excluded),
        others,
      },
    };
  },
};

/** Extensions that may be critical and need no attention: what they say does not limit a device's use. */
const HARMLESS = new Set(['2.5.29.32', '2.5.29.31', '2.5.29.36', '2.5.29.54']);

/** Reads the extensions of a certificate; null where one of those that matter is not well formed. */
export function parseExtensions(list: Asn1 | undefined): CertificateExtensions | null {
  if (list === undefined) return NONE;
  const raw = parseExtensionList(list);
  if (raw === null) return null;
  let extensions = NONE;
  for (const { oid, critical, value } of raw) {
    const parser = parsers[oid];
    if (parser === undefined) {
      if (critical && !HARMLESS.has(oid)) {
        extensions = { ...extensions, unknownCritical: [...extensions.unknownCritical, oid] };
      }
      continue;
    }
    const inner = parseDer(value);
    const parsed = inner === null ? null : parser(inner);
    if (parsed === null) return null;
    extensions = { ...extensions, ...parsed };
  }
  return extensions;
}
