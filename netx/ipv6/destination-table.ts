import type { Ipv6Address } from '../wire/ipv6.ts';
import { sameAddress } from './address.ts';

/** What was learned of the way to one destination. */
interface Destination {
  readonly address: Ipv6Address;
  /** A better first hop that a router has named, or null. */
  nextHop: Ipv6Address | null;
  /** Bytes that a packet may have on the way there; Infinity where nothing is known. */
  pathMtu: number;
  /** Seconds until the path may be tried with longer packets again. */
  mtuLifetime: number;
}

/**
 * What routers have told of single destinations: redirects (RFC 4861 section 8) and path MTUs (RFC 8201). The table is
 * small; what was learned longest ago goes first.
 */
export class DestinationTable {
  readonly #capacity: number;
  readonly #destinations: Destination[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#destinations.length;
  }

  nextHop(address: Ipv6Address): Ipv6Address | null {
    return this.#find(address)?.nextHop ?? null;
  }

  /** The longest packet that the way to a destination is known to take, in bytes; Infinity where nothing is known. */
  pathMtu(address: Ipv6Address): number {
    return this.#find(address)?.pathMtu ?? Infinity;
  }

  redirect(address: Ipv6Address, nextHop: Ipv6Address): void {
    this.#entry(address).nextHop = nextHop.slice();
  }

  /** Notes a path MTU for a time in seconds; one that is longer than what is known is not believed. */
  noteMtu(address: Ipv6Address, mtu: number, lifetime: number): void {
    const entry = this.#entry(address);
    if (mtu > entry.pathMtu) return;
    entry.pathMtu = mtu;
    entry.mtuLifetime = lifetime;
  }

  /** Forgets redirects to a neighbor that is gone. */
  forgetNextHop(nextHop: Ipv6Address): void {
    for (const entry of this.#destinations) {
      if (entry.nextHop !== null && sameAddress(entry.nextHop, nextHop)) entry.nextHop = null;
    }
  }

  /** Whether the path MTU of one is to be tried anew, or one of which nothing is known any more is to go. */
  get countsSeconds(): boolean {
    return this.#destinations.some(({ pathMtu, nextHop }) => pathMtu !== Infinity || nextHop === null);
  }

  /** A second has passed. */
  tick(): void {
    for (const entry of [...this.#destinations]) {
      if (entry.pathMtu !== Infinity && --entry.mtuLifetime <= 0) entry.pathMtu = Infinity;
      if (entry.pathMtu === Infinity && entry.nextHop === null) {
        this.#destinations.splice(this.#destinations.indexOf(entry), 1);
      }
    }
  }

  clear(): void {
    this.#destinations.length = 0;
  }

  #find(address: Ipv6Address): Destination | null {
    for (const entry of this.#destinations) {
      if (sameAddress(entry.address, address)) return entry;
    }
    return null;
  }

  #entry(address: Ipv6Address): Destination {
    const known = this.#find(address);
    if (known !== null) return known;
    if (this.#destinations.length >= this.#capacity) this.#destinations.shift();
    const entry: Destination = { address: address.slice(), nextHop: null, pathMtu: Infinity, mtuLifetime: 0 };
    this.#destinations.push(entry);
    return entry;
  }
}
