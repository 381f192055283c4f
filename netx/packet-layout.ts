import { flagMacro, numericMacro, type Macros } from '../kernel/config.ts';

/** How a pool's memory is divided into packets: offsets and sizes in bytes. */
export interface PacketLayout {
  /** Offset of the first packet in the memory. */
  readonly first: number;
  /** From the beginning of a packet to its payload. */
  readonly header: number;
  /** Payload of a packet, rounded up. */
  readonly payload: number;
  readonly count: number;
}

/** Bytes of an `NX_PACKET` on a 32-bit target, built with these macros. */
export function packetSize(macros: Macros): number {
  let size = 60;
  if (flagMacro(macros, 'NX_DISABLE_PACKET_CHAIN')) size -= 8;
  if (flagMacro(macros, 'NX_DISABLE_FRAGMENTATION')) size -= 4;
  if (flagMacro(macros, 'NX_DISABLE_IPV6')) size -= 4;
  if (flagMacro(macros, 'NX_ENABLE_INTERFACE_CAPABILITY')) size += 4;
  if (flagMacro(macros, 'NX_ENABLE_PACKET_DEBUG_INFO')) size += 12;
  return size;
}

/**
 * Lays packets out in memory: each is a control block and its payload, both beginning at multiples of
 * `NX_PACKET_ALIGNMENT`. What lies before the first such address is lost, and so is what is left at the end.
 *
 * @param address - where the memory begins
 */
export function packetLayout(macros: Macros, address: number, size: number, payloadSize: number): PacketLayout {
  const alignment = numericMacro(macros, 'NX_PACKET_ALIGNMENT', 4);
  const up = (value: number): number => Math.ceil(value / alignment) * alignment;
  const start = up(address);
  const header = up(start + packetSize(macros)) - start;
  const payload = up(header + payloadSize) - header;
  const usable = Math.floor((size - (start - address)) / alignment) * alignment;
  return { first: start - address, header, payload, count: Math.max(0, Math.floor(usable / (header + payload))) };
}
