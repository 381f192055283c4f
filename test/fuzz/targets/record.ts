import { buildRecord, DTLS_1_2, parseRecord, RECORD_HEADER, TLS12_CID } from '../../../secure/dtls/wire/record.ts';
import { equal, hold, type FuzzTarget } from '../target.ts';

/** Bytes of the connection ID in those records that have one. */
const CID_LENGTH = 3;

const withId = {
  type: TLS12_CID,
  version: DTLS_1_2,
  epoch: 1,
  sequence: 7,
  cid: Uint8Array.of(0xc1, 0xd0, 0xe2),
  fragment: new Uint8Array(20),
};

/** Datagrams into records, and records into the same bytes again. */
export const record: FuzzTarget = {
  name: 'record',
  seeds: () => [buildRecord(withId)],
  run: (input) => {
    let rest = input;
    let outcome = '';
    for (let count = 1; rest.length > 0; count++) {
      const parsed = parseRecord(rest, CID_LENGTH);
      if (parsed === null) return `${outcome} | ${rest.length < RECORD_HEADER ? 'header' : 'fragment'} cut short`;
      const { type, epoch, fragment } = parsed.record;
      hold(parsed.rest.length < rest.length, 'a record takes bytes');
      hold(equal(buildRecord(parsed.record), rest.subarray(0, rest.length - parsed.rest.length)), 'built as parsed');
      const kind = (type >= 20 && type <= 23) || type === TLS12_CID ? type : '?';
      outcome = `${Math.min(count, 5)} records, last ${kind}/${Math.min(epoch, 2)}/${Math.min(fragment.length, 1)}`;
      rest = parsed.rest;
    }
    return outcome;
  },
};
