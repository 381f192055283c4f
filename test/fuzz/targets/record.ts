import { buildRecord, parseRecord, RECORD_HEADER } from '../../../secure/dtls/wire/record.ts';
import { equal, hold, type FuzzTarget } from '../target.ts';

/** Datagrams into records, and records into the same bytes again. */
export const record: FuzzTarget = {
  name: 'record',
  run: (input) => {
    let rest = input;
    let outcome = '';
    for (let count = 1; rest.length > 0; count++) {
      const parsed = parseRecord(rest);
      if (parsed === null) return `${outcome} | ${rest.length < RECORD_HEADER ? 'header' : 'fragment'} cut short`;
      const { type, epoch, fragment } = parsed.record;
      hold(parsed.rest.length < rest.length, 'a record takes bytes');
      hold(equal(buildRecord(parsed.record), rest.subarray(0, rest.length - parsed.rest.length)), 'built as parsed');
      const kind = type >= 20 && type <= 23 ? type : '?';
      outcome = `${Math.min(count, 5)} records, last ${kind}/${Math.min(epoch, 2)}/${Math.min(fragment.length, 1)}`;
      rest = parsed.rest;
    }
    return outcome;
  },
};
