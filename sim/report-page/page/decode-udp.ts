import { parseUdpHeader, UDP_HEADER } from '../../../netx/wire/udp.ts';
import { decodeDtls } from './decode-dtls.ts';
import type { Layer } from './layer.ts';

/** A UDP datagram between two places of a frame, and the DTLS records in it. */
export function decodeUdp(frame: Uint8Array, at: number, end: number): readonly Layer[] {
  const udp = parseUdpHeader(frame, at, end);
  if (udp === null) return [];
  const fields: Layer['fields'] = [
    ['source port', String(udp.sourcePort)],
    ['destination port', String(udp.destinationPort)],
    ['length', `${udp.length} bytes`],
    ['checksum', `0x${udp.checksum.toString(16).padStart(4, '0')}`],
  ];
  return [
    { name: 'UDP', from: at, to: at + UDP_HEADER, fields },
    ...decodeDtls(frame, at + UDP_HEADER, at + udp.length),
  ];
}
