import { sign, type KeyLike } from 'node:crypto';
import forge from 'node-forge';

/** One node in DER: a tag and what is in it. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = content.flatMap((part) => [...part]);
  const { length } = bytes;
  if (length < 0x80) return Uint8Array.of(tag, length, ...bytes);
  const octets = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets, ...bytes);
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const sequence = (...content: readonly Uint8Array[]): Uint8Array => der(0x30, ...content);
export const integer = (...bytes: readonly number[]): Uint8Array => der(0x02, Uint8Array.from(bytes));
export const enumerated = (value: number): Uint8Array => der(0x0a, Uint8Array.of(value));
export const utcTime = (text: string): Uint8Array => der(0x17, ascii(text));
export const generalizedTime = (text: string): Uint8Array => der(0x18, ascii(text));
export const oid = (dotted: string): Uint8Array =>
  der(0x06, Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1'));

/** A distinguished name with a common name, or an empty one. */
export const commonName = (text: string): Uint8Array =>
  text === '' ? sequence() : sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, ascii(text)))));

/** An extension; `value` is the encoding of what it says. */
export function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  const flag = critical ? [der(0x01, Uint8Array.of(0xff))] : [];
  return sequence(oid(id), ...flag, der(0x04, value));
}

export interface EntryParts {
  readonly serial: Uint8Array;
  readonly date?: Uint8Array;
  readonly extensions?: readonly Uint8Array[];
}

/** An entry of a list: by default revoked on 1 May 2026. */
export const entry = ({ serial, date = utcTime('260501000000Z'), extensions }: EntryParts): Uint8Array =>
  sequence(der(0x02, serial), date, ...(extensions === undefined ? [] : [sequence(...extensions)]));

/** What a test list is to be like. A field that is null is left out. */
export interface CrlParts {
  readonly issuer?: Uint8Array;
  readonly version?: Uint8Array | null;
  readonly thisUpdate?: Uint8Array;
  readonly nextUpdate?: Uint8Array | null;
  readonly entries?: readonly Uint8Array[] | null;
  readonly extensions?: readonly Uint8Array[] | null;
  /** What comes behind the fields that a list has. */
  readonly more?: readonly Uint8Array[];
  readonly algorithm?: Uint8Array;
  /** The algorithm outside of what is signed, where it is another. */
  readonly outerAlgorithm?: Uint8Array;
  readonly signature?: Uint8Array;
}

export const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** A version 2 list, valid from 1 May to 1 July 2026 and empty unless said otherwise; signed with a key. */
export function makeCrl(key: KeyLike, parts: CrlParts = {}): Uint8Array {
  const { issuer = commonName('root'), version = integer(1), entries = null, extensions = null, more = [] } = parts;
  const { thisUpdate = utcTime('260501000000Z'), nextUpdate = utcTime('260701000000Z') } = parts;
  const { algorithm = ECDSA_SHA256, outerAlgorithm = algorithm } = parts;
  const present = (field: Uint8Array | null): readonly Uint8Array[] => (field === null ? [] : [field]);
  const tbs = sequence(
    ...present(version),
    algorithm,
    issuer,
    thisUpdate,
    ...present(nextUpdate),
    ...present(entries === null ? null : sequence(...entries)),
    ...present(extensions === null ? null : der(0xa0, sequence(...extensions))),
    ...more,
  );
  const signature = parts.signature ?? sign('sha256', tbs, key);
  return sequence(tbs, outerAlgorithm, der(0x03, Uint8Array.of(0), signature));
}
