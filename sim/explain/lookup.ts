import { STATUSES, type Status } from '../status-names.ts';
import { SERVICES } from './services.ts';

/** What somebody may have meant. */
export type Found =
  /** Statuses to be told in full: those of one number, or the one of that name. */
  | { readonly kind: 'statuses'; readonly statuses: readonly Status[] }
  /** A service. */
  | { readonly kind: 'service'; readonly service: string }
  /** Names that have the words in them. */
  | { readonly kind: 'matches'; readonly statuses: readonly Status[]; readonly services: readonly string[] }
  /** Nothing, and the names that are nearest. */
  | { readonly kind: 'unknown'; readonly nearest: readonly string[] };

const SERVICE_NAMES: readonly string[] = Object.keys(SERVICES);
const NEAREST = 3;

/** A number as people write statuses: 268, 0x10C, 10Ch, 10C; null for what is none. */
export function parseCode(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const hex = /^0x([\da-f]+)$/i.exec(text) ?? /^(\d[\da-f]*)h$/i.exec(text) ?? /^(\d[\da-f]*)$/i.exec(text);
  return hex?.[1] === undefined ? null : Number.parseInt(hex[1], 16);
}

/** How many letters have to be put in, taken out or exchanged to make one text the other (Levenshtein). */
function distance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of from.split('').entries()) {
    const current = [row + 1];
    for (const [column, other] of to.split('').entries()) {
      const exchange = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(exchange, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** A name without the part that all names of its product have, which says nothing of what was meant. */
const withoutPrefix = (name: string): string => name.replace(/^_?(?:tx|nxd?)_(?:secure_(?:d?tls|x509)_)?/, '');

/** The names that are least far from a text, with or without their prefixes. */
function nearestNames(text: string): readonly string[] {
  return [...STATUSES.map(({ name }) => name), ...SERVICE_NAMES]
    .map((name) => {
      const whole = distance(text, name.toLowerCase());
      const bare = distance(withoutPrefix(text), withoutPrefix(name.toLowerCase()));
      return { name, far: Math.min(whole, bare), whole };
    })
    .sort((one, other) => one.far - other.far || one.whole - other.whole)
    .slice(0, NEAREST)
    .map(({ name }) => name);
}

/** The statuses of the numbers that are next to one. */
function nearestCodes(code: number): readonly string[] {
  return [...STATUSES]
    .sort((one, other) => Math.abs(one.code - code) - Math.abs(other.code - code))
    .slice(0, NEAREST)
    .map(({ name, code: near }) => `${name} (${hexCode(near)})`);
}

/** A status's number as the documentation of NetX writes it. */
export const hexCode = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * Finds what a text means: a number, the name of a status or service in any case, or a part of names.
 *
 * @param text - also a name with its number, as summaries of runs show statuses: `NX_NO_PACKET (0x01)`
 */
export function lookup(text: string): Found {
  const words = text.trim().replace(/(?<=\w)\s*\(0x[\da-f]+\)$/i, '');
  const code = parseCode(words);
  if (code !== null) {
    const statuses = STATUSES.filter((status) => status.code === code);
    return statuses.length > 0 ? { kind: 'statuses', statuses } : { kind: 'unknown', nearest: nearestCodes(code) };
  }
  const name = words.toLowerCase().replaceAll(/[\s-]+/g, '_');
  const exact = STATUSES.filter((status) => status.name.toLowerCase() === name);
  if (exact.length > 0) return { kind: 'statuses', statuses: exact };
  if (Object.hasOwn(SERVICES, name)) return { kind: 'service', service: name };
  const statuses = STATUSES.filter((status) => status.name.toLowerCase().includes(name));
  const services = SERVICE_NAMES.filter((service) => service.includes(name));
  if (statuses.length + services.length === 0) return { kind: 'unknown', nearest: nearestNames(name) };
  if (statuses.length === 1 && services.length === 0) return { kind: 'statuses', statuses };
  const [only] = services;
  if (statuses.length === 0 && services.length === 1 && only !== undefined) return { kind: 'service', service: only };
  return { kind: 'matches', statuses, services };
}
