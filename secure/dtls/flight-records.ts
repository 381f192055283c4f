import { packFlight, type Flight, type FlightDatagram, type FlightItem } from './flight.ts';
import type { RecordLayer } from './record-layer.ts';
import { CLIENT_HELLO } from './wire/handshake.ts';
import { CHANGE_CIPHER_SPEC, DTLS_1_0, HANDSHAKE, RECORD_HEADER } from './wire/record.ts';

/**
 * Puts a flight into records, each protected for its epoch, and those into datagrams.
 *
 * @param added - bytes that a protected record has before and after its data, header included
 * @returns null where an epoch has no sequence numbers left
 */
export function protectFlight(
  records: RecordLayer,
  flight: Flight,
  maxDatagram: number,
  added: { readonly before: number; readonly after: number },
): readonly FlightDatagram[] | null {
  const overhead = (epoch: number): number => (epoch === 0 ? 0 : added.before - RECORD_HEADER + added.after);
  const unsent: FlightItem[] = [];
  const make = (item: FlightItem, fragment: Uint8Array): Uint8Array => {
    const isCcs = item.kind === 'change-cipher-spec';
    // The first record says 1.0, as RFC 6347 section 4.2.1 asks of servers and old peers expect of clients.
    const isFirst = !isCcs && item.epoch === 0 && item.message.type === CLIENT_HELLO;
    const version = isFirst ? DTLS_1_0 : records.version;
    const record = records.write(isCcs ? CHANGE_CIPHER_SPEC : HANDSHAKE, fragment, item.epoch, version);
    if (record === null) unsent.push(item);
    return record ?? new Uint8Array(0);
  };
  const datagrams = packFlight(flight, maxDatagram, overhead, make);
  return unsent.length > 0 ? null : datagrams;
}
