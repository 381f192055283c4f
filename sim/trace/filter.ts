import { DURATION_UNITS } from '../duration-units.ts';
import { FilterError, readFilter, type Comparison, type FilterTerm, type FilterValue } from './filter-syntax.ts';

export { FilterError } from './filter-syntax.ts';

/** What a filter looks at: a record of the trace, or something of its shape. */
export interface FilteredRecord {
  /** Virtual time in nanoseconds. */
  readonly time: number;
  readonly device: string | null;
  readonly thread: string;
  readonly event: { readonly type: string };
}

/** How a filter finds the words that people see. Without it, it knows fields only. */
export interface FilterWords<R extends FilteredRecord = FilteredRecord> {
  /** The event in words, as they are shown. */
  readonly text?: (record: R) => string;
  /** A status as it is shown: `NX_NO_PACKET (0x01)`. */
  readonly status?: (status: number, record: R) => string;
}

/** Says whether a record passes. */
export type RecordFilter<R extends FilteredRecord = FilteredRecord> = (record: R) => boolean;

/** The keys that a filter knows, beside `device` the fields of the events by their names in a JSON Lines trace. */
export const FILTER_KEYS = [
  'device',
  'thread',
  'type',
  'time',
  'duration',
  'service',
  'status',
  'callback',
  'queue',
  'pool',
  'network',
  'from',
  'to',
  'reason',
  'fault',
  'faults',
  'lost',
  'router',
  'peer',
  'role',
  'flight',
  'messages',
  'retransmission',
  'suite',
  'kind',
  'name',
  'text',
] as const;

const KEYS: ReadonlySet<string> = new Set(FILTER_KEYS);

const fieldOf = (subject: object, key: string): unknown => Reflect.get(subject, key) as unknown;

/** The name of a port, and that of its device: a second port on one network bears the number of its interface. */
const portNames = (port: unknown): readonly unknown[] =>
  typeof port === 'string' && /\.\d+$/.test(port) ? [port, port.replace(/\.\d+$/, '')] : [port];

