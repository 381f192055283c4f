import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';
import { readHardwareAddress, writeHardwareAddress, type HardwareAddress } from './ethernet.ts';

export const ARP_LENGTH = 28;
export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
/** The reverse question: which address has a hardware address (RFC 903)? */
export const RARP_REQUEST = 3;
export const RARP_REPLY = 4;

/**
 * An ARP packet, or a RARP packet, for IPv4 over Ethernet (RFC 826, RFC 903):
 *
 * ```
 * hardware type 1 | protocol type 0x0800 | lengths 6, 4 | operation
 * sender hardware and protocol address | target hardware and protocol address
 * ```
 */
export interface ArpPacket {
  readonly operation: number;
  readonly senderHardware: HardwareAddress;
  readonly senderAddress: number;
  readonly targetHardware: HardwareAddress;
  readonly targetAddress: number;
}

/** An ARP packet, or null where it is too short or not for IPv4 over Ethernet. */
export function parseArp(bytes: Uint8Array, at: number, end: number): ArpPacket | null {
  if (end - at < ARP_LENGTH) return null;
  if (readUint16(bytes, at) !== 1 || readUint16(bytes, at + 2) !== 0x0800 || readUint16(bytes, at + 4) !== 0x0604) {
    return null;
  }
  return {
    operation: readUint16(bytes, at + 6),
    senderHardware: readHardwareAddress(bytes, at + 8),
    senderAddress: readUint32(bytes, at + 14),
    targetHardware: readHardwareAddress(bytes, at + 18),
    targetAddress: readUint32(bytes, at + 24),
  };
}

export function emitArp(packet: ArpPacket, bytes: Uint8Array, at: number): void {
  writeUint16(bytes, at, 1);
  writeUint16(bytes, at + 2, 0x0800);
  writeUint16(bytes, at + 4, 0x0604);
  writeUint16(bytes, at + 6, packet.operation);
  writeHardwareAddress(bytes, at + 8, packet.senderHardware);
  writeUint32(bytes, at + 14, packet.senderAddress);
  writeHardwareAddress(bytes, at + 18, packet.targetHardware);
  writeUint32(bytes, at + 24, packet.targetAddress);
}
