import type { Link } from './link.ts';

/** A cut between groups of ports. */
export class Partition {
  readonly #ways: readonly (readonly [from: ReadonlySet<Link>, to: ReadonlySet<Link>])[];
  readonly #mended: () => void;
  #isActive = true;

  /** @param mended - called when the cut is mended */
  constructor(from: ReadonlySet<Link>, to: ReadonlySet<Link>, oneWay: boolean, mended: () => void) {
    // Two sets of its own, even where the groups are the same: a port may be in several cuts.
    const there: readonly [ReadonlySet<Link>, ReadonlySet<Link>] = [from, new Set(to)];
    const back: readonly [ReadonlySet<Link>, ReadonlySet<Link>] = [to, new Set(from)];
    this.#ways = oneWay ? [there] : [there, back];
    this.#mended = mended;
    for (const [senders, receivers] of this.#ways) for (const link of senders) link.cuts.add(receivers);
  }

  /** Whether the ways are still cut. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Mends the cut; others between the same ports stay. */
  heal(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    for (const [senders, receivers] of this.#ways) for (const link of senders) link.cuts.delete(receivers);
    this.#mended();
  }
}
