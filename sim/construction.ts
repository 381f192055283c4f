import type { Clock } from '../kernel/ports.ts';
import { PlannedAction } from './planned-action.ts';
import type { World } from './world.ts';

/** Something that is done to a world. */
type Step = (world: World) => void;

/** How a world was built and changed from outside, so that a run can be repeated in another one. */
export class Construction {
  readonly #clock: Clock;
  readonly #steps: { readonly time: number; readonly step: Step }[] = [];
  /** Whether something planned happens, which a repeated run does by itself. */
  #isScripted = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes something that is done to the world now. */
  record(step: Step): void {
    if (!this.#isScripted) this.#steps.push({ time: this.#clock.now, step });
  }

  /** Plans something for a time. */
  plan(time: number, action: () => void): void {
    const planned = new PlannedAction(() => {
      this.#isScripted = true;
      try {
        action();
      } finally {
        this.#isScripted = false;
      }
    });
    this.#clock.schedule(Math.max(this.#clock.now, time), planned);
  }

  /**
   * Does to another world what was done to this one, each thing at its time.
   *
   * @param advance - runs the other world up to a time
   */
  repeat(replica: World, advance: (until: number) => void): void {
    for (const { time, step } of this.#steps) {
      if (time > replica.clock.now) advance(time);
      step(replica);
    }
  }
}
