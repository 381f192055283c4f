/**
 * How the network modules take their arguments. One of the wrong type is a mistake in the program, and throws a TypeError
 * that names it; a value that is out of range, or that nothing stands behind, is an error that the program may expect: the
 * function gives its value for failure, and `sys.errno()` the reason.
 */
import type { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { TX_WAIT_FOREVER } from '../../../kernel/constants.ts';
import { ERRNO } from '../runtime/errno.ts';
import { AF_INET, AF_INET6, domainOf, parseAddress, type Domain } from '../net/net-address.ts';
import type { JsreNetwork } from '../net/network.ts';
import type { JsreTask } from '../runtime/task.ts';

/** A value that may be had, or an error number. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: number };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const error = (errno: number): { readonly ok: false; readonly errno: number } => ({ ok: false, errno });

/** What a script is given of a result: the value, or undefined and the error number for `sys.errno()`. */
export function settle<T>(task: JsreTask, result: Result<T>): T | undefined {
  if (result.ok) return result.value;
  task.errno = result.errno;
  return undefined;
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  // A number of the wrong sort is told by its value: 1.5, NaN.
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value);
  return Array.isArray(value) ? 'an array' : typeof value;
};

/** The complaint about an argument of the wrong type. */
export const wrong = (what: string, expected: string, value: unknown): TypeError =>
  new TypeError(`${what} must be ${expected}, and is ${kindOf(value)}`);

/** An object, for its properties. */
export function objectOf(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw wrong(what, 'an object', value);
  return value as Readonly<Record<string, unknown>>;
}

export function stringOf(what: string, value: unknown): string {
  if (typeof value !== 'string') throw wrong(what, 'a string', value);
  return value;
}

export function integerOf(what: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(what, 'an integer', value);
  return value;
}

export function booleanOf(what: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrong(what, 'a boolean', value);
  return value;
}

/** A value that may be left out: undefined and null stand for the default. */
export function optional<T>(what: string, value: unknown, of: (what: string, value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : of(what, value);
}

/** A time-out in milliseconds as ticks: for ever where there is none. */
export function ticksOf(network: JsreNetwork, what: string, value: unknown): Result<number> {
  const milliseconds = optional(what, value, (name, given) => {
    if (typeof given !== 'number' || Number.isNaN(given)) throw wrong(name, 'a number of milliseconds', given);
    return given;
  });
  if (milliseconds === undefined || milliseconds === Infinity) return ok(TX_WAIT_FOREVER);
  return milliseconds < 0 ? error(ERRNO.EINVAL) : ok(network.ticks(milliseconds));
}

/** An address as a program gives it. */
export interface GivenAddress {
  readonly domain: Domain;
  readonly ip: NXD_ADDRESS;
  readonly port: number;
}

/** Reads a sockaddr object; its domain is that of its address where it is left out. */
export function sockaddrArgument(what: string, value: unknown): Result<GivenAddress> {
  const { domain: givenDomain, addr, port } = objectOf(what, value);
  const text = stringOf(`${what}.addr`, addr);
  const number = integerOf(`${what}.port`, port);
  const domain = optional(`${what}.domain`, givenDomain, integerOf) ?? domainOf(text);
  if (domain === null) return error(ERRNO.EINVAL);
  if (domain !== AF_INET && domain !== AF_INET6) return error(ERRNO.EAFNOSUPPORT);
  const ip = parseAddress(domain, text);
  if (ip === null || number < 0 || number > 0xffff) return error(ERRNO.EINVAL);
  return ok({ domain, ip, port: number });
}

/**
 * A part of a script's buffer: a view of its bytes.
 *
 * @param length - what goes beyond the buffer's end is left out
 */
export function partOf(what: string, bytes: Uint8Array, offset: unknown, length: unknown): Result<Uint8Array> {
  const from = optional(`${what}: offset`, offset, integerOf) ?? 0;
  const count = optional(`${what}: length`, length, integerOf) ?? bytes.length;
  if (from < 0 || from > bytes.length || count < 0) return error(ERRNO.EINVAL);
  return ok(bytes.subarray(from, from + count));
}