/** The values that a record has for a key: none, one, or several where any of them counts. */
function valuesOf<R extends FilteredRecord>(record: R, key: string, words: FilterWords<R>): readonly unknown[] {
  const { event } = record;
  switch (key) {
    case 'device':
      // Between devices, those that send, receive and forward are concerned.
      return record.device === null
        ? ['from', 'to', 'router'].flatMap((end) => portNames(fieldOf(event, end)))
        : [record.device];
    case 'thread':
      return [record.thread];
    case 'time':
      return [record.time];
    case 'duration': {
      // What ends tells when it began.
      const began = fieldOf(event, 'began');
      return [typeof began === 'number' ? record.time - began : fieldOf(event, key)];
    }
    case 'text':
      return [fieldOf(event, 'text') ?? words.text?.(record)];
    default: {
      const value = fieldOf(event, key);
      return Array.isArray(value) ? (value as readonly unknown[]) : [value];
    }
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A text with `*` for anything, as a search of whole values, whatever the case. */
const pattern = (text: string): RegExp => new RegExp(`^${text.split('*').map(escaped).join('.*')}$`, 'is');

/** The keys whose values are times. */
const TIMES: ReadonlySet<string> = new Set(['time', 'duration']);

/** A number as people write it: decimal, hexadecimal, or for a time with its unit; NaN for none. */
function numberOf(text: string, key: string): number {
  if (!TIMES.has(key)) return /^(\d+(\.\d+)?|0x[\da-f]+)$/i.test(text) ? Number(text) : NaN;
  const [, digits = '', unit = 'ns'] = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)?$/.exec(text) ?? [];
  return digits === '' ? NaN : Math.round(Number(digits) * (DURATION_UNITS[unit] ?? 1));
}

const COMPARE: Readonly<Record<Exclude<Comparison, '=' | '!='>, (found: number, wanted: number) => boolean>> = {
  '<': (found, wanted) => found < wanted,
  '<=': (found, wanted) => found <= wanted,
  '>': (found, wanted) => found > wanted,
  '>=': (found, wanted) => found >= wanted,
};

/** A test of one value of a record. */
type ValueTest<R> = (value: unknown, record: R) => boolean;

/** The name of a status without its number. */
const nameOf = (shown: string): string => shown.replace(/ \(0x[\dA-F]+\)$/, '');

function valueTest<R extends FilteredRecord>(key: string, wanted: FilterValue, words: FilterWords<R>): ValueTest<R> {
  const shown = (value: unknown, record: R): string =>
    key === 'status' && typeof value === 'number' ? (words.status?.(value, record) ?? String(value)) : String(value);
  if (wanted.kind === 'regex') return (value, record) => wanted.regex.test(shown(value, record));
  const [, low = '', high = ''] = /^([^.]+(?:\.\d+[a-zµ]*)?)\.\.(.+)$/.exec(wanted.text) ?? [];
  const [from, to] = [numberOf(low, key), numberOf(high, key)];
  if (!Number.isNaN(from) && !Number.isNaN(to)) {
    return (value) => typeof value === 'number' && value >= from && value <= to;
  }
  const number = numberOf(wanted.text, key);
  if (!Number.isNaN(number))
    return (value) => (typeof value === 'number' ? value === number : String(value) === wanted.text);
  if (TIMES.has(key)) throw new FilterError(`'${key}:${wanted.text}' is no time; write 10ms, >2s or 1s..2s`);
  const search = pattern(wanted.text);
  return (value, record) => search.test(nameOf(shown(value, record)));
}

/** A number's comparison, by its size. */
function sizeTest(term: FilterTerm, comparison: Exclude<Comparison, '=' | '!='>): ValueTest<unknown> {
  const [value] = term.values;
  const number = value?.kind === 'text' ? numberOf(value.text, term.key ?? '') : NaN;
  const expected = TIMES.has(term.key ?? '') ? 'a time such as 10ms' : 'a number';
  if (Number.isNaN(number))
    throw new FilterError(`'${term.source}' compares by ${comparison} with what is not ${expected}`);
  const compare = COMPARE[comparison];
  return (found) => typeof found === 'number' && compare(found, number);
}

function keyCondition<R extends FilteredRecord>(term: FilterTerm, key: string, words: FilterWords<R>): RecordFilter<R> {
  const { comparison } = term;
  const tests =
    comparison === '=' || comparison === '!='
      ? term.values.map((value) => valueTest(key, value, words))
      : [sizeTest(term, comparison)];
  const differs = comparison === '!=';
  return (record) => {
    const values = valuesOf(record, key, words).filter((value) => value !== undefined && value !== null);
    if (values.length === 0) return false;
    return values.some((value) => tests.some((test) => test(value, record))) !== differs;
  };
}

/** A text is looked for in everything that a line shows. */
function textCondition<R extends FilteredRecord>({ values }: FilterTerm, words: FilterWords<R>): RecordFilter<R> {
  const [value] = values;
  const shown = (record: R): string =>
    `${record.device ?? ''} ${record.thread} ${record.event.type} ${words.text?.(record) ?? JSON.stringify(record.event)}`;
  if (value?.kind === 'regex') return (record) => value.regex.test(shown(record));
  const wanted = (value?.text ?? '').toLowerCase();
  return (record) => shown(record).toLowerCase().includes(wanted);
}

/**
 * Makes a filter of its text. A record passes where every term holds:
 *
 * - `word`, `"several words"`, `/regular expression/`: found in the device, the thread, the type or the words of the event
 * - `key:value`: that field of the event has this value, whatever the case; `*` stands for anything, `a,b` for either, and
 *   `key:/…/` is a regular expression. The keys are {@link FILTER_KEYS}.
 * - `key:!=value`, `key:>value`, `key:>=value`, `key:<value`, `key:<=value`, `key:low..high`: has the field, and it compares so
 * - `-term`: the term does not hold
 *
 * `device` of a frame is its sender or its receiver; `time` and `duration`, which is how long it took, take units
 * (`time:10ms..2s`), ns where there is none; `status` takes numbers and names (`status:NX_NO_PACKET`).
 *
 * @throws FilterError for a filter that cannot be read
 */
export function parseFilter<R extends FilteredRecord>(text: string, words: FilterWords<R> = {}): RecordFilter<R> {
  const conditions = readFilter(text, KEYS).map((term): RecordFilter<R> => {
    const condition = term.key === null ? textCondition(term, words) : keyCondition(term, term.key, words);
    return term.negated ? (record) => !condition(record) : condition;
  });
  return (record) => conditions.every((condition) => condition(record));
}
