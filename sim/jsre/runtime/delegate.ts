/** What a compiled call delegates to. */
import type { Op, Suspension } from '../../../kernel/op.ts';
import type { Realm } from './realm.ts';
import { abandon, holdProcessor, spend } from './run-to-end.ts';

/** Thrown into a body that waits where nothing can. */
export const WOULD_BLOCK = Symbol('would block');

/** A call that is over already: one object for all calls of a task, as each is taken at once. */
export class Completed implements Op<unknown>, Iterator<Suspension, unknown, unknown> {
  #value: unknown;

  with(value: unknown): this {
    this.#value = value;
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Suspension> {
    const value = this.#value;
    this.#value = undefined;
    return { done: true, value };
  }
}

/** Runs a blocking function of the runtime for a script: what it gives and throws becomes the realm's own. */
export function* guarded(
  realm: Realm,
  name: string,
  body: Generator<Suspension, unknown, unknown>,
): Generator<Suspension, unknown, unknown> {
  const release = realm.calls.runsToEnd ? holdProcessor() : null;
  let over = false;
  try {
    if (release === null && realm.owed > 0) yield* spend(0);
    for (;;) {
      const step = body.next();
      if (step.done === true) {
        over = true;
        return realm.adopt(step.value);
      }
      try {
        yield step.value;
      } catch {
        // Only the sign that nothing may wait here is ever thrown in.
        throw realm.calls.wouldBlock(name);
      }
    }
  } catch (error) {
    throw realm.adoptError(error);
  } finally {
    if (!over) abandon(body);
    release?.();
  }
}
