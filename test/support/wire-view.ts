import { parseFragments, type HandshakeFragment } from '../../secure/dtls/wire/handshake.ts';
import { HANDSHAKE, parseRecord } from '../../secure/dtls/wire/record.ts';
import type { SimulationEvent } from '../../sim/trace/event.ts';

const ETHERNET = 14;
/** Bytes of the Ethernet, IPv4 and UDP headers in front of a datagram. */
const HEADERS = ETHERNET + 20 + 8;

/** The IP packets that reached the device. */
const packetsTo = (events: readonly SimulationEvent[]): readonly Uint8Array[] =>
  events.flatMap((event) => (event.type === 'frame-delivered' && event.to === 'device' ? [event.bytes] : []));

/** Bytes of the longest IP packet that reached the device. */
export const longestPacket = (events: readonly SimulationEvent[]): number =>
  Math.max(...packetsTo(events).map(({ length }) => length - ETHERNET));

/** The handshake messages and pieces of such that reached the device and are not encrypted. */
export function fragmentsTo(events: readonly SimulationEvent[]): readonly HandshakeFragment[] {
  const fragments: HandshakeFragment[] = [];
  for (const bytes of packetsTo(events)) {
    let rest = bytes.subarray(HEADERS);
    for (let next = parseRecord(rest); next !== null; next = parseRecord(rest)) {
      const { type, epoch, fragment } = next.record;
      if (type === HANDSHAKE && epoch === 0) fragments.push(...(parseFragments(fragment) ?? []));
      rest = next.rest;
    }
  }
  return fragments;
}
