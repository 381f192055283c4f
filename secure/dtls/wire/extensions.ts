import type { GroupName } from '../../crypto/provider.ts';
import { Reader, uint16List } from './reader.ts';
import { uint16s, Writer } from './writer.ts';

const SERVER_NAME = 0;
const SUPPORTED_GROUPS = 10;
const EC_POINT_FORMATS = 11;
const SIGNATURE_ALGORITHMS = 13;
const EXTENDED_MASTER_SECRET = 23;
const CONNECTION_ID = 54;
const RENEGOTIATION_INFO = 0xff01;

const GROUP_NUMBERS: Readonly<Record<GroupName, number>> = { secp256r1: 23, secp384r1: 24, secp521r1: 25, x25519: 29 };

/** The number of a group in the IANA registry. */
export const groupNumber = (group: GroupName): number => GROUP_NUMBERS[group];

/** The group of a number, or null where it is not supported. */
export function groupOf(number: number): GroupName | null {
  const names: readonly GroupName[] = ['secp256r1', 'secp384r1', 'secp521r1', 'x25519'];
  return names.find((name) => GROUP_NUMBERS[name] === number) ?? null;
}

/** The extensions of a hello that the protocol machines look at. Those that were not there are undefined. */
export interface HelloExtensions {
  /** The host name of RFC 6066. */
  readonly serverName?: string;
  /** RFC 8422 section 5.1.1, by number. */
  readonly groups?: readonly number[];
  /** Whether the list of RFC 8422 section 5.1.2 has the uncompressed format; undefined where there was no list. */
  readonly uncompressedPoints?: boolean;
  /** RFC 5246 section 7.4.1.4.1, by number. */
  readonly signatureAlgorithms?: readonly number[];
  /** RFC 7627. */
  readonly extendedMasterSecret?: boolean;
  /** RFC 5746: the renegotiated connection's verify data, empty on a first handshake. */
  readonly renegotiationInfo?: Uint8Array;
  /** RFC 9146: the connection ID that the sender wants in the records that come to it; empty for none. */
  readonly connectionId?: Uint8Array;
}

/** An extension as it came, for those who look at others than the machines do. */
export interface RawExtension {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The extensions of a hello that {@link parseExtensions} accepted, in their order. */
export function rawExtensions(bytes: Uint8Array): readonly RawExtension[] {
  const list: RawExtension[] = [];
  const reader = new Reader(bytes.subarray(2));
  while (reader.remaining > 0 && reader.ok) {
    const type = reader.uint16();
    list.push({ type, body: reader.vector16() });
  }
  return list;
}

/** Reads what follows the compression methods of a hello: nothing, or a vector of extensions. Null: not well formed. */
export function parseExtensions(bytes: Uint8Array): HelloExtensions | null {
  if (bytes.length === 0) return {};
  const outer = new Reader(bytes);
  const reader = new Reader(outer.vector16());
  if (!outer.complete) return null;
  let extensions: HelloExtensions = {};
  const seen = new Set<number>();
  while (reader.remaining > 0) {
    const type = reader.uint16();
    const body = reader.vector16();
    if (!reader.ok || seen.has(type)) return null;
    seen.add(type);
    const parsed = parseExtension(type, body);
    if (parsed === null) return null;
    extensions = { ...extensions, ...parsed };
  }
  return extensions;
}

function parseExtension(type: number, body: Uint8Array): HelloExtensions | null {
  const reader = new Reader(body);
  switch (type) {
    case SERVER_NAME: {
      // A server answers with an empty extension.
      if (body.length === 0) return {};
      const names = new Reader(reader.vector16());
      const kind = names.uint8();
      const name = names.vector16();
      if (!reader.complete || !names.ok) return null;
      return kind === 0 ? { serverName: String.fromCharCode(...name) } : {};
    }
    case SUPPORTED_GROUPS: {
      const groups = uint16List(reader.vector16());
      return reader.complete && groups !== null ? { groups } : null;
    }
    case EC_POINT_FORMATS: {
      const formats = reader.vector8();
      return reader.complete ? { uncompressedPoints: formats.includes(0) } : null;
    }
    case SIGNATURE_ALGORITHMS: {
      const signatureAlgorithms = uint16List(reader.vector16());
      return reader.complete && signatureAlgorithms !== null ? { signatureAlgorithms } : null;
    }
    case EXTENDED_MASTER_SECRET:
      return body.length === 0 ? { extendedMasterSecret: true } : null;
    case RENEGOTIATION_INFO: {
      const renegotiationInfo = reader.vector8();
      return reader.complete ? { renegotiationInfo } : null;
    }
    case CONNECTION_ID: {
      const connectionId = reader.vector8();
      return reader.complete ? { connectionId } : null;
    }
    default:
      return {};
  }
}

/** Writes the vector of extensions, or nothing where there are none. */
export function buildExtensions(extensions: HelloExtensions): Uint8Array {
  const list = new Writer();
  const add = (type: number, body: Uint8Array): void => {
    list.uint16(type).vector16(body);
  };
  const { serverName, groups, uncompressedPoints, signatureAlgorithms, extendedMasterSecret, renegotiationInfo } =
    extensions;
  const { connectionId } = extensions;
  if (serverName !== undefined) {
    const name = Uint8Array.from(serverName, (character) => character.charCodeAt(0));
    add(SERVER_NAME, new Writer().vector16(new Writer().uint8(0).vector16(name).finish()).finish());
  }
  if (renegotiationInfo !== undefined) add(RENEGOTIATION_INFO, new Writer().vector8(renegotiationInfo).finish());
  if (groups !== undefined) add(SUPPORTED_GROUPS, new Writer().vector16(uint16s(groups)).finish());
  if (uncompressedPoints === true) add(EC_POINT_FORMATS, new Writer().vector8(Uint8Array.of(0)).finish());
  if (signatureAlgorithms !== undefined) {
    add(SIGNATURE_ALGORITHMS, new Writer().vector16(uint16s(signatureAlgorithms)).finish());
  }
  if (extendedMasterSecret === true) add(EXTENDED_MASTER_SECRET, new Uint8Array(0));
  if (connectionId !== undefined) add(CONNECTION_ID, new Writer().vector8(connectionId).finish());
  return list.length === 0 ? new Uint8Array(0) : new Writer().vector16(list.finish()).finish();
}
