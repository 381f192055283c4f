/** What a term of a filter looks at. */
export type FilterKey = 'device' | 'thread' | 'type' | 'name' | 'text' | 'status' | 'time' | 'duration' | 'any';

/** How a term compares numbers. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One condition. An event has to meet all of them. */
export interface FilterTerm {
  readonly key: FilterKey;
  readonly negated: boolean;
  /** Texts, of which one has to be found, in lower case. */
  readonly words: readonly string[];
  /** A comparison with a number, where the value is one. */
  readonly compare: { readonly how: Comparison; readonly number: number } | null;
}

/** A filter, and what in it was not understood. */
export interface Filter {
  readonly terms: readonly FilterTerm[];
  readonly complaints: readonly string[];
}

const KEYS: Readonly<Record<string, FilterKey>> = {
  device: 'device',
  thread: 'thread',
  type: 'type',
  name: 'name',
  service: 'name',
  callback: 'name',
  pool: 'name',
  network: 'name',
  text: 'text',
  status: 'status',
  time: 'time',
  duration: 'duration',
};

/** Keys that stand for a type as well. */
const TYPE_OF: Readonly<Record<string, string>> = {
  service: 'service',
  callback: 'callback',
  pool: 'packet',
  network: 'frame',
};

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, '': 1e9 };

/**
 * Reads a filter: words and `key:value` terms with blanks between them. A value may be in double quotes, may name several
 * texts with commas between them, and `-` before a term turns it round. Takes any text; what makes no sense is searched for
 * as it stands, and complained of.
 */
export function parseFilter(text: string): Filter {
  const terms: FilterTerm[] = [];
  const complaints: string[] = [];
  for (const match of text.matchAll(/([-!]?)(?:([A-Za-z]+):)?((?:"[^"]*"?|[^\s"])+)|\S+/g)) {
    const [whole, sign = '', word = '', raw = ''] = match;
    const negated = sign !== '';
    const key = KEYS[word.toLowerCase()];
    const value = raw.replaceAll('"', '');
    if (word !== '' && key === undefined) {
      const isQuoted = whole.includes('"');
      if (!isQuoted) complaints.push(`'${word}' is no field: use ${Object.keys(KEYS).join(', ')}`);
      terms.push(term('any', negated, [`${word}:${value}`]));
    } else if (key === undefined) {
      const plain = value === '' ? whole.replaceAll('"', '') : value;
      if (plain !== '') terms.push(term('any', negated, [plain]));
    } else {
      const also = TYPE_OF[word.toLowerCase()];
      if (also !== undefined && !negated) terms.push(term('type', false, [also]));
      terms.push(keyed(key, word, negated, value, complaints));
    }
  }
  return { terms, complaints };
}

function term(key: FilterKey, negated: boolean, words: readonly string[]): FilterTerm {
  return { key, negated, words: words.map((word) => word.toLowerCase()), compare: null };
}

function keyed(key: FilterKey, word: string, negated: boolean, value: string, complaints: string[]): FilterTerm {
  const isNumber = key === 'status' || key === 'time' || key === 'duration';
  if (!isNumber)
    return term(
      key,
      negated,
      value.split(',').filter((one) => one !== ''),
    );
  const [, how = '', rest = ''] = /^(!=|<=|>=|=|<|>)?(.*)$/s.exec(value) ?? [];
  if (key === 'status' && rest.toLowerCase() === 'error') {
    return { ...term(key, negated, []), compare: { how: '>', number: 0 } };
  }
  const number = key === 'status' ? statusNumber(rest) : durationNumber(rest);
  if (number !== null) return { ...term(key, negated, []), compare: { how: comparison(how, key), number } };
  if (key === 'status')
    return term(
      key,
      negated !== (how === '!='),
      rest.split(',').filter((one) => one !== ''),
    );
  complaints.push(`'${word}:${value}' is no time: write such as ${word}:>5ms`);
  return term('any', negated, [value]);
}

function comparison(how: string, key: FilterKey): Comparison {
  switch (how) {
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '=':
      return how;
    default:
      return key === 'status' ? '=' : '>=';
  }
}

function statusNumber(text: string): number | null {
  if (/^0x[\da-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  return /^\d+$/.test(text) ? Number(text) : null;
}

function durationNumber(text: string): number | null {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|)$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits) * (UNITS[unit] ?? 1);
}
