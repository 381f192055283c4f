import { ClockEvent } from '../kernel/ports.ts';

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
