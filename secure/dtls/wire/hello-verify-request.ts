import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** HelloVerifyRequest (RFC 6347 section 4.2.1): `ProtocolVersion server_version | opaque cookie<0..255>` */
export interface HelloVerifyRequest {
  readonly version: number;
  readonly cookie: Uint8Array;
}

export function parseHelloVerifyRequest(body: Uint8Array): HelloVerifyRequest | null {
  const reader = new Reader(body);
  const version = reader.uint16();
  const cookie = reader.vector8();
  return reader.complete ? { version, cookie } : null;
}

export function buildHelloVerifyRequest({ version, cookie }: HelloVerifyRequest): Uint8Array {
  return new Writer().uint16(version).vector8(cookie).finish();
}
