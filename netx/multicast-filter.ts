import type { HardwareAddress } from './wire/ethernet.ts';

/** The groups whose frames an Ethernet controller lets through, as often as each was joined. */
export class MulticastFilter {
  /** How often each group address was joined, by the address as one number. */
  readonly #groups = new Map<number, number>();

  /** Lets the frames of a group through. */
  join(group: HardwareAddress): void {
    const key = keyOf(group);
    this.#groups.set(key, (this.#groups.get(key) ?? 0) + 1);
  }

  /** Takes one join back; false where there was none. */
  leave(group: HardwareAddress): boolean {
    const key = keyOf(group);
    const joined = this.#groups.get(key);
    if (joined === undefined) return false;
    if (joined > 1) this.#groups.set(key, joined - 1);
    else this.#groups.delete(key);
    return true;
  }

  /** Whether a frame to a group is let through. */
  passes(group: HardwareAddress): boolean {
    return this.#groups.has(keyOf(group));
  }

  /** Forgets every group. */
  clear(): void {
    this.#groups.clear();
  }
}

const keyOf = ({ msw, lsw }: HardwareAddress): number => msw * 0x1_0000_0000 + lsw;
