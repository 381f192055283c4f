import * as nx from '../../netx/constants.ts';
import type { NetxEvent } from '../../netx/trace.ts';

/** A packet was used in a way that corrupts memory on the target, or could not be sent. */
export type PacketMisuse = Extract<NetxEvent, { type: 'packet-misuse' }>;

/** What firmware allocates packets with; types of the same size by the name that C firmware uses most. */
const TYPES = [
  'NX_RECEIVE_PACKET',
  'NX_IPv4_PACKET',
  'NX_IPv4_UDP_PACKET',
  'NX_IP_PACKET',
  'NX_UDP_PACKET',
  'NX_TCP_PACKET',
] as const;

/** `NX_RECEIVE_PACKET (0 bytes)`. */
function packetType(bytes: number): string {
  const name = TYPES.find((type) => nx[type] === bytes);
  return name === undefined ? `${bytes} bytes` : `${name} (${bytes} bytes)`;
}

/** One line on what happened to the packet, and where. */
export function describeMisuse(misuse: PacketMisuse): string {
  const { kind, pool, allocated, again } = misuse;
  const packet = `a packet of pool '${pool}'`;
  switch (kind) {
    case 'double-release':
      return `${packet} was released twice: first by ${misuse.released}, again by ${again}; it came from ${allocated}`;
    case 'use-after-release':
      return `${packet} was used after its release: released by ${misuse.released}, used by ${again}; it came from ${allocated}`;
    case 'use-after-send': {
      const sent = misuse.released === '' ? 'it is' : `given to the stack by ${misuse.released}, it is`;
      return `${packet} was used while it was the stack's: ${sent} no longer the caller's in ${again}; it came from ${allocated}`;
    }
    case 'no-header-room':
      return `${packet} has no room for the headers: allocated with packet type ${packetType(misuse.packetType)}, it has ${misuse.room} bytes left before its payload, and ${again} needs ${misuse.needed}; it came from ${allocated}: allocate it with ${misuse.wanted}, or make room with nx_packet_data_adjust`;
  }
}
