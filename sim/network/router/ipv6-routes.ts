import { hasPrefix } from '../../../netx/ipv6/address.ts';
import type { Ipv6Address } from '../../../netx/wire/ipv6.ts';
import type { RouterInterface } from './router-interface.ts';

/** A way to the addresses of a prefix: to its hosts themselves (`via` is null), or to another router. */
export interface Ipv6Route {
  readonly prefix: Ipv6Address;
  readonly prefixLength: number;
  readonly via: Ipv6Address | null;
  readonly out: RouterInterface;
}

/** The IPv6 routes of a router: the one with the longest prefix counts, and of equal ones the first. */
export class Ipv6Routes {
  readonly #routes: Ipv6Route[] = [];

  add(route: Ipv6Route): void {
    const at = this.#routes.findIndex(({ prefixLength }) => prefixLength < route.prefixLength);
    this.#routes.splice(at < 0 ? this.#routes.length : at, 0, route);
  }

  /** The way to an address over a link that is up, or undefined. */
  find(address: Ipv6Address): Ipv6Route | undefined {
    return this.#routes.find(({ out, prefix, prefixLength }) => out.isUp && hasPrefix(address, prefix, prefixLength));
  }
}
