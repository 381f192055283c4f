import type { PortLinkOptions } from '../lan-options.ts';

/** A way into other networks. */
export interface RouteOptions {
  /** The addresses it leads to, such as `'10.0.0.0/8'`; `'0.0.0.0/0'` is everything else. */
  readonly to: string;
  /** The address of the next router, on a network of this one. */
  readonly via: string;
}

/** An interface of a router. */
export interface RouterInterfaceOptions<Network> {
  /** The network it is plugged into. */
  readonly lan: Network;
  /** Its address with its prefix, such as `'10.0.1.1/24'`. Default: the network's gateway address. */
  readonly address?: string;
  /** Largest IP packet it sends, in bytes. Default: what its network carries. */
  readonly mtu?: number;
  /** Options of its own link. */
  readonly link?: PortLinkOptions;
}

/** A router, as it is declared. */
export interface RouterOptions<Network> {
  readonly interfaces: readonly RouterInterfaceOptions<Network>[];
  /** Ways beyond its own networks. */
  readonly routes?: readonly RouteOptions[];
}

/**
 * Why a router did not forward a packet: no IPv4 packet, addresses that may not be forwarded, its time to live over, no
 * way to its destination, too long though it may not be fragmented, a neighbour that does not answer, or too many packets
 * that wait for one.
 */
export type RouterDrop =
  | 'malformed'
  | 'martian'
  | 'broadcast'
  | 'ttl'
  | 'no-route'
  | 'too-big'
  | 'no-neighbour'
  | 'neighbour-queue'
  | 'not-for-routers';
