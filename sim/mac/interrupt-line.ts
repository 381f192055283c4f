import type { Kernel } from '../../kernel/kernel.ts';
import { isOp, type Op } from '../../kernel/op.ts';
import { ClockEvent } from '../../kernel/ports.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';

/** How soon the line interrupts again while it stays asserted, in nanoseconds. */
const AGAIN = 1000;
/** So often in a row only a routine interrupts that does not clear what it was called for. */
const STORM = 1000;

/** A level-triggered interrupt line: while it is asserted the routine runs, as ISR, again and again. */
export class InterruptLine extends ClockEvent {
  /** The interrupt service routine; null while there is none. */
  routine: (() => void | Op<unknown>) | null = null;
  readonly #kernel: Kernel;
  readonly #isAsserted: () => boolean;
  readonly #fix: string;
  /** Whether the routine is sure to run: scheduled, or held back while interrupts are disabled. */
  #isComing = false;
  #inARow = 0;

  /** @param fix - what a routine has to do for the line to be released */
  constructor(kernel: Kernel, isAsserted: () => boolean, fix: string) {
    super();
    this.#kernel = kernel;
    this.#isAsserted = isAsserted;
    this.#fix = fix;
  }

  /** To be called when the line may have become asserted. */
  update(): void {
    if (this.#isAsserted()) this.#comeAt(this.#kernel.clock.now);
  }

  /** The controller has lost its power. */
  halt(): void {
    this.routine = null;
    this.#kernel.clock.cancel(this);
  }

  fire(): void {
    if (this.routine === null || !this.#isAsserted()) {
      this.#isComing = false;
      return;
    }
    this.#kernel.interrupt('the Ethernet controller', () => this.#serve());
  }

  #serve(): void | Op<unknown> {
    const result = this.routine?.();
    if (!isOp(result)) {
      this.#served();
      return;
    }
    const served = (): void => this.#served();
    return (function* () {
      yield* result;
      served();
    })();
  }

  #served(): void {
    this.#isComing = false;
    if (!this.#isAsserted()) {
      this.#inARow = 0;
      return;
    }
    if (++this.#inARow >= STORM) {
      throw new SimulationError({
        kind: 'livelock',
        what: `the Ethernet controller interrupted ${STORM} times in a row, and its routine left it so`,
        fix: this.#fix,
      });
    }
    this.#comeAt(this.#kernel.clock.now + AGAIN);
  }

  #comeAt(time: number): void {
    if (this.#isComing || this.routine === null) return;
    this.#isComing = true;
    this.#kernel.clock.schedule(time, this);
  }
}
