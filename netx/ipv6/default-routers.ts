import type { NX_INTERFACE } from '../interface.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { sameAddress } from './address.ts';

/** A router to everything that is not on a link of this host. */
export interface DefaultRouter {
  readonly address: Ipv6Address;
  readonly networkInterface: NX_INTERFACE;
  /** An `NX_IPV6_ROUTE_TYPE_`. */
  readonly type: number;
  /** Seconds left; of one that firmware added the number it gave, which does not run out when it is 0xFFFF. */
  lifetime: number;
  /** It did not answer when it was asked for last. */
  silent: boolean;
}

/** Lifetime of a router for ever. */
const FOREVER = 0xffff;

/** The default routers of an IP instance (RFC 4861 section 5.1), in the order in which they became known. */
export class DefaultRouters {
  readonly #capacity: number;
  readonly #routers: DefaultRouter[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#routers.length;
  }

  of(networkInterface: NX_INTERFACE): readonly DefaultRouter[] {
    return this.#routers.filter((router) => router.networkInterface === networkInterface);
  }

  find(address: Ipv6Address, networkInterface: NX_INTERFACE | null = null): DefaultRouter | null {
    for (const router of this.#routers) {
      const isThere = networkInterface === null || router.networkInterface === networkInterface;
      if (isThere && sameAddress(router.address, address)) return router;
    }
    return null;
  }

  /** Adds a router, or gives one that is known its lifetime; false where the table is full. */
  add(address: Ipv6Address, networkInterface: NX_INTERFACE, lifetime: number, type: number): boolean {
    const known = this.find(address, networkInterface);
    if (known !== null) {
      known.lifetime = lifetime & 0xffff;
      known.silent = false;
      return true;
    }
    if (this.#routers.length >= this.#capacity) return false;
    this.#routers.push({
      address: address.slice(),
      networkInterface,
      type,
      lifetime: lifetime & 0xffff,
      silent: false,
    });
    return true;
  }

  remove(router: DefaultRouter): void {
    const at = this.#routers.indexOf(router);
    if (at >= 0) this.#routers.splice(at, 1);
  }

  /**
   * The router to send through: the first that is not known to be silent; where all are, they get their turns, so that
   * one that is back is found (RFC 4861 section 6.3.6).
   */
  choose(networkInterface: NX_INTERFACE): DefaultRouter | null {
    let silent: DefaultRouter | null = null;
    for (const router of this.#routers) {
      if (router.networkInterface !== networkInterface) continue;
      if (!router.silent) return router;
      silent ??= router;
    }
    if (silent !== null) {
      this.remove(silent);
      this.#routers.push(silent);
    }
    return silent;
  }

  /** Notes that a neighbor did not answer, or did. */
  note(address: Ipv6Address, silent: boolean): void {
    const router = this.find(address);
    if (router !== null) router.silent = silent;
  }

  /** Whether the lifetime of one runs. */
  get countsSeconds(): boolean {
    return this.#routers.some(({ lifetime }) => lifetime !== FOREVER);
  }

  /** A second has passed; gives the routers whose lifetime has run out, which are routers no more. */
  tick(): readonly DefaultRouter[] {
    const gone: DefaultRouter[] = [];
    for (const router of [...this.#routers]) {
      if (router.lifetime === FOREVER) continue;
      if (router.lifetime > 1) {
        router.lifetime--;
        continue;
      }
      this.remove(router);
      gone.push(router);
    }
    return gone;
  }

  clear(): void {
    this.#routers.length = 0;
  }
}
