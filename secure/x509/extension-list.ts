import { BOOLEAN, booleanValue, OCTET_STRING, oidText, SEQUENCE, type Asn1 } from './asn1.ts';

/** One extension as it stands in a certificate, a revocation list or an entry of one. */
export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The encoding of what it says. */
  readonly value: Uint8Array;
}

/**
 * Takes an `Extensions` (RFC 5280 section 4.1) apart. Null where it is not well formed, or where an extension is there
 * twice (section 4.2 forbids it: which of the two counts would be anybody's guess).
 */
export function parseExtensionList(list: Asn1): readonly RawExtension[] | null {
  if (list.tag !== SEQUENCE) return null;
  const extensions = new Map<string, RawExtension>();
  for (const node of list.children) {
    const [id, second, third] = node.children;
    const oid = oidText(id);
    const value = second?.tag === BOOLEAN ? third : second;
    if (oid === null || value?.tag !== OCTET_STRING || extensions.has(oid)) return null;
    const critical = second?.tag === BOOLEAN ? booleanValue(second) : false;
    if (critical === null) return null;
    extensions.set(oid, { oid, critical, value: value.bytes });
  }
  return [...extensions.values()];
}
