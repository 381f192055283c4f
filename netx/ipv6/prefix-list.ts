import type { NX_INTERFACE } from '../interface.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { hasPrefix, maskAddress, sameAddress } from './address.ts';

interface Prefix {
  readonly address: Ipv6Address;
  readonly length: number;
  readonly networkInterface: NX_INTERFACE;
  /** Seconds left; Infinity for ever. */
  lifetime: number;
}

/** The prefixes that routers say are on the link (RFC 4861 section 5.1). */
export class PrefixList {
  readonly #capacity: number;
  readonly #prefixes: Prefix[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#prefixes.length;
  }

  /** Notes a prefix for a time in seconds; 0 takes it off the list. One that does not fit in is left out. */
  note(address: Ipv6Address, length: number, networkInterface: NX_INTERFACE, lifetime: number): void {
    const masked = maskAddress(address, length);
    const at = this.#prefixes.findIndex((known) => known.length === length && sameAddress(known.address, masked));
    const known = this.#prefixes[at];
    if (lifetime === 0) {
      if (known !== undefined) this.#prefixes.splice(at, 1);
    } else if (known !== undefined) {
      known.lifetime = lifetime;
    } else if (this.#prefixes.length < this.#capacity) {
      this.#prefixes.push({ address: masked, length, networkInterface, lifetime });
    }
  }

  /** Whether an address is on an interface's link. */
  isOnLink(address: Ipv6Address, networkInterface: NX_INTERFACE): boolean {
    for (const prefix of this.#prefixes) {
      if (prefix.networkInterface === networkInterface && hasPrefix(address, prefix.address, prefix.length))
        return true;
    }
    return false;
  }

  /** Whether the lifetime of one runs. */
  get countsSeconds(): boolean {
    return this.#prefixes.some(({ lifetime }) => lifetime < Infinity);
  }

  /** A second has passed. */
  tick(): void {
    for (const prefix of [...this.#prefixes]) {
      if (--prefix.lifetime <= 0) this.#prefixes.splice(this.#prefixes.indexOf(prefix), 1);
    }
  }

  detach(networkInterface: NX_INTERFACE): void {
    for (const prefix of [...this.#prefixes]) {
      if (prefix.networkInterface === networkInterface) this.#prefixes.splice(this.#prefixes.indexOf(prefix), 1);
    }
  }

  clear(): void {
    this.#prefixes.length = 0;
  }
}
