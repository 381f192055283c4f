/** A service that failed while `tx_application_define` ran. */
export interface InitializationFailure {
  readonly service: string;
  readonly status: number;
  /** Virtual time, in nanoseconds. */
  readonly time: number;
  /** `url:line` of the call, where call sites are recorded. */
  readonly site: string | null;
}

/** What a device without threads and pools fails at next is not worth telling. */
const MOST = 5;

/** The first services that failed in a device's initialisation: firmware that does not look at their statuses waits for ever. */
export class InitializationFailures {
  readonly #failures: InitializationFailure[] = [];

  get all(): readonly InitializationFailure[] {
    return this.#failures;
  }

  note(failure: InitializationFailure): void {
    if (this.#failures.length < MOST) this.#failures.push(failure);
  }
}
