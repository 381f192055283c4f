import forge from 'node-forge';
import { toBinary } from '../asn1.ts';

const { asn1 } = forge;
const { Class, Type } = asn1;

/** A piece of DER on its way to being written. */
export type Der = forge.asn1.Asn1;

/** Forge counts the tags of all classes by the names of the universal ones. */
const TAG_NUMBERS = [
  Type.NONE,
  Type.BOOLEAN,
  Type.INTEGER,
  Type.BITSTRING,
  Type.OCTETSTRING,
  Type.NULL,
  Type.OID,
  Type.ODESC,
] as const;
type TagNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

const universal = (type: forge.asn1.Type, value: string | Der[]): Der =>
  asn1.create(Class.UNIVERSAL, type, Array.isArray(value), value);

export const sequence = (...parts: readonly Der[]): Der => universal(Type.SEQUENCE, [...parts]);
export const set = (...parts: readonly Der[]): Der => universal(Type.SET, [...parts]);
export const oid = (text: string): Der => universal(Type.OID, asn1.oidToDer(text).getBytes());
export const boolean = (value: boolean): Der => universal(Type.BOOLEAN, value ? '\xff' : '\0');
export const utf8 = (text: string): Der => universal(Type.UTF8, forge.util.encodeUtf8(text));
export const nothing = (): Der => universal(Type.NULL, '');
export const octets = (bytes: Uint8Array): Der => universal(Type.OCTETSTRING, toBinary(bytes));

/** An unsigned INTEGER from its big-endian bytes. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  // A leading zero keeps it from being negative.
  const positive = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : digits;
  return universal(Type.INTEGER, toBinary(positive));
}

/** A BIT STRING of `unused` bits less than its bytes have. */
export const bits = (bytes: Uint8Array, unused = 0): Der =>
  universal(Type.BITSTRING, String.fromCharCode(unused) + toBinary(bytes));

/** `[number] IMPLICIT`, primitive. */
export const tagged = (number: TagNumber, bytes: Uint8Array): Der =>
  asn1.create(Class.CONTEXT_SPECIFIC, TAG_NUMBERS[number], false, toBinary(bytes));

/** `[number] EXPLICIT`. */
export const explicit = (number: TagNumber, ...parts: readonly Der[]): Der =>
  asn1.create(Class.CONTEXT_SPECIFIC, TAG_NUMBERS[number], true, [...parts]);

/** A Time of RFC 5280 section 4.1.2.5: UTCTime up to 2049, GeneralizedTime from then on. `YYYYMMDDHHMMSSZ`. */
export function time(text: string): Der {
  const year = Number(text.slice(0, 4));
  return year < 2050 ? universal(Type.UTCTIME, text.slice(2)) : universal(Type.GENERALIZEDTIME, text);
}

/** DER that is there already, as a piece of more. */
export const embedded = (der: Uint8Array): Der => asn1.fromDer(forge.util.createBuffer(toBinary(der)));

/** The bytes of a piece. */
export function encode(der: Der): Uint8Array {
  const text = asn1.toDer(der).getBytes();
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
