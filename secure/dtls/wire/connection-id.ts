import { epochAndSequence, TLS12_CID, type DtlsRecord } from './record.ts';
import { Writer } from './writer.ts';

/** Longest DTLSInnerPlaintext, in bytes (RFC 9146 section 5): its content is at least one byte shorter. */
export const MAX_INNER_PLAINTEXT = 2 ** 14;

/** Bytes that {@link wrapInner} adds. */
export const INNER_TYPE = 1;

/** What the fragment of a record with a connection ID holds: its true type is hidden in it. */
export interface InnerPlaintext {
  readonly type: number;
  readonly content: Uint8Array;
}

/**
 * A DTLSInnerPlaintext (RFC 9146 section 4), without padding:
 *
 * ```
 * opaque content[length] | ContentType real_type | uint8 zeros[length_of_padding]
 * ```
 */
export function wrapInner({ type, content }: InnerPlaintext): Uint8Array {
  return new Writer().bytes(content).uint8(type).finish();
}

/** Takes padding and type off; null where there are zeros and nothing else, or the whole is too long. */
export function unwrapInner(plaintext: Uint8Array): InnerPlaintext | null {
  if (plaintext.length > MAX_INNER_PLAINTEXT) return null;
  let at = plaintext.length - 1;
  while (at >= 0 && plaintext[at] === 0) at--;
  const type = plaintext[at];
  return type === undefined ? null : { type, content: plaintext.subarray(0, at) };
}

/**
 * What is authenticated beside the DTLSInnerPlaintext of a record with a connection ID. It is the same for AEAD ciphers
 * and for block ciphers with MAC-then-encrypt (RFC 9146 sections 5.1 and 5.3):
 *
 * ```
 * seq_num_placeholder (8 times 0xff) | tls12_cid | cid_length | tls12_cid | DTLSCiphertext.version
 * epoch | sequence_number | cid | length_of_DTLSInnerPlaintext
 * ```
 */
export function authenticatedWithId(
  { version, epoch, sequence }: DtlsRecord,
  cid: Uint8Array,
  length: number,
): Uint8Array {
  return new Writer()
    .bytes(new Uint8Array(8).fill(0xff))
    .uint8(TLS12_CID)
    .uint8(cid.length)
    .uint8(TLS12_CID)
    .uint16(version)
    .bytes(epochAndSequence(epoch, sequence))
    .bytes(cid)
    .uint16(length)
    .finish();
}
