import { Writer } from './writer.ts';

export const RECORD_HEADER = 13;
/** Where the connection ID begins in a record that has one. */
export const CID_AT = 11;
/** Longest plaintext of a record, and what protection may add to it (RFC 5246 section 6.2). */
export const MAX_PLAINTEXT = 2 ** 14;
export const MAX_CIPHERTEXT = MAX_PLAINTEXT + 2048;

export const DTLS_1_2 = 0xfefd;
export const DTLS_1_0 = 0xfeff;

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;
/** A record with a connection ID (RFC 9146 section 4); what it is is inside. */
export const TLS12_CID = 25;

/** Highest sequence number of an epoch. */
export const MAX_SEQUENCE = 2 ** 48 - 1;

/**
 * A record (RFC 6347 section 4.1):
 *
 * ```
 * ContentType type | ProtocolVersion version | uint16 epoch | uint48 sequence_number | uint16 length | fragment
 * ```
 *
 * One of the type tls12_cid has the connection ID before the length (RFC 9146 section 4).
 */
export interface DtlsRecord {
  readonly type: number;
  readonly version: number;
  readonly epoch: number;
  readonly sequence: number;
  /** The connection ID, not empty. */
  readonly cid?: Uint8Array;
  readonly fragment: Uint8Array;
}

/**
 * The record at the beginning of some bytes and what follows it, or null where there is no whole record.
 *
 * @param cidLength - bytes of the connection ID in records that have one: who reads them has to know
 */
export function parseRecord(
  bytes: Uint8Array,
  cidLength = 0,
): { readonly record: DtlsRecord; readonly rest: Uint8Array } | null {
  const idLength = bytes[0] === TLS12_CID ? cidLength : 0;
  const header = RECORD_HEADER + idLength;
  if (bytes.length < header) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = header + view.getUint16(header - 2);
  if (bytes.length < end) return null;
  const record: DtlsRecord = {
    type: view.getUint8(0),
    version: view.getUint16(1),
    epoch: view.getUint16(3),
    sequence: view.getUint16(5) * 2 ** 32 + view.getUint32(7),
    ...(idLength === 0 ? {} : { cid: bytes.subarray(CID_AT, CID_AT + idLength) }),
    fragment: bytes.subarray(header, end),
  };
  return { record, rest: bytes.subarray(end) };
}

/** Epoch and sequence number as the 8 bytes that nonces and MACs are made of. */
export function epochAndSequence(epoch: number, sequence: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, epoch);
  view.setUint16(2, Math.floor(sequence / 2 ** 32));
  view.setUint32(4, sequence % 2 ** 32);
  return bytes;
}

export function buildRecord({ type, version, epoch, sequence, cid, fragment }: DtlsRecord): Uint8Array {
  const writer = new Writer().uint8(type).uint16(version).bytes(epochAndSequence(epoch, sequence));
  if (cid !== undefined) writer.bytes(cid);
  return writer.vector16(fragment).finish();
}
