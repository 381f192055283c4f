import { AF_INET, AF_INET6, type Sockaddr } from '../net/net-address.ts';
import { integerOf, optional, stringOf } from './arguments.ts';

/** The constants that `dtls` and `socket` have in common. */
export const ADDRESS_CONSTANTS = {
  AF_INET,
  AF_INET6,
  INADDR_NONE: '255.255.255.255',
  INADDR_LOOPBACK: '127.0.0.1',
  INADDR_ANY: '0.0.0.0',
  INADDR_BROADCAST: '255.255.255.255',
  IN6ADDR_ANY: '::',
  IN6ADDR_LOOPBACK: '::1',
  IN6ADDR_NODELOCAL_ALLNODES: 'ff01::1',
  IN6ADDR_LINKLOCAL_ALLNODES: 'ff02::1',
  IN6ADDR_LINKLOCAL_ALLROUTERS: 'ff01::2',
} as const;

/**
 * `sockaddr` and `sockaddr6` of a module: an address of the one domain or the other, any address and port 0 unless given.
 * Whether the text is an address shows when it is used.
 */
export function sockaddrFunctions(module: string): {
  readonly sockaddr: (addr?: unknown, port?: unknown) => Sockaddr;
  readonly sockaddr6: (addr?: unknown, port?: unknown, scope?: unknown) => Sockaddr;
} {
  const make = (name: string, domain: Sockaddr['domain'], any: string, addr: unknown, port: unknown): Sockaddr => ({
    domain,
    addr: optional(`${module}.${name}: addr`, addr, stringOf) ?? any,
    port: optional(`${module}.${name}: port`, port, integerOf) ?? 0,
  });
  return {
    sockaddr: (addr, port) => make('sockaddr', AF_INET, ADDRESS_CONSTANTS.INADDR_ANY, addr, port),
    sockaddr6: (addr, port) => make('sockaddr6', AF_INET6, ADDRESS_CONSTANTS.IN6ADDR_ANY, addr, port),
  };
}
