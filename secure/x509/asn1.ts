import forge from 'node-forge';

/** A node of an ASN.1 tree, with strings of bytes as they stand in the encoding. */
export interface Asn1 {
  /** Class and number of the tag, as in the identifier octet without its constructed bit: 0x30 reads as 0x10. */
  readonly tag: number;
  readonly constructed: boolean;
  /** The content of a primitive node; empty for a constructed one. */
  readonly bytes: Uint8Array;
  readonly children: readonly Asn1[];
  /** The whole node as it stands in the encoding. */
  readonly der: Uint8Array;
}

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
const OID = 0x06;
export const ENUMERATED = 0x0a;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x10;
export const SET = 0x11;
/** The tag of a context-specific node. */
export const context = (number: number): number => 0x80 | number;

/** What is nested deeper is nobody's certificate. */
const MAX_DEPTH = 24;

/** Bytes as forge keeps them: in a string, one character a byte. */
export const toBinary = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
};

/**
 * Length of identifier and length octets at the beginning of an encoding; 0 where they are cut off, or where the length
 * takes more octets than it needs (X.690 section 10.1): the same certificate is to have one encoding only.
 */
function headerLength(bytes: Uint8Array): number {
  const first = bytes[1];
  if (first === undefined) return 0;
  if (first < 0x80) return 2;
  const leading = bytes[2] ?? 0;
  const isLeast = first === 0x81 ? leading >= 0x80 : leading > 0;
  return first > 0x80 && isLeast ? 2 + (first & 0x7f) : 0;
}

/** Bytes of content that an encoding says it has. */
function contentLength(bytes: Uint8Array): number {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return first;
  let length = 0;
  for (const byte of bytes.subarray(2, headerLength(bytes))) length = length * 256 + byte;
  return length;
}

/** The forge tree again, beside the bytes it was read from. Null where the two do not go together. */
function walk(node: forge.asn1.Asn1, bytes: Uint8Array, depth: number): Asn1 | null {
  const header = headerLength(bytes);
  const end = header + contentLength(bytes);
  if (header === 0 || end > bytes.length || depth > MAX_DEPTH) return null;
  const identifier = bytes[0] ?? 0;
  const der = bytes.subarray(0, end);
  const common = { tag: (identifier & 0xc0) | (identifier & 0x1f), der };
  if ((identifier & 0x20) === 0) {
    return { ...common, constructed: false, bytes: der.subarray(header), children: [] };
  }
  if (!Array.isArray(node.value)) return null;
  const children: Asn1[] = [];
  let at = header;
  for (const child of node.value) {
    const parsed = walk(child, bytes.subarray(at, end), depth + 1);
    if (parsed === null) return null;
    children.push(parsed);
    at += parsed.der.length;
  }
  return at === end ? { ...common, constructed: true, bytes: new Uint8Array(0), children } : null;
}

/** Reads DER: one node and nothing behind it. Null for anything else. */
export function parseDer(bytes: Uint8Array): Asn1 | null {
  // Longer lengths than four octets, and indefinite ones, are not for certificates.
  try {
    const buffer = forge.util.createBuffer(toBinary(bytes));
    return walk(forge.asn1.fromDer(buffer, true), bytes, 0);
  } catch {
    return null;
  }
}

/** An object identifier in its dotted form, or null where the bytes are none. */
export function oidText(node: Asn1 | undefined): string | null {
  if (node?.tag !== OID || node.bytes.length === 0) return null;
  try {
    return forge.asn1.derToOid(toBinary(node.bytes));
  } catch {
    return null;
  }
}

/** A BOOLEAN in one of the two forms that DER has, or null. */
export function booleanValue(node: Asn1 | undefined): boolean | null {
  const [octet] = node?.bytes ?? [];
  if (node?.tag !== BOOLEAN || node.bytes.length !== 1 || (octet !== 0 && octet !== 0xff)) return null;
  return octet === 0xff;
}

/** A small non-negative INTEGER, or null. */
export function smallInteger(node: Asn1 | undefined): number | null {
  if (node?.tag !== INTEGER || node.bytes.length === 0 || node.bytes.length > 4) return null;
  if ((node.bytes[0] ?? 0) >= 0x80) return null;
  return node.bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** The bytes of a BIT STRING that is a whole number of octets, or null. */
export function bitStringBytes(node: Asn1 | undefined): Uint8Array | null {
  if (node?.tag !== BIT_STRING || node.constructed || node.bytes.length === 0) return null;
  return node.bytes[0] === 0 ? node.bytes.subarray(1) : null;
}
