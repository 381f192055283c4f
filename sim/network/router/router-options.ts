import type { PortLinkOptions } from '../lan-options.ts';
import type { AdvertisementOptions } from '../router-advertiser.ts';

/** A way into other networks. */
export interface RouteOptions {
  /** The addresses it leads to, such as `'10.0.0.0/8'` or `'fd00::/16'`; `'0.0.0.0/0'` and `'::/0'` are everything else. */
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
  /** Its IPv6 address with its prefix, such as `'fd00:1::1/64'`. Default: it does not speak IPv6. */
  readonly address6?: string;
  /**
   * What it advertises to hosts where it has an IPv6 address: itself as a default router, and its prefix, from which they
   * form addresses. `false`: nothing. Default: see {@link AdvertisementOptions}.
   */
  readonly advertise?: AdvertisementOptions | false;
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
 * Why a router did not forward a packet: no IP packet, addresses that may not be forwarded, its time to live over, no
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
