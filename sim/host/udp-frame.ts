import { addBytes, foldChecksum } from '../../netx/wire/checksum.ts';
import type { HardwareAddress } from '../../netx/wire/ethernet.ts';
import { PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import { emitUdpHeader, parseUdpHeader, UDP_HEADER } from '../../netx/wire/udp.ts';
import { writeUint16 } from '../../netx/wire/bytes.ts';
import type { IpAddress } from './ip-address.ts';
import { buildFrames, pseudoHeader, type IpPacket } from './ip-packet.ts';

/** A UDP datagram with its addresses, as the gateway handles it. */
export interface UdpDatagram {
  readonly source: IpAddress;
  readonly sourcePort: number;
  readonly destination: IpAddress;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** A datagram as an IP packet. */
export function udpPacket({ source, sourcePort, destination, destinationPort, payload }: UdpDatagram): IpPacket {
  const length = UDP_HEADER + payload.length;
  const bytes = new Uint8Array(length);
  emitUdpHeader({ sourcePort, destinationPort, length, checksum: 0 }, bytes, 0);
  bytes.set(payload, UDP_HEADER);
  const packet = { source, destination, protocol: PROTOCOL_UDP, payload: bytes };
  writeUint16(bytes, 6, foldChecksum(addBytes(pseudoHeader(packet), bytes, 0, length)) || 0xffff);
  return packet;
}

/** The datagram in a whole IP packet; null for any other packet, and where its checksum is wrong. */
export function parseUdpPacket(packet: IpPacket): UdpDatagram | null {
  const { source, destination, protocol, payload: bytes } = packet;
  const udp = protocol === PROTOCOL_UDP ? parseUdpHeader(bytes, 0, bytes.length) : null;
  if (udp === null) return null;
  const datagram = bytes.subarray(0, udp.length);
  const isSummed = udp.checksum !== 0 || typeof source !== 'number';
  const start = pseudoHeader({ ...packet, payload: datagram });
  if (isSummed && foldChecksum(addBytes(start, datagram, 0, datagram.length)) !== 0) return null;
  const { sourcePort, destinationPort } = udp;
  return { source, sourcePort, destination, destinationPort, payload: datagram.subarray(UDP_HEADER) };
}

/** A datagram as one Ethernet frame, however long it is. */
export function buildUdpFrame(
  datagram: UdpDatagram,
  from: HardwareAddress,
  to: HardwareAddress,
  identification: number,
): Uint8Array {
  const [frame] = buildFrames(udpPacket(datagram), from, to, identification, Infinity);
  return frame ?? new Uint8Array(0);
}
