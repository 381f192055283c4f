/** Thrown for a filter that cannot be read; the message names the part that is wrong and what was expected. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/** What one value of a term has to be. */
export type FilterValue =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'regex'; readonly regex: RegExp };

/** How a value of an event is compared with those of the term. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One condition of a filter. */
export interface FilterTerm {
  /** The term as it was written, for messages. */
  readonly source: string;
  /** Whether what follows must not hold. */
  readonly negated: boolean;
  /** The field that is looked at; null for the words of the event. */
  readonly key: string | null;
  readonly comparison: Comparison;
  /** One of these. */
  readonly values: readonly FilterValue[];
}

const KEY = /^([A-Za-z][A-Za-z-]*):/;
const COMPARISON = /^(!=|>=|<=|=|<|>)/;
/** What people write who have another tool's filters in mind. */
const OTHER_STYLE = /^([A-Za-z][A-Za-z-]*)(=|!=|>=|<=|<|>)/;

/** Reads terms from left to right. */
class TermReader {
  readonly #text: string;
  readonly #keys: ReadonlySet<string>;
  #at = 0;

  constructor(text: string, keys: ReadonlySet<string>) {
    this.#text = text;
    this.#keys = keys;
  }

  terms(): readonly FilterTerm[] {
    const terms: FilterTerm[] = [];
    for (;;) {
      this.#take(/^\s*/);
      if (this.#at >= this.#text.length) return terms;
      terms.push(this.#term());
    }
  }

  #term(): FilterTerm {
    const start = this.#at;
    const negated = this.#take(/^-/) !== '';
    const key = this.#key();
    const comparison = key === null ? '=' : this.#comparison();
    const values = [this.#value(start, key !== null)];
    while (key !== null && this.#take(/^,/) !== '') values.push(this.#value(start, true));
    if (!/^(\s|$)/.test(this.#rest)) this.#fail(this.#source(start), 'ends where a space was expected');
    const source = this.#source(start);
    if (comparison !== '=' && comparison !== '!=' && values.length > 1) {
      this.#fail(source, `compares by ${comparison} with several values; write one`);
    }
    return { source, negated, key, comparison, values };
  }

  /** The key of a term, or null where it is a text: an address with a port has a colon as well. */
  #key(): string | null {
    const [whole = '', name = ''] = KEY.exec(this.#rest) ?? [];
    const key = name.toLowerCase();
    if (whole === '') {
      const [, other = ''] = OTHER_STYLE.exec(this.#rest) ?? [];
      if (this.#keys.has(other.toLowerCase())) {
        this.#fail(this.#word, `needs a colon: ${other}:${this.#word.slice(other.length).replace(/^=/, '')}`);
      }
      return null;
    }
    if (!this.#keys.has(key)) {
      this.#fail(
        this.#word,
        `has an unknown key '${name}'; keys are ${[...this.#keys].join(', ')}; quote it to find it as a text`,
      );
    }
    this.#at += whole.length;
    return key;
  }

  #comparison(): Comparison {
    const found = this.#take(COMPARISON);
    return found === '!=' || found === '<' || found === '<=' || found === '>' || found === '>=' ? found : '=';
  }

  #value(start: number, inList: boolean): FilterValue {
    const first = this.#rest[0];
    if (first === '"' || first === "'") return { kind: 'text', text: this.#quoted(start, first) };
    if (first === '/') return { kind: 'regex', regex: this.#regex(start) };
    const text = this.#take(inList ? /^[^\s,]+/ : /^\S+/);
    if (text === '') this.#fail(this.#source(start), 'has no value');
    return { kind: 'text', text };
  }

  #quoted(start: number, quote: string): string {
    const [whole = '', text = ''] =
      (quote === '"' ? /^"((?:\\.|[^"\\])*)"/ : /^'((?:\\.|[^'\\])*)'/).exec(this.#rest) ?? [];
    if (whole === '') this.#fail(this.#text.slice(start), `has no closing ${quote}`);
    this.#at += whole.length;
    return text.replace(/\\(.)/g, '$1');
  }

  #regex(start: number): RegExp {
    const [whole = '', pattern = '', flags = ''] = /^\/((?:\\.|[^/\\])+)\/([a-z]*)/.exec(this.#rest) ?? [];
    if (whole === '') this.#fail(this.#text.slice(start), 'has no closing /; quote it to find it as a text');
    this.#at += whole.length;
    try {
      // A search that remembers where it was gives other answers the next time.
      return new RegExp(pattern, flags.replace(/[gy]/g, ''));
    } catch (error) {
      return this.#fail(
        whole,
        `is no regular expression: ${error instanceof Error ? error.message : 'cannot be read'}`,
      );
    }
  }

  #take(pattern: RegExp): string {
    const [found = ''] = pattern.exec(this.#rest) ?? [];
    this.#at += found.length;
    return found;
  }

  get #rest(): string {
    return this.#text.slice(this.#at);
  }

  get #word(): string {
    return /^\S*/.exec(this.#rest)?.[0] ?? '';
  }

  #source(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  #fail(where: string, what: string): never {
    throw new FilterError(`'${where}' ${what}`);
  }
}

/**
 * Reads the terms of a filter: `device:server,client -type:print status:!=0 "application data" /flight [35]/`.
 *
 * @param keys - the keys that there are, in lower case
 * @throws FilterError for a filter that cannot be read
 */
export function readFilter(text: string, keys: ReadonlySet<string>): readonly FilterTerm[] {
  return new TermReader(text, keys).terms();
}
