import { ClockEvent } from '../kernel/ports.ts';
import type { World } from './world.ts';

/** Something that was planned for a time. */
export class PlannedAction extends ClockEvent {
  readonly #action: () => void;

  constructor(action: () => void) {
    super();
    this.#action = action;
  }

  fire(): void {
    this.#action();
  }
}

/** Something that is done to a world. */
type Step = (world: World) => void;

/** How a world was built and changed from outside, so that a run can be repeated in another one. */
export class Construction {
  readonly #world: World;
  readonly #steps: { readonly time: number; readonly step: Step }[] = [];
  /** Whether something planned happens, which a repeated run does by itself. */
  #isScripted = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Notes something that is done to the world now. */
  record(step: Step): void {
    if (!this.#isScripted) this.#steps.push({ time: this.#world.clock.now, step });
  }

  /** Plans something for a time. */
  plan(time: number, action: Step): void {
    const planned = new PlannedAction(() => {
      this.#isScripted = true;
      try {
        action(this.#world);
      } finally {
        this.#isScripted = false;
      }
    });
    this.#world.clock.schedule(Math.max(this.#world.clock.now, time), planned);
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
