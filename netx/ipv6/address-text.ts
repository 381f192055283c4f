import type { Ipv6Address } from '../wire/ipv6.ts';

const GROUPS = 8;

/** The four bytes of `192.0.2.1` as two groups, or null. */
function parseEmbeddedIpv4(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** The groups of one side of a `::`, or null; an IPv4 address may be the last of them. */
function parseGroups(text: string, mayEndInIpv4: boolean): readonly number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = mayEndInIpv4 && index === parts.length - 1 ? parseEmbeddedIpv4(part) : null;
    if (embedded !== null) groups.push(...embedded);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(parseInt(part, 16));
    else return null;
  }
  return groups;
}

/**
 * The address that a text stands for (RFC 4291 section 2.2: groups of up to four hexadecimal digits, `::` once for groups
 * of 0, an IPv4 address in place of the last two groups), or null where it stands for none. A zone (`%eth0`) or a prefix
 * length is not part of an address.
 */
export function parseIpv6(text: string): Ipv6Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [left = '', right] = halves;
  const before = parseGroups(left, right === undefined);
  const after = right === undefined ? [] : parseGroups(right, true);
  if (before === null || after === null) return null;
  const missing = GROUPS - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...before, ...new Array<number>(missing).fill(0), ...after];
  return Uint32Array.from({ length: 4 }, (_, word) => (groups[word * 2] ?? 0) * 0x10000 + (groups[word * 2 + 1] ?? 0));
}
