import {
  buildExtensions,
  parseExtensions,
  rawExtensions,
  type HelloExtensions,
  type RawExtension,
} from './extensions.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/**
 * ServerHello (RFC 5246 section 7.4.1.3):
 *
 * ```
 * ProtocolVersion server_version | Random random | SessionID session_id<0..32>
 * CipherSuite cipher_suite | CompressionMethod compression_method | Extension extensions<0..>
 * ```
 */
export interface ServerHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compressionMethod: number;
  readonly extensions: HelloExtensions;
}

export function parseServerHello(body: Uint8Array): ServerHello | null {
  const reader = new Reader(body);
  const version = reader.uint16();
  const random = reader.bytes(32);
  const sessionId = reader.vector8();
  const cipherSuite = reader.uint16();
  const compressionMethod = reader.uint8();
  const extensions = parseExtensions(reader.rest());
  if (!reader.ok || sessionId.length > 32 || extensions === null) return null;
  return { version, random, sessionId, cipherSuite, compressionMethod, extensions };
}

/** The extensions of a ServerHello that {@link parseServerHello} accepted. */
export function serverHelloExtensions(body: Uint8Array): readonly RawExtension[] {
  const reader = new Reader(body);
  reader.bytes(2 + 32);
  reader.vector8();
  reader.bytes(2 + 1);
  return rawExtensions(reader.rest());
}

export function buildServerHello(hello: ServerHello): Uint8Array {
  return new Writer()
    .uint16(hello.version)
    .bytes(hello.random)
    .vector8(hello.sessionId)
    .uint16(hello.cipherSuite)
    .uint8(hello.compressionMethod)
    .bytes(buildExtensions(hello.extensions))
    .finish();
}
