import {
  buildExtensions,
  parseExtensions,
  rawExtensions,
  type HelloExtensions,
  type RawExtension,
} from './extensions.ts';
import { Reader, uint16List } from './reader.ts';
import { uint16s, Writer } from './writer.ts';

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 section 3.3). */
export const RENEGOTIATION_SCSV = 0x00ff;
/** TLS_FALLBACK_SCSV (RFC 7507): the client offers less than it could, for an earlier attempt with more went wrong. */
export const FALLBACK_SCSV = 0x5600;

/**
 * ClientHello (RFC 5246 section 7.4.1.2 with the cookie of RFC 6347 section 4.2.1):
 *
 * ```
 * ProtocolVersion client_version | Random random | SessionID session_id<0..32> | opaque cookie<0..255>
 * CipherSuite cipher_suites<2..> | CompressionMethod compression_methods<1..> | Extension extensions<0..>
 * ```
 */
export interface ClientHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cookie: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: Uint8Array;
  readonly extensions: HelloExtensions;
}

export function parseClientHello(body: Uint8Array): ClientHello | null {
  const reader = new Reader(body);
  const version = reader.uint16();
  const random = reader.bytes(32);
  const sessionId = reader.vector8();
  const cookie = reader.vector8();
  const cipherSuites = uint16List(reader.vector16());
  const compressionMethods = reader.vector8();
  const extensions = parseExtensions(reader.rest());
  if (!reader.ok || sessionId.length > 32 || cipherSuites === null || cipherSuites.length === 0) return null;
  if (compressionMethods.length === 0 || extensions === null) return null;
  return { version, random, sessionId, cookie, cipherSuites, compressionMethods, extensions };
}

/** The extensions of a ClientHello that {@link parseClientHello} accepted. */
export function clientHelloExtensions(body: Uint8Array): readonly RawExtension[] {
  const reader = new Reader(body);
  reader.bytes(2 + 32);
  reader.vector8();
  reader.vector8();
  reader.vector16();
  reader.vector8();
  return rawExtensions(reader.rest());
}

export function buildClientHello(hello: ClientHello): Uint8Array {
  return new Writer()
    .uint16(hello.version)
    .bytes(hello.random)
    .vector8(hello.sessionId)
    .vector8(hello.cookie)
    .vector16(uint16s(hello.cipherSuites))
    .vector8(hello.compressionMethods)
    .bytes(buildExtensions(hello.extensions))
    .finish();
}
