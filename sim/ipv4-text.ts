import { SimulationError } from '../kernel/simulation-error.ts';

/** An IPv4 address as a number, from `'192.168.1.150'`; null where the text is none. */
export function tryParseIpv4(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((address, part) => address * 256 + part, 0);
}

/**
 * An IPv4 address as a number, from `'192.168.1.150'`.
 *
 * @throws SimulationError where the text is none
 */
export function parseIpv4(text: string): number {
  const address = tryParseIpv4(text);
  if (address !== null) return address;
  throw new SimulationError({
    kind: 'world',
    what: `'${text}' is no IPv4 address`,
    fix: "write it as '192.168.1.150'",
  });
}
