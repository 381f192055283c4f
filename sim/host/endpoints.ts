import { tryParseIpv4 } from '../ipv4-text.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseAddress, type IpAddress } from './ip-address.ts';

/** A UDP address of the host: loopback only. */
export interface HostEndpoint {
  readonly address: string;
  readonly port: number;
}

/** What comes to a host address goes to a device's port. */
export interface ListenRule {
  readonly host: HostEndpoint;
  readonly device: string;
  readonly port: number;
}

/** What devices send to an address goes to a host address. */
export interface ConnectRule {
  readonly address: IpAddress;
  /** Null: only its pings are passed on. */
  readonly port: number | null;
  readonly host: HostEndpoint;
}

/** Frames of a network go to a host address, and what comes from there enters it. */
export interface TunnelRule {
  readonly local: HostEndpoint;
  readonly remote: HostEndpoint;
  /** The network's name; null for the first. */
  readonly network: string | null;
}

function refuse(text: string, expected: string): never {
  throw new SimulationError({ kind: 'world', what: `'${text}': expected ${expected}` });
}

/** `name:port` apart; the name of an IPv6 address stands in brackets. */
function split(text: string, whole: string, expected: string): readonly [name: string, port: number] {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const name = bracketed ?? plain;
  const port = Number(digits);
  if (name === undefined || port < 1 || port > 0xffff) return refuse(whole, expected);
  return [name, port];
}

function hostEndpoint(text: string, whole: string, expected: string): HostEndpoint {
  const [name, port] = split(text, whole, expected);
  return { address: loopback(name, text, whole), port };
}

/** An address of the loopback interface, checked. */
function loopback(name: string, text: string, whole: string): string {
  const address = name === 'localhost' ? '127.0.0.1' : name;
  const ipv4 = tryParseIpv4(address);
  const isLoopback = address === '::1' || (ipv4 !== null && ipv4 >>> 24 === 127);
  if (!isLoopback) refuse(whole, `a loopback address of the host (127.0.0.1 or [::1]) in '${text}'`);
  return address;
}

/**
 * `127.0.0.1:4433=device:4443`
 *
 * @throws SimulationError that says what was found and what was expected
 */
export function parseListen(text: string): ListenRule {
  const expected = 'HOST:PORT=DEVICE:PORT, such as 127.0.0.1:4433=device:4443';
  const [left = '', right = '', ...more] = text.split('=');
  if (more.length > 0) refuse(text, expected);
  const [device, port] = split(right, text, expected);
  return { host: hostEndpoint(left, text, expected), device, port };
}

/** An address without a port; one of IPv6 may stand in brackets. */
function bareAddress(text: string): string | null {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+|localhost|[\da-fA-F:]*::[\da-fA-F:.]*))$/.exec(text) ?? [];
  return bracketed ?? plain ?? null;
}

/**
 * `10.0.0.9:4443=127.0.0.1:5684`, `[fd00::9]:4443=[::1]:5684`; or `10.0.0.9=127.0.0.1`, for pings alone
 *
 * @throws SimulationError that says what was found and what was expected
 */
export function parseConnect(text: string): ConnectRule {
  const expected = 'ADDRESS:PORT=HOST:PORT, such as 10.0.0.9:4443=127.0.0.1:5684';
  const [left = '', right = '', ...more] = text.split('=');
  if (more.length > 0) refuse(text, expected);
  const [bare, bareHost] = [bareAddress(left), bareAddress(right)];
  if (bare !== null && bareHost !== null) {
    const pinged = parseAddress(bare);
    if (pinged === null) return refuse(text, expected);
    return { address: pinged, port: null, host: { address: loopback(bareHost, right, text), port: 0 } };
  }
  const [name, port] = split(left, text, expected);
  const address = parseAddress(name);
  if (address === null) return refuse(text, expected);
  return { address, port, host: hostEndpoint(right, text, expected) };
}

/**
 * `127.0.0.1:9000=127.0.0.1:9001`, and `@lan` behind it for a network by name
 *
 * @throws SimulationError that says what was found and what was expected
 */
export function parseTunnel(text: string): TunnelRule {
  const expected = 'LOCAL:PORT=REMOTE:PORT[@NETWORK], such as 127.0.0.1:9000=127.0.0.1:9001';
  const [, left = '', right = '', network] = /^([^=@]+)=([^=@]+)(?:@(.+))?$/.exec(text) ?? [];
  if (left === '') return refuse(text, expected);
  return {
    local: hostEndpoint(left, text, expected),
    remote: hostEndpoint(right, text, expected),
    network: network ?? null,
  };
}
