import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';

export const ETHERNET_HEADER = 14;
/** Shortest frame without its check sequence; shorter ones are padded. */
export const ETHERNET_MINIMUM = 60;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_RARP = 0x8035;
export const ETHERTYPE_IPV6 = 0x86dd;

/** A hardware address as NetX keeps it: the upper 16 bits and the lower 32. */
export interface HardwareAddress {
  readonly msw: number;
  readonly lsw: number;
}

export const BROADCAST: HardwareAddress = { msw: 0xffff, lsw: 0xffffffff };

/** The header of an Ethernet II frame. */
export interface EthernetHeader {
  readonly destination: HardwareAddress;
  readonly source: HardwareAddress;
  readonly etherType: number;
}

export function readHardwareAddress(bytes: Uint8Array, at: number): HardwareAddress {
  return { msw: readUint16(bytes, at), lsw: readUint32(bytes, at + 2) };
}

export function writeHardwareAddress(bytes: Uint8Array, at: number, { msw, lsw }: HardwareAddress): void {
  writeUint16(bytes, at, msw);
  writeUint32(bytes, at + 2, lsw);
}

/** The header of a frame, or null where it is too short or carries a length instead of a type. */
export function parseEthernet(bytes: Uint8Array, at = 0): EthernetHeader | null {
  if (bytes.length - at < ETHERNET_HEADER) return null;
  const etherType = readUint16(bytes, at + 12);
  if (etherType < 0x0600) return null;
  return { destination: readHardwareAddress(bytes, at), source: readHardwareAddress(bytes, at + 6), etherType };
}

export function emitEthernet(header: EthernetHeader, bytes: Uint8Array, at: number): void {
  writeHardwareAddress(bytes, at, header.destination);
  writeHardwareAddress(bytes, at + 6, header.source);
  writeUint16(bytes, at + 12, header.etherType);
}
