import type { ServiceStatuses } from './explanation.ts';

/** A service as its source documents it. */
interface Documented {
  readonly returns: string;
  /** The service that this one is another name of, if it is one. */
  readonly aliasOf: string | null;
}

/** An exported service, with the TSDoc that stands before it. */
const SERVICE =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export (?:function\*? (_?(?:tx|nxd?)_[a-z\d_]+)\s*\(|const ((?:tx|nxd?)_[a-z\d_]+) = (\w+);)/g;
/** An exported name of another service that has no TSDoc of its own. */
const ALIAS = /^export const ((?:tx|nxd?)_[a-z\d_]+) = ((?:tx|nxd?)_[a-z\d_]+);$/gm;
/** "as `a` and `b`", "statuses of `a`": what other services give is given here too. */
const REFERENCE = /\b(as|statuses of)\s+((?:(?:`[a-z\d_]+`|\{@link [a-z\d_]+\})(?:,|\s+and\s+|\s)?)+)/g;
/** What a handshake says of its end: any of the statuses that {@link readServices} is told. */
const HANDSHAKE = 'the NX_SECURE_ status of whatever failed';

/** The services of one source file. */
function documentedIn(source: string): ReadonlyMap<string, Documented> {
  const services = new Map<string, Documented>();
  for (const [, comment = '', name, constant, target] of source.matchAll(SERVICE)) {
    const tag = /@returns([^]*?)(?:\n\s*\* @|$)/.exec(comment)?.[1] ?? '';
    const returns = tag.replaceAll(/\n\s*\*\s*-\s/g, '; ').replaceAll(/\s*\n\s*\*?\s*/g, ' ');
    if (name !== undefined) services.set(name, { returns: returns.trim(), aliasOf: null });
    else if (constant !== undefined && target !== undefined && /^(tx|nxd?)_/.test(target))
      services.set(constant, { returns: '', aliasOf: target });
  }
  for (const [, name, target] of source.matchAll(ALIAS)) {
    if (name !== undefined && target !== undefined) services.set(name, { returns: '', aliasOf: target });
  }
  return services;
}

/** The words on when a status comes, without what joins them to its name, and without markup. */
function words(text: string): string {
  return text
    .replaceAll(/\{@link (\w+)\}/g, '$1')
    .replaceAll('`', '')
    .replace(/\.\s[A-Z].*$/, '')
    .replace(/^[\s),:.-]+/, '')
    .replace(/(^|[\s,:(]+)(and|or)?[\s,:(]*$/, '')
    .trim();
}

/** The statuses that one clause names, each with the words after it, or with those of the ones it is listed with. */
function statusesOfClause(clause: string, isStatus: (name: string) => boolean): readonly (readonly [string, string])[] {
  const named = [...clause.matchAll(/`([TN]X_[A-Z\d_]+)`/g)].filter(([, name = '']) => isStatus(name));
  const first = named[0];
  if (first === undefined) return [];
  const lead = words(clause.slice(0, first.index).replace(/^\s*and\b/, ''));
  const found: (readonly [string, string])[] = [];
  let shared = '';
  for (const [index, match] of [...named.entries()].reverse()) {
    const after = clause.slice(match.index + match[0].length, named[index + 1]?.index);
    // "`A`, `B`: when" is said of both, "`A`, or `B` when" of the last.
    if (!/^,?\s*(and\s*)?$/.test(after) || index === named.length - 1) shared = words(after);
    found.unshift([match[1] ?? '', shared === '' ? lead : shared]);
  }
  return found;
}

/** What the faces say, service by service. */
export class ReturnsReader {
  readonly #documented = new Map<string, Documented>();
  readonly #done = new Map<string, ServiceStatuses>();
  readonly #isStatus: (name: string) => boolean;
  readonly #ofHandshakes: readonly string[];

  /**
   * @param sources - the texts of the faces
   * @param isStatus - whether a constant of this name is a status
   * @param ofHandshakes - the statuses with which a handshake may fail
   */
  constructor(sources: readonly string[], isStatus: (name: string) => boolean, ofHandshakes: readonly string[]) {
    this.#isStatus = isStatus;
    this.#ofHandshakes = ofHandshakes;
    for (const source of sources) {
      for (const [name, service] of documentedIn(source)) this.#documented.set(name, service);
    }
  }

  /** Every service in order of name. */
  get services(): readonly string[] {
    return [...this.#documented.keys()].sort();
  }

  /** Names at the head of a clause, where statuses stand, that are no status. */
  get unknown(): readonly string[] {
    return [...this.#documented].flatMap(([service, { returns }]) =>
      returns
        .split(';')
        .flatMap((clause) => /^\s*`([TN]X_[A-Z\d_]+)`/.exec(clause)?.[1] ?? [])
        .filter((name) => !this.#isStatus(name))
        .map((name) => `${service}: ${name}`),
    );
  }

  /** The statuses of a service, in the order in which its TSDoc names them; those of services it refers to included. */
  statusesOf(service: string): ServiceStatuses {
    const known = this.#done.get(service);
    if (known !== undefined) return known;
    const documented = this.#documented.get(service);
    if (documented === undefined) throw new Error(`@returns refers to ${service}, which no face has`);
    this.#done.set(service, {}); // Two that refer to each other find nothing more in each other.
    const statuses: Record<string, string> =
      documented.aliasOf === null ? {} : { ...this.statusesOf(documented.aliasOf) };
    for (const clause of documented.returns.split(';')) this.#readClause(clause, statuses);
    this.#done.set(service, statuses);
    return statuses;
  }

  #readClause(clause: string, statuses: Record<string, string>): void {
    for (const [, kind, list = ''] of clause.matchAll(REFERENCE)) {
      for (const [, name = ''] of list.matchAll(/((?:tx|nxd?)_[a-z\d_]+)/g)) {
        for (const [status, when] of Object.entries(this.statusesOf(name))) {
          if (kind === 'as' || !status.endsWith('_SUCCESS')) statuses[status] ??= when;
        }
      }
    }
    for (const [status, when] of statusesOfClause(clause.replaceAll(REFERENCE, ''), this.#isStatus)) {
      const before = statuses[status];
      statuses[status] = before === undefined || before === '' ? when : when === '' ? before : `${before}; ${when}`;
    }
    if (!clause.includes(HANDSHAKE)) return;
    for (const status of this.#ofHandshakes) statuses[status] ??= 'where that is what ended the handshake';
  }
}
