import { peerServer, type ServerSetup } from './peer-server.ts';
import type { Firmware } from 'txsim';
import { ascii } from './peer-credentials.ts';

/** A CoAP message (RFC 7252 section 3), as far as a GET and its answer need one. */
export interface CoapMessage {
  readonly type: 'con' | 'non' | 'ack' | 'rst';
  /** Class and detail: `0.01` is GET, `2.05` Content. */
  readonly code: string;
  readonly id: number;
  readonly token: Uint8Array;
  /** Uri-Path; the other options are skipped. */
  readonly path: readonly string[];
  readonly payload: Uint8Array;
}

const TYPES = ['con', 'non', 'ack', 'rst'] as const;
const VERSION = 0x40;
const URI_PATH = 11;
const PAYLOAD_MARKER = 0xff;

/** Reads a message; null where it is none. */
export function parseCoap(bytes: Uint8Array): CoapMessage | null {
  const [first = 0, code = 0, high = 0, low = 0] = bytes;
  const type = TYPES[(first >>> 4) & 3];
  if (bytes.length < 4 || (first & 0xc0) !== VERSION || type === undefined) return null;
  let at = 4 + (first & 15);
  const token = bytes.slice(4, at);
  const path: string[] = [];
  let option = 0;
  const extended = (nibble: number): number => {
    if (nibble < 13) return nibble;
    if (nibble === 13) return (bytes[at++] ?? 0) + 13;
    at += 2;
    return ((bytes[at - 2] ?? 0) << 8) + (bytes[at - 1] ?? 0) + 269;
  };
  while (at < bytes.length && bytes[at] !== PAYLOAD_MARKER) {
    const lead = bytes[at++] ?? 0;
    option += extended(lead >>> 4);
    const length = extended(lead & 15);
    if (option === URI_PATH) path.push(Buffer.from(bytes.subarray(at, at + length)).toString());
    at += length;
  }
  const dotted = `${code >>> 5}.${String(code & 31).padStart(2, '0')}`;
  return { type, code: dotted, id: (high << 8) | low, token, path, payload: bytes.slice(at + 1) };
}

/** Writes a message. */
export function buildCoap({ type, code, id, token, path, payload }: CoapMessage): Uint8Array {
  const [top = 0, detail = 0] = code.split('.').map(Number);
  const head = [VERSION | (TYPES.indexOf(type) << 4) | token.length, (top << 5) | detail, id >>> 8, id & 255];
  const options = path.flatMap((part, index) => [((index === 0 ? URI_PATH : 0) << 4) | part.length, ...ascii(part)]);
  const body = payload.length === 0 ? [] : [PAYLOAD_MARKER, ...payload];
  return Uint8Array.from([...head, ...token, ...options, ...body]);
}

/** Answers a GET with 2.05 Content that says what was asked for, in the acknowledgement; anything else with a reset. */
function answer(request: Uint8Array): Uint8Array | null {
  const message = parseCoap(request);
  if (message === null || message.type === 'ack' || message.type === 'rst') return null;
  const { id, token, path } = message;
  const empty = { id, path: [], token: new Uint8Array(0), payload: new Uint8Array(0) };
  if (message.code !== '0.01') return buildCoap({ ...empty, type: 'rst', code: '0.00' });
  const type = message.type === 'con' ? 'ack' : 'non';
  return buildCoap({ ...empty, type, code: '2.05', token, payload: ascii(`you asked for ${path.join('/')}`) });
}

/** A firmware that answers CoAP over DTLS. */
export const coapServer = (setup: ServerSetup): Firmware => peerServer({ ...setup, answer });
