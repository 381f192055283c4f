import assert from 'node:assert/strict';
import { buildFragment, parseFragments, type HandshakeFragment } from '../../secure/dtls/wire/handshake.ts';
import { buildRecord, HANDSHAKE, parseRecord, type DtlsRecord } from '../../secure/dtls/wire/record.ts';

/** The records of a datagram. */
export function recordsOf(datagram: Uint8Array): readonly DtlsRecord[] {
  const records: DtlsRecord[] = [];
  for (let rest = datagram; rest.length > 0;) {
    const parsed = parseRecord(rest);
    assert(parsed !== null, 'not a whole record');
    records.push(parsed.record);
    rest = parsed.rest;
  }
  return records;
}

/** The same records, each in a datagram of its own. */
export const splitRecords = (datagram: Uint8Array): readonly Uint8Array[] => recordsOf(datagram).map(buildRecord);

/** Cuts each handshake message in the clear anew; everything else stays. One record to a datagram. */
export function recut(
  datagram: Uint8Array,
  cut: (fragment: HandshakeFragment) => readonly HandshakeFragment[],
): readonly Uint8Array[] {
  return recordsOf(datagram).flatMap((record) => {
    const fragments = record.type === HANDSHAKE && record.epoch === 0 ? parseFragments(record.fragment) : null;
    if (fragments === null) return [buildRecord(record)];
    return fragments.flatMap(cut).map((part) => buildRecord({ ...record, fragment: buildFragment(part) }));
  });
}
