import { contains, type Subnet } from '../../subnet.ts';
import type { RouterInterface } from './router-interface.ts';

/** A way to a subnet: out of an interface, to its hosts themselves (`via` is null) or to another router. */
export interface Route {
  readonly subnet: Subnet;
  readonly via: number | null;
  readonly out: RouterInterface;
}

/** The routes of a router: the one with the longest prefix counts, and of equal ones the first. */
export class RoutingTable {
  readonly #routes: Route[] = [];

  add(route: Route): void {
    const at = this.#routes.findIndex(({ subnet }) => subnet.prefix < route.subnet.prefix);
    this.#routes.splice(at < 0 ? this.#routes.length : at, 0, route);
  }

  /** The way to an address over a link that is up, or undefined. */
  find(address: number): Route | undefined {
    for (const route of this.#routes) if (route.out.isUp && contains(route.subnet, address)) return route;
    return undefined;
  }
}
