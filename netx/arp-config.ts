import { flagMacro, numericMacro } from '../kernel/config.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { NX_ARP_DEFEND_INTERVAL, NX_ARP_EXPIRATION_RATE } from './constants-arp-icmp-igmp.ts';
import { netxState } from './device-state.ts';

/** The ARP macros of a device's `nx_user.h`. */
export interface ArpConfig {
  /** `NX_ARP_UPDATE_RATE`: seconds between requests for one address. */
  readonly updateRate: number;
  /** `NX_ARP_MAXIMUM_RETRIES`: requests after the first before a neighbour is given up. */
  readonly maximumRetries: number;
  /** `NX_ARP_MAX_QUEUE_DEPTH`: packets that wait for one neighbour. */
  readonly maxQueueDepth: number;
  /** `NX_ARP_EXPIRATION_RATE`: seconds after which a known neighbour is asked for again; 0 for never. */
  readonly expirationRate: number;
  /** `NX_ARP_DEFEND_INTERVAL`: seconds in which an address is defended once at most (RFC 5227 section 2.4). */
  readonly defendInterval: number;
  /** `NX_ARP_DEFEND_BY_REPLY`: whether an address is defended with a reply too. */
  readonly defendByReply: boolean;
  /** Off with `NX_DISABLE_ARP_AUTO_ENTRY`: then only neighbours that were asked for enter the cache. */
  readonly autoEntry: boolean;
}

/** Reads a device's ARP macros over their defaults. */
export function arpConfig(kernel: Kernel): ArpConfig {
  const { macros } = kernel;
  const state = netxState(kernel);
  return {
    updateRate: state.arpUpdateRate,
    maximumRetries: state.arpMaximumRetries,
    maxQueueDepth: state.arpMaxQueueDepth,
    expirationRate: numericMacro(macros, 'NX_ARP_EXPIRATION_RATE', NX_ARP_EXPIRATION_RATE),
    defendInterval: numericMacro(macros, 'NX_ARP_DEFEND_INTERVAL', NX_ARP_DEFEND_INTERVAL),
    defendByReply: flagMacro(macros, 'NX_ARP_DEFEND_BY_REPLY'),
    autoEntry: !flagMacro(macros, 'NX_DISABLE_ARP_AUTO_ENTRY'),
  };
}
