import { SimulationError } from './simulation-error.ts';

/** A `T *` out-parameter: pass one, read `.value` after the service has returned. */
export interface Out<T> {
  /** What the service stored. Reading it before a service stored anything throws. */
  value: T;
}

class OutCell<T> implements Out<T> {
  #cell: { readonly value: T } | null = null;

  get value(): T {
    if (this.#cell === null) {
      throw new SimulationError({
        kind: 'unset-out',
        what: 'an out-parameter was read before any service stored a value in it',
        onTarget: 'the variable would hold whatever was in that memory before',
        fix: 'check the status of the service that should have filled it first',
      });
    }
    return this.#cell.value;
  }

  set value(value: T) {
    this.#cell = { value };
  }
}

/** Makes an out-parameter: `const flags = out<ULONG>(); yield* tx_event_flags_get(…, flags, …)`. */
export function out<T>(): Out<T> {
  return new OutCell<T>();
}
