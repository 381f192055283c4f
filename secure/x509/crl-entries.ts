import { ENUMERATED, INTEGER, parseDer, SEQUENCE, type Asn1 } from './asn1.ts';
import { parseExtensionList } from './extension-list.ts';
import { parseTime } from './time.ts';

/** Why a certificate was revoked (RFC 5280 section 5.3.1). */
export type RevocationReason =
  | 'unspecified'
  | 'key-compromise'
  | 'ca-compromise'
  | 'affiliation-changed'
  | 'superseded'
  | 'cessation-of-operation'
  | 'certificate-hold'
  | 'remove-from-crl'
  | 'privilege-withdrawn'
  | 'aa-compromise';

/** One entry of a revocation list. */
export interface RevokedCertificate {
  readonly serialNumber: Uint8Array;
  /** Seconds since 1970. */
  readonly revocationDate: number;
  /** Null where the list does not say. */
  readonly reason: RevocationReason | null;
}

/** The entries of a list, and what their extensions demand of whoever reads it. */
export interface CrlEntries {
  readonly revoked: readonly RevokedCertificate[];
  /** Critical extensions of entries that are not understood. */
  readonly unknownCritical: readonly string[];
  /** Whether any entry has extensions. */
  readonly extended: boolean;
}

/** By their numbers; 7 is not used. */
const REASONS: readonly (RevocationReason | null)[] = [
  'unspecified',
  'key-compromise',
  'ca-compromise',
  'affiliation-changed',
  'superseded',
  'cessation-of-operation',
  'certificate-hold',
  null,
  'remove-from-crl',
  'privilege-withdrawn',
  'aa-compromise',
];

const REASON_CODE = '2.5.29.21';
/** It dates the compromise, and takes nothing away from the revocation. */
const INVALIDITY_DATE = '2.5.29.24';

function parseReason(value: Uint8Array): RevocationReason | null {
  const node = parseDer(value);
  if (node?.tag !== ENUMERATED || node.bytes.length !== 1) return null;
  return REASONS[node.bytes[0] ?? 0] ?? null;
}

/** What the extensions of one entry say; null where they are not well formed. */
function parseEntryExtensions(
  list: Asn1,
): { readonly reason: RevocationReason | null; readonly unknown: readonly string[] } | null {
  const extensions = parseExtensionList(list);
  if (extensions === null) return null;
  let reason: RevocationReason | null = null;
  const unknown: string[] = [];
  for (const { oid, critical, value } of extensions) {
    if (oid === REASON_CODE) {
      reason = parseReason(value);
      if (reason === null) return null;
    } else if (critical && oid !== INVALIDITY_DATE) {
      unknown.push(oid);
    }
  }
  return { reason, unknown };
}

/** The `revokedCertificates` of a list (RFC 5280 section 5.1.2.6); null where an entry is not well formed. */
export function parseCrlEntries(list: Asn1 | undefined): CrlEntries | null {
  const revoked: RevokedCertificate[] = [];
  const unknownCritical = new Set<string>();
  let extended = false;
  for (const node of list?.children ?? []) {
    const [serial, date, extensions, ...rest] = node.children;
    const revocationDate = parseTime(date);
    if (node.tag !== SEQUENCE || serial?.tag !== INTEGER || serial.bytes.length === 0) return null;
    if (revocationDate === null || rest.length > 0) return null;
    let reason: RevocationReason | null = null;
    if (extensions !== undefined) {
      const parsed = parseEntryExtensions(extensions);
      if (parsed === null) return null;
      extended = true;
      reason = parsed.reason;
      for (const oid of parsed.unknown) unknownCritical.add(oid);
    }
    revoked.push({ serialNumber: serial.bytes, revocationDate, reason });
  }
  return { revoked, unknownCritical: [...unknownCritical], extended };
}
