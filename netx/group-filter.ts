import type { HardwareAddress } from './wire/ethernet.ts';

/** Upper 16 bits of the addresses of IPv6 groups; those pass, and IP decides. */
const IPV6_GROUPS = 0x3333;

/**
 * The multicast filter of an Ethernet controller: which group addresses it lets in, filled by `NX_LINK_MULTICAST_JOIN` and
 * `NX_LINK_MULTICAST_LEAVE`. Several IP groups have the same address, so it counts who wants one.
 */
export class GroupFilter {
  readonly #wanted = new Map<number, number>();

  join(msw: number, lsw: number): void {
    const key = keyOf(msw, lsw);
    this.#wanted.set(key, (this.#wanted.get(key) ?? 0) + 1);
  }

  leave(msw: number, lsw: number): void {
    const key = keyOf(msw, lsw);
    const count = this.#wanted.get(key) ?? 0;
    if (count > 1) this.#wanted.set(key, count - 1);
    else this.#wanted.delete(key);
  }

  /** Whether frames to a group address get in; those to everybody always do. */
  admits({ msw, lsw }: HardwareAddress): boolean {
    return (msw === 0xffff && lsw === 0xffffffff) || msw === IPV6_GROUPS || this.#wanted.has(keyOf(msw, lsw));
  }
}

const keyOf = (msw: number, lsw: number): number => msw * 2 ** 32 + lsw;
