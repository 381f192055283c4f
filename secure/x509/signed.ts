import { bitStringBytes, parseDer, SEQUENCE, type Asn1 } from './asn1.ts';

/**
 * What certificates and revocation lists have in common (RFC 5280 sections 4.1 and 5.1):
 *
 * ```
 * SEQUENCE { what is signed, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
 * ```
 */
export interface Signed {
  /** What is signed: a SEQUENCE. */
  readonly tbs: Asn1;
  readonly algorithm: Asn1;
  readonly signature: Uint8Array;
}

/** Takes something signed apart, or says what is wrong with its encoding. */
export function parseSigned(der: Uint8Array): Signed | 'encoding' | 'structure' {
  const root = parseDer(der);
  if (root === null) return 'encoding';
  const [tbs, algorithm, signatureNode] = root.children;
  if (root.tag !== SEQUENCE || root.children.length !== 3) return 'structure';
  const signature = bitStringBytes(signatureNode);
  if (tbs?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE || signature === null) return 'structure';
  return { tbs, algorithm, signature };
}
