import { readUint16, writeUint16 } from './bytes.ts';
import { addWord32 } from './checksum.ts';
import { PROTOCOL_UDP } from './ipv4.ts';

export const UDP_HEADER = 8;

/** The header of a UDP datagram (RFC 768). */
export interface UdpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Bytes of the datagram, header included. */
  readonly length: number;
  /** 0: the sender made none. */
  readonly checksum: number;
}

/**
 * The header of a datagram between `at` and `end`, or null where its length does not fit in there. The header has to be
 * at hand; `end` may lie beyond the bytes, where the payload goes on in other packets of a chain.
 */
export function parseUdpHeader(bytes: Uint8Array, at: number, end: number): UdpHeader | null {
  if (end - at < UDP_HEADER || at + UDP_HEADER > bytes.length) return null;
  const length = readUint16(bytes, at + 4);
  if (length < UDP_HEADER || length > end - at) return null;
  return {
    sourcePort: readUint16(bytes, at),
    destinationPort: readUint16(bytes, at + 2),
    length,
    checksum: readUint16(bytes, at + 6),
  };
}

export function emitUdpHeader(header: UdpHeader, bytes: Uint8Array, at: number): void {
  writeUint16(bytes, at, header.sourcePort);
  writeUint16(bytes, at + 2, header.destinationPort);
  writeUint16(bytes, at + 4, header.length);
  writeUint16(bytes, at + 6, header.checksum);
}

/** The sum over the pseudo header of IPv4, with which the checksum of a datagram begins. */
export function pseudoHeaderSum(source: number, destination: number, length: number): number {
  return addWord32(addWord32(PROTOCOL_UDP + length, source), destination);
}
