import { buildRecord, parseRecord, type DtlsRecord } from '../../../secure/dtls/wire/record.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

/** The bytes with another one at a place. */
export function replaceByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

/** The bytes with the last one flipped: of a sealed record, part of what authenticates it. */
export const corruptLast = (bytes: Uint8Array): Uint8Array =>
  replaceByte(bytes, bytes.length - 1, (bytes.at(-1) ?? 0) ^ 0xff);

/** A datagram with its records changed. */
export function mapRecords(datagram: Uint8Array, change: (record: DtlsRecord) => DtlsRecord): Uint8Array {
  const records: Uint8Array[] = [];
  for (let parsed = parseRecord(datagram); parsed !== null; parsed = parseRecord(parsed.rest)) {
    records.push(buildRecord(change(parsed.record)));
  }
  return concat(...records);
}

/** Sealed records with their last byte cut off, so that a block cipher's are no whole number of blocks. */
export const cutSealed = (datagram: Uint8Array): Uint8Array =>
  mapRecords(datagram, (record) =>
    record.epoch === 0 ? record : { ...record, fragment: record.fragment.subarray(0, -1) },
  );
