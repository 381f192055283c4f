import { context, INTEGER, parseDer, SEQUENCE, type Asn1 } from './asn1.ts';
import { parseExtensionList } from './extension-list.ts';

/** The extensions of a revocation list (RFC 5280 section 5.2). Those that were not there are null or empty. */
export interface CrlExtensions {
  readonly crlNumber: Uint8Array | null;
  readonly authorityKeyId: Uint8Array | null;
  /**
   * Critical extensions that are not understood. A delta list and a list of only some of an issuer's certificates say so in
   * critical extensions (sections 5.2.4 and 5.2.5), so those come here too: neither can say that a certificate is good.
   */
  readonly unknownCritical: readonly string[];
}

const AUTHORITY_KEY_ID = '2.5.29.35';
const CRL_NUMBER = '2.5.29.20';
/** Another name of the issuer; it is compared by its distinguished name. */
const ISSUER_ALT_NAME = '2.5.29.18';

/** Reads the extensions of a list, in their explicit tag; null where one of those that matter is not well formed. */
export function parseCrlExtensions(wrapper: Asn1 | undefined): CrlExtensions | null {
  let extensions: CrlExtensions = { crlNumber: null, authorityKeyId: null, unknownCritical: [] };
  if (wrapper === undefined) return extensions;
  const [list] = wrapper.children;
  const raw = list === undefined || wrapper.children.length !== 1 ? null : parseExtensionList(list);
  if (raw === null) return null;
  for (const { oid, critical, value } of raw) {
    if (oid === CRL_NUMBER) {
      const number = parseDer(value);
      if (number?.tag !== INTEGER) return null;
      extensions = { ...extensions, crlNumber: number.bytes };
    } else if (oid === AUTHORITY_KEY_ID) {
      const id = parseDer(value);
      if (id?.tag !== SEQUENCE) return null;
      const keyId = id.children.find((child) => child.tag === context(0));
      extensions = { ...extensions, authorityKeyId: keyId?.bytes ?? null };
    } else if (critical && oid !== ISSUER_ALT_NAME) {
      extensions = { ...extensions, unknownCritical: [...extensions.unknownCritical, oid] };
    }
  }
  return extensions;
}
