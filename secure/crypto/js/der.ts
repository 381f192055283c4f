import { bytesToNumberBE } from '@noble/curves/utils.js';
import { INTEGER, parseDer, SEQUENCE, type Asn1 } from '../../x509/asn1.ts';

/**
 * Reads the SEQUENCE that bytes begin with. What follows it is ignored, as OpenSSL does: firmware keeps keys in arrays that
 * may be longer.
 *
 * @returns its elements, or null where there is none
 */
export function firstSequence(bytes: Uint8Array): readonly Asn1[] | null {
  const first = bytes[1] ?? 0;
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const length = first < 0x80 ? first : bytes.subarray(2, header).reduce((value, byte) => value * 256 + byte, 0);
  const node = parseDer(bytes.subarray(0, header + length));
  return node?.tag === SEQUENCE && node.constructed ? node.children : null;
}

/** INTEGERs as numbers without a sign, which is how OpenSSL reads a key; null where one of the nodes is something else. */
export function unsignedIntegers(nodes: readonly Asn1[]): readonly bigint[] | null {
  return nodes.every((node) => node.tag === INTEGER && node.bytes.length > 0)
    ? nodes.map((node) => bytesToNumberBE(node.bytes))
    : null;
}
