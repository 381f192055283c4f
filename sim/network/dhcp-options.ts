import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseIpv4 } from '../ipv4-text.ts';
import { parseDuration } from '../duration.ts';

/** What a DHCP server gives away. */
export interface DhcpServerOptions {
  /** The server's own address. Default: `'192.168.1.2'`. */
  readonly address?: string;
  /** First and last address that it gives. Default: `'192.168.1.100'` to `'192.168.1.199'`. */
  readonly first?: string;
  readonly last?: string;
  /** Default: `'255.255.255.0'`. */
  readonly mask?: string;
  /** The router it names, or null for none. Default: `'192.168.1.1'`. */
  readonly router?: string | null;
  /** The DNS servers it names. Default: none. */
  readonly dns?: readonly string[];
  /** How long a lease lasts, in nanoseconds or as a text. Default: `'3600s'`. */
  readonly lease?: number | string;
  /** T1 and T2, where clients are to be told. Default: they take half and seven eighths of the lease. */
  readonly renewal?: number | string;
  readonly rebind?: number | string;
  /** The port's name on the network. Default: `'dhcp'`. */
  readonly name?: string;
}

/** The options checked: addresses as numbers, times in seconds. */
export interface DhcpServerSettings {
  readonly address: number;
  readonly first: number;
  readonly last: number;
  readonly mask: number;
  readonly router: number | null;
  readonly dns: readonly number[];
  readonly lease: number;
  readonly renewal: number | null;
  readonly rebind: number | null;
  readonly name: string;
}

const seconds = (time: number | string): number => Math.max(1, Math.round(parseDuration(time) / 1e9));

/**
 * Checks what a server was given.
 *
 * @throws SimulationError for addresses that are none, or a last address before the first
 */
export function dhcpServerSettings(options: DhcpServerOptions): DhcpServerSettings {
  const { router = '192.168.1.1', lease = '3600s', renewal, rebind } = options;
  const [first, last] = [parseIpv4(options.first ?? '192.168.1.100'), parseIpv4(options.last ?? '192.168.1.199')];
  if (last < first) {
    throw new SimulationError({
      kind: 'world',
      what: `a DHCP server's last address, ${options.last ?? ''}, comes before its first, ${options.first ?? ''}`,
      fix: 'exchange them',
    });
  }
  return {
    address: parseIpv4(options.address ?? '192.168.1.2'),
    first,
    last,
    mask: parseIpv4(options.mask ?? '255.255.255.0'),
    router: router === null ? null : parseIpv4(router),
    dns: (options.dns ?? []).map(parseIpv4),
    lease: seconds(lease),
    renewal: renewal === undefined ? null : seconds(renewal),
    rebind: rebind === undefined ? null : seconds(rebind),
    name: options.name ?? 'dhcp',
  };
}
