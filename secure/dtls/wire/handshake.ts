import { transient } from '../../transient.ts';
import { Reader } from './reader.ts';

export const HANDSHAKE_HEADER = 12;

export const HELLO_REQUEST = 0;
export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
export const HELLO_VERIFY_REQUEST = 3;
export const CERTIFICATE = 11;
export const SERVER_KEY_EXCHANGE = 12;
export const CERTIFICATE_REQUEST = 13;
export const SERVER_HELLO_DONE = 14;
export const CERTIFICATE_VERIFY = 15;
export const CLIENT_KEY_EXCHANGE = 16;
export const FINISHED = 20;

const NAMES: Readonly<Record<number, string>> = {
  [HELLO_REQUEST]: 'HelloRequest',
  [CLIENT_HELLO]: 'ClientHello',
  [SERVER_HELLO]: 'ServerHello',
  [HELLO_VERIFY_REQUEST]: 'HelloVerifyRequest',
  [CERTIFICATE]: 'Certificate',
  [SERVER_KEY_EXCHANGE]: 'ServerKeyExchange',
  [CERTIFICATE_REQUEST]: 'CertificateRequest',
  [SERVER_HELLO_DONE]: 'ServerHelloDone',
  [CERTIFICATE_VERIFY]: 'CertificateVerify',
  [CLIENT_KEY_EXCHANGE]: 'ClientKeyExchange',
  [FINISHED]: 'Finished',
};

/** Whether a number is one of a handshake message of DTLS 1.2. */
export const isHandshakeType = (type: number): boolean => NAMES[type] !== undefined;

/** A handshake type by its name in the RFC. */
export const handshakeName = (type: number): string => NAMES[type] ?? `handshake type ${type}`;

/**
 * A fragment of a handshake message (RFC 6347 section 4.2.2):
 *
 * ```
 * HandshakeType msg_type | uint24 length | uint16 message_seq | uint24 fragment_offset | uint24 fragment_length | body
 * ```
 */
export interface HandshakeFragment {
  readonly type: number;
  /** Bytes of the whole message. */
  readonly length: number;
  readonly messageSeq: number;
  readonly offset: number;
  readonly body: Uint8Array;
}

/** A whole handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly messageSeq: number;
  readonly body: Uint8Array;
}

/** The fragments in a record, or null where they are not well formed. */
export function parseFragments(bytes: Uint8Array): readonly HandshakeFragment[] | null {
  const reader = new Reader(bytes);
  const fragments: HandshakeFragment[] = [];
  while (reader.remaining > 0) {
    const type = reader.uint8();
    const length = reader.uint24();
    const messageSeq = reader.uint16();
    const offset = reader.uint24();
    const body = reader.vector24();
    if (!reader.ok || offset + body.length > length) return null;
    fragments.push({ type, length, messageSeq, offset, body });
  }
  return fragments;
}

export function buildFragment(fragment: HandshakeFragment): Uint8Array {
  const bytes = transient(HANDSHAKE_HEADER + fragment.body.length);
  putHandshakeHeader(bytes, 0, fragment);
  bytes.set(fragment.body, HANDSHAKE_HEADER);
  return bytes;
}

/** Writes all of a fragment but its body. */
export function putHandshakeHeader(
  bytes: Uint8Array,
  at: number,
  { type, length, messageSeq, offset, body }: HandshakeFragment,
): void {
  bytes[at] = type;
  putUint24(bytes, at + 1, length);
  bytes[at + 4] = messageSeq >>> 8;
  bytes[at + 5] = messageSeq;
  putUint24(bytes, at + 6, offset);
  putUint24(bytes, at + 9, body.length);
}

function putUint24(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 16;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value;
}

/** A message as the transcript has it: as if it had been sent in one fragment (RFC 6347 section 4.2.6). */
export function transcriptForm({ type, messageSeq, body }: HandshakeMessage): Uint8Array {
  return buildFragment({ type, length: body.length, messageSeq, offset: 0, body });
}
