import { flagMacro, numericMacro, type Macros } from '../../kernel/config.ts';

/** The macros of `nx_user.h` that are about IPv6, with NetX Duo's defaults. */
export interface Ipv6Settings {
  /** Interfaces that firmware can have (`NX_MAX_PHYSICAL_INTERFACES`). */
  readonly interfaces: number;
  /** Places in the table of addresses (`NX_MAX_IPV6_ADDRESSES`), besides that of the loopback address. */
  readonly addresses: number;
  readonly neighbors: number;
  readonly routers: number;
  readonly prefixes: number;
  readonly destinations: number;
  readonly groups: number;
  /** Packets that wait for one neighbor (`NX_ND_MAX_QUEUE_DEPTH`). */
  readonly queueDepth: number;
  readonly multicastSolicits: number;
  readonly unicastSolicits: number;
  /** Seconds for which a neighbor counts as reachable after it has shown to be. */
  readonly reachableTime: number;
  /** Milliseconds between solicitations. */
  readonly retransTimer: number;
  /** Seconds before a neighbor that may have gone is asked for. */
  readonly delayFirstProbe: number;
  /** Solicitations before an address counts as unique; 0 with `NX_DISABLE_IPV6_DAD`. */
  readonly dadTransmits: number;
  /** Router solicitations, the seconds between them and before the first; none with `NX_DISABLE_ICMPV6_ROUTER_SOLICITATION`. */
  readonly routerSolicitations: number;
  readonly solicitationInterval: number;
  readonly solicitationDelay: number;
  /** Runs of the fast periodic timer in a second. */
  readonly fastRate: number;
  readonly processesAdvertisements: boolean;
  readonly processesRedirects: boolean;
  readonly sendsErrors: boolean;
  readonly notifiesChanges: boolean;
  readonly multicastServices: boolean;
  readonly autoconfigServices: boolean;
  readonly pathMtuDiscovery: boolean;
  /** Seconds after which a path may be tried with the link's MTU again. */
  readonly pathMtuLifetime: number;
  /** Seconds that fragments wait for the others. */
  readonly reassemblyTime: number;
}

export function ipv6Settings(macros: Macros): Ipv6Settings {
  const number = (name: string, byDefault: number): number => numericMacro(macros, name, byDefault);
  const flag = (name: string): boolean => flagMacro(macros, name);
  const interfaces = number('NX_MAX_PHYSICAL_INTERFACES', 1);
  return {
    interfaces,
    addresses: number('NX_MAX_IPV6_ADDRESSES', interfaces * 3),
    neighbors: number('NX_IPV6_NEIGHBOR_CACHE_SIZE', 16),
    routers: number('NX_IPV6_DEFAULT_ROUTER_TABLE_SIZE', 8),
    prefixes: number('NX_IPV6_PREFIX_LIST_TABLE_SIZE', 8),
    destinations: number('NX_IPV6_DESTINATION_TABLE_SIZE', 8),
    groups: number('NX_MAX_MULTICAST_GROUPS', 7),
    queueDepth: number('NX_ND_MAX_QUEUE_DEPTH', 4),
    multicastSolicits: number('NX_MAX_MULTICAST_SOLICIT', 3),
    unicastSolicits: number('NX_MAX_UNICAST_SOLICIT', 3),
    reachableTime: number('NX_REACHABLE_TIME', 30),
    retransTimer: number('NX_RETRANS_TIMER', 1000),
    delayFirstProbe: number('NX_DELAY_FIRST_PROBE_TIME', 5),
    dadTransmits: flag('NX_DISABLE_IPV6_DAD') ? 0 : number('NX_IPV6_DAD_TRANSMITS', 3),
    routerSolicitations: flag('NX_DISABLE_ICMPV6_ROUTER_SOLICITATION')
      ? 0
      : number('NX_ICMPV6_MAX_RTR_SOLICITATIONS', 3),
    solicitationInterval: number('NX_ICMPV6_RTR_SOLICITATION_INTERVAL', 4),
    solicitationDelay: number('NX_ICMPV6_RTR_SOLICITATION_DELAY', 1),
    fastRate: number('NX_IP_FAST_TIMER_RATE', 10),
    processesAdvertisements: !flag('NX_DISABLE_ICMPV6_ROUTER_ADVERTISEMENT_PROCESS'),
    processesRedirects: !flag('NX_DISABLE_ICMPV6_REDIRECT_PROCESS'),
    sendsErrors: !flag('NX_DISABLE_ICMPV6_ERROR_MESSAGE'),
    notifiesChanges: flag('NX_ENABLE_IPV6_ADDRESS_CHANGE_NOTIFY'),
    multicastServices: flag('NX_ENABLE_IPV6_MULTICAST'),
    autoconfigServices: flag('NX_IPV6_STATELESS_AUTOCONFIG_CONTROL'),
    pathMtuDiscovery: flag('NX_ENABLE_IPV6_PATH_MTU_DISCOVERY'),
    pathMtuLifetime: number('NX_PATH_MTU_INCREASE_WAIT_INTERVAL', 600),
    reassemblyTime: number('NX_IPV6_MAX_REASSEMBLY_TIME', 60),
  };
}

/** Whether a device is built without IPv6. */
export const lacksIpv6 = (macros: Macros): boolean => flagMacro(macros, 'NX_DISABLE_IPV6');
