import { transient } from '../../transient.ts';

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
  const end = header + uint16At(bytes, header - 2);
  if (bytes.length < end) return null;
  const record: DtlsRecord = {
    type: bytes[0] ?? 0,
    version: uint16At(bytes, 1),
    epoch: uint16At(bytes, 3),
    sequence: (uint16At(bytes, 5) * 0x10000 + uint16At(bytes, 7)) * 0x10000 + uint16At(bytes, 9),
    fragment: bytes.subarray(header, end),
  };
  const rest = bytes.subarray(end);
  if (idLength === 0) return { record, rest };
  return { record: { ...record, cid: bytes.subarray(CID_AT, CID_AT + idLength) }, rest };
}

const uint16At = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Epoch and sequence number as the 8 bytes that nonces and MACs are made of. */
export function epochAndSequence(epoch: number, sequence: number): Uint8Array {
  const bytes = new Uint8Array(8);
  putEpochAndSequence(bytes, 0, epoch, sequence);
  return bytes;
}

function putEpochAndSequence(bytes: Uint8Array, at: number, epoch: number, sequence: number): void {
  const high = Math.floor(sequence / 2 ** 32);
  const low = sequence % 2 ** 32;
  bytes[at] = epoch >>> 8;
  bytes[at + 1] = epoch;
  bytes[at + 2] = high >>> 8;
  bytes[at + 3] = high;
  bytes[at + 4] = low >>> 24;
  bytes[at + 5] = low >>> 16;
  bytes[at + 6] = low >>> 8;
  bytes[at + 7] = low;
}

/** What is authenticated beside the plaintext: epoch, sequence number, type, version and length (RFC 6347 §4.1.2.1). */
export function authenticatedHeader({ type, version, epoch, sequence }: DtlsRecord, length: number): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEADER);
  putEpochAndSequence(bytes, 0, epoch, sequence);
  bytes[8] = type;
  bytes[9] = version >>> 8;
  bytes[10] = version;
  bytes[11] = length >>> 8;
  bytes[12] = length;
  return bytes;
}

export function buildRecord(record: DtlsRecord): Uint8Array {
  return joinRecord(record, [record.fragment]);
}

/** A record whose fragment is in pieces. */
export function joinRecord(header: Omit<DtlsRecord, 'fragment'>, fragment: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of fragment) length += piece.length;
  const idLength = header.cid?.length ?? 0;
  let at = RECORD_HEADER + idLength;
  const bytes = transient(at + length);
  bytes[0] = header.type;
  bytes[1] = header.version >>> 8;
  bytes[2] = header.version;
  putEpochAndSequence(bytes, 3, header.epoch, header.sequence);
  if (header.cid !== undefined) bytes.set(header.cid, CID_AT);
  bytes[at - 2] = length >>> 8;
  bytes[at - 1] = length;
  for (const piece of fragment) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
