import { sameBytes } from '../bytes.ts';
import type { SignatureScheme } from '../crypto/provider.ts';
import { parseSignatureAlgorithm } from './algorithms.ts';
import { context, GENERALIZED_TIME, INTEGER, oidText, SEQUENCE, smallInteger, UTC_TIME, type Asn1 } from './asn1.ts';
import { parseCrlEntries, type RevokedCertificate } from './crl-entries.ts';
import { parseCrlExtensions } from './crl-extensions.ts';
import { parseName, type DistinguishedName } from './names.ts';
import { parseSigned } from './signed.ts';
import { parseTime } from './time.ts';

/** A certificate revocation list (RFC 5280 section 5.1). Byte strings are views of its encoding. */
export interface Crl {
  readonly der: Uint8Array;
  /** What is signed. */
  readonly tbs: Uint8Array;
  /** 1 or 2. */
  readonly version: number;
  readonly issuer: DistinguishedName;
  /** Seconds since 1970. */
  readonly thisUpdate: number;
  /** Null where the issuer does not say when the next list comes. */
  readonly nextUpdate: number | null;
  readonly revoked: readonly RevokedCertificate[];
  /** The cRLNumber extension (section 5.2.3), which grows from list to list; null where there is none. */
  readonly crlNumber: Uint8Array | null;
  readonly authorityKeyId: Uint8Array | null;
  /** Critical extensions, of the list or its entries, that are not understood: a list with one is not to be used. */
  readonly unknownCritical: readonly string[];
  /** Null where the algorithm is not supported. */
  readonly signatureAlgorithm: SignatureScheme | null;
  readonly signature: Uint8Array;
}

/** What is wrong with the encoding of a list. */
export type CrlError =
  'encoding' | 'structure' | 'version' | 'name' | 'time' | 'entries' | 'signature-algorithm' | 'extensions';

export type ParsedCrl = { readonly ok: true; readonly crl: Crl } | { readonly ok: false; readonly error: CrlError };

const refuse = (error: CrlError): ParsedCrl => ({ ok: false, error });

/** Parses a certificate revocation list in DER. Any bytes are parsed or refused; nothing is thrown. */
export function parseCrl(der: Uint8Array): ParsedCrl {
  const signed = parseSigned(der);
  if (typeof signed === 'string') return refuse(signed);
  const { tbs, algorithm, signature } = signed;
  if (oidText(algorithm.children[0]) === null) return refuse('signature-algorithm');
  return parseTbs(der, tbs, algorithm, signature);
}

const isTime = (node: Asn1 | undefined): boolean => node?.tag === UTC_TIME || node?.tag === GENERALIZED_TIME;

function parseTbs(der: Uint8Array, tbs: Asn1, algorithm: Asn1, signature: Uint8Array): ParsedCrl {
  const fields = [...tbs.children];
  const optional = (present: boolean): Asn1 | undefined => (present ? fields.shift() : undefined);
  const version = optional(fields[0]?.tag === INTEGER);
  if (version !== undefined && smallInteger(version) !== 1) return refuse('version');
  const inner = fields.shift();
  if (inner?.tag !== SEQUENCE || !sameBytes(inner.der, algorithm.der)) return refuse('structure');
  const issuer = parseName(fields.shift());
  if (issuer === null || issuer.attributes.length === 0) return refuse('name');
  const thisUpdate = parseTime(fields.shift());
  const nextNode = optional(isTime(fields[0]));
  const nextUpdate = parseTime(nextNode);
  if (thisUpdate === null || (nextNode !== undefined && nextUpdate === null)) return refuse('time');
  const list = optional(fields[0]?.tag === SEQUENCE);
  const wrapper = optional(fields[0]?.tag === context(0));
  if (fields.length > 0) return refuse('structure');
  const entries = list?.constructed === false ? null : parseCrlEntries(list);
  if (entries === null) return refuse('entries');
  const extensions = parseCrlExtensions(wrapper);
  if (extensions === null) return refuse('extensions');
  // Extensions came with version 2; version 1 is the one that is not written down.
  if (version === undefined && (wrapper !== undefined || entries.extended)) return refuse('version');
  return {
    ok: true,
    crl: {
      der,
      tbs: tbs.der,
      version: version === undefined ? 1 : 2,
      issuer,
      thisUpdate,
      nextUpdate,
      revoked: entries.revoked,
      crlNumber: extensions.crlNumber,
      authorityKeyId: extensions.authorityKeyId,
      unknownCritical: [...extensions.unknownCritical, ...entries.unknownCritical],
      signatureAlgorithm: parseSignatureAlgorithm(algorithm),
      signature,
    },
  };
}
