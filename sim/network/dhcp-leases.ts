/** An address that a client has, or was offered. */
export interface DhcpLease {
  /** Who has it: its client identifier, or its hardware address. */
  readonly client: string;
  readonly address: number;
  /** Virtual time at which it is free again, in nanoseconds. */
  until: number;
}

/** How long an offer is kept for a client, in nanoseconds. */
const OFFER = 60e9;

/** The addresses of a pool and who has them; never more of them than the pool is large. */
export class DhcpLeases {
  readonly #first: number;
  readonly #last: number;
  readonly #byClient = new Map<string, DhcpLease>();
  readonly #byAddress = new Map<number, DhcpLease>();
  /** Addresses that a client has found another host to have. */
  readonly #declined = new Set<number>();

  constructor(first: number, last: number) {
    this.#first = first;
    this.#last = last;
  }

  /** The leases that are held, in the order in which they were first given. */
  get held(): readonly DhcpLease[] {
    return [...this.#byClient.values()];
  }

  /** The address for a client: that which it had, that which it wishes for, or the next free one; null where none is left. */
  offer(client: string, wish: number | null, now: number): number | null {
    const own = this.#byClient.get(client);
    if (own !== undefined) {
      own.until = Math.max(own.until, now + OFFER);
      return own.address;
    }
    let address = wish !== null && this.isFree(wish, now) ? wish : null;
    for (let next = this.#first; address === null && next <= this.#last; next++) {
      if (!this.#byAddress.has(next) && this.isFree(next, now)) address = next;
    }
    // What others had and let run out comes last.
    for (const lease of this.#byAddress.values()) {
      if (address === null && this.isFree(lease.address, now)) address = lease.address;
    }
    return address !== null && this.grant(client, address, now + OFFER, now) ? address : null;
  }

  /** Whether nobody has an address of the pool. */
  isFree(address: number, now: number): boolean {
    if (address < this.#first || address > this.#last || this.#declined.has(address)) return false;
    const lease = this.#byAddress.get(address);
    return lease === undefined || lease.until <= now;
  }

  /** Gives a client an address until a time; false where it is not the client's and not free. */
  grant(client: string, address: number, until: number, now: number): boolean {
    const own = this.#byClient.get(client);
    if (own?.address === address) {
      own.until = until;
      return true;
    }
    if (!this.isFree(address, now)) return false;
    const before = this.#byAddress.get(address);
    if (before !== undefined) this.release(before.client);
    if (own !== undefined) this.release(client);
    const lease: DhcpLease = { client, address, until };
    this.#byClient.set(client, lease);
    this.#byAddress.set(address, lease);
    return true;
  }

  /** Takes a client's address back. */
  release(client: string): void {
    const lease = this.#byClient.get(client);
    if (lease === undefined) return;
    this.#byClient.delete(client);
    this.#byAddress.delete(lease.address);
  }

  /** Takes a client's address back, and never gives it again. */
  decline(client: string, address: number): void {
    if (this.#byClient.get(client)?.address !== address) return;
    this.release(client);
    this.#declined.add(address);
  }
}
