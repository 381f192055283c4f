import { buildFragment, HANDSHAKE_HEADER, handshakeName, type HandshakeMessage } from './wire/handshake.ts';
import { RECORD_HEADER } from './wire/record.ts';
import { concat } from './wire/writer.ts';

/** A part of a flight, with the epoch in which it is sent, the first time and again. */
export type FlightItem =
  | { readonly kind: 'handshake'; readonly epoch: number; readonly message: HandshakeMessage }
  | { readonly kind: 'change-cipher-spec'; readonly epoch: number };

/** A flight that was sent, kept for as long as it may have to be sent again (RFC 6347 section 4.2.4). */
export interface Flight {
  /** Its number in RFC 6347 figure 1. */
  readonly number: number;
  readonly items: readonly FlightItem[];
  /** The number of the peer's last message that it answers, or -1: when that comes again, the flight was lost. */
  readonly answers: number;
  /** Whether it is sent again when no answer comes: the last flight of a handshake is not. */
  readonly awaitsAnswer: boolean;
}

/** Makes one record, sealed for its epoch. */
export type RecordMaker = (item: FlightItem, fragment: Uint8Array) => Uint8Array;

/** A datagram of a flight, and what is in it. */
export interface FlightDatagram {
  readonly bytes: Uint8Array;
  readonly messages: readonly string[];
}

/** A fragment shorter than this is not worth a place at the end of a datagram. */
const LEAST_FRAGMENT = 32;

/**
 * Packs a flight into datagrams: several records in one where they fit, messages in fragments where they do not.
 *
 * @param overhead - bytes that protection adds to a record of an epoch
 */
export function packFlight(
  flight: Flight,
  maxDatagram: number,
  overhead: (epoch: number) => number,
  makeRecord: RecordMaker,
): readonly FlightDatagram[] {
  const datagrams: FlightDatagram[] = [];
  let records: Uint8Array[] = [];
  let messages: string[] = [];
  let size = 0;
  const close = (): void => {
    const [first] = records;
    if (first !== undefined) datagrams.push({ bytes: records.length === 1 ? first : concat(...records), messages });
    records = [];
    messages = [];
    size = 0;
  };
  const add = (record: Uint8Array, name: string): void => {
    if (size + record.length > maxDatagram) close();
    records.push(record);
    size += record.length;
    if (!messages.includes(name)) messages.push(name);
  };

  for (const item of flight.items) {
    if (item.kind === 'change-cipher-spec') {
      add(makeRecord(item, Uint8Array.of(1)), 'ChangeCipherSpec');
      continue;
    }
    const { message } = item;
    const fixed = RECORD_HEADER + overhead(item.epoch) + HANDSHAKE_HEADER;
    let offset = 0;
    do {
      const left = message.body.length - offset;
      if (size > 0 && maxDatagram - size - fixed < Math.min(left, LEAST_FRAGMENT)) close();
      const length = Math.min(left, Math.max(1, maxDatagram - size - fixed));
      const body = message.body.subarray(offset, offset + length);
      const { type, messageSeq } = message;
      const fragment = buildFragment({ type, length: message.body.length, messageSeq, offset, body });
      add(makeRecord(item, fragment), handshakeName(type));
      offset += length;
    } while (offset < message.body.length);
  }
  close();
  return datagrams;
}
