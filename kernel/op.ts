/**
 * How firmware calls a service: `const status = yield* tx_semaphore_get(sem, TX_WAIT_FOREVER)`.
 *
 * A service does its work when it is called and hands back the calling thread's one pooled {@link ServiceOp};
 * iterating it (which is what `yield*` does) either completes at once or hands control to the scheduler until the
 * thread may go on. One object per thread, nothing allocated per call.
 */
import type { CallSite } from './call-site.ts';
import type { Kernel } from './kernel.ts';
import type { TX_THREAD } from './thread.ts';

declare const suspension: unique symbol;

/** What a thread yields to its scheduler. Only services make one. */
export interface Suspension {
  readonly [suspension]: true;
}

/**
 * A service call in flight. `yield*` runs it and gives its result; nothing else does.
 * Generator functions that call services are `Op`s too.
 */
export interface Op<T> {
  [Symbol.iterator](): Iterator<Suspension, T, unknown>;
}

/** The body of a thread: what a `function*` thread entry returns. */
export type Thread = Generator<Suspension, void, unknown>;

/** What a callback gives back: a plain value, or an operation that gives it, when the callback calls services. */
export type Callback<A extends readonly unknown[], R> = (...args: A) => R | Op<R>;

const SUSPENDED: IteratorYieldResult<Suspension> = Object.freeze({
  done: false,
  value: Object.freeze({}) as Suspension,
});

/** What `tx_kernel_enter` suspends with: it never returns. */
export const KERNEL_ENTERED: Suspension = Object.freeze({}) as Suspension;

/** The pooled operation of one thread, or of everything that runs outside threads (initialisation, interrupts). */
export class ServiceOp implements Op<number>, Iterator<Suspension, number, unknown> {
  /** The result the service gives once it completes. */
  readonly #result: IteratorReturnResult<number> = { done: true, value: 0 };
  readonly #kernel: Kernel;
  readonly thread: TX_THREAD | null;
  /** The service that was called and not yet iterated; null once `yield*` has taken it. */
  pending: string | null = null;
  /** The service called last, for reports. */
  service = '';
  /** Where {@link pending} was called; recorded only while call sites are captured. */
  site: CallSite | null = null;
  /** CPU time in nanoseconds that the caller still has to spend before it goes on. */
  charge = 0;
  /** Virtual time at which the service was called, while services are observed; else -1. */
  began = -1;

  constructor(kernel: Kernel, thread: TX_THREAD | null) {
    this.#kernel = kernel;
    this.thread = thread;
  }

  get value(): number {
    return this.#result.value;
  }

  set value(value: number) {
    this.#result.value = value;
  }

  [Symbol.iterator](): this {
    this.pending = null;
    return this;
  }

  next(): IteratorResult<Suspension, number> {
    if (!this.#kernel.mayContinue(this)) return SUSPENDED;
    if (this.began >= 0) this.#report();
    return this.#result;
  }

  /** A service made of others: what it waits for is not the service itself. */
  observe<T>(body: Generator<Suspension, T, unknown>): Generator<Suspension, T, unknown> {
    const { began } = this;
    if (began < 0) return body;
    this.began = -1;
    return observed(this.#kernel, this.service, began, this.site, body);
  }

  #report(): void {
    const { began } = this;
    this.began = -1;
    this.#kernel.reportService(this.service, began, this.value, this.site);
  }
}

/** Runs the body of a service, and reports it when it is complete. */
function* observed<T>(
  kernel: Kernel,
  service: string,
  began: number,
  site: CallSite | null,
  body: Generator<Suspension, T, unknown>,
): Generator<Suspension, T, unknown> {
  const result = yield* body;
  kernel.reportService(service, began, result, site);
  return result;
}

/** An operation that completes like the thread's own, with a result that is not a status. */
class ValueOp<T> implements Op<T>, Iterator<Suspension, T, unknown> {
  readonly #op: ServiceOp;
  readonly #value: T;

  constructor(op: ServiceOp, value: T) {
    this.#op = op;
    this.#value = value;
  }

  [Symbol.iterator](): this {
    this.#op.pending = null;
    return this;
  }

  next(): IteratorResult<Suspension, T> {
    return this.#op.next().done === true ? { done: true, value: this.#value } : SUSPENDED;
  }
}

/** An operation that gives `value` when the calling thread's operation is complete. */
export function withValue<T>(op: ServiceOp, value: T): Op<T> {
  return new ValueOp(op, value);
}

/** Marks a service written as a generator, so that a forgotten `yield*` is noticed for it as for any other. */
class CompoundOp<T> implements Op<T> {
  readonly #op: ServiceOp;
  readonly #body: Generator<Suspension, T, unknown>;

  constructor(op: ServiceOp, body: Generator<Suspension, T, unknown>) {
    this.#op = op;
    this.#body = op.observe(body);
  }

  [Symbol.iterator](): Generator<Suspension, T, unknown> {
    this.#op.pending = null;
    return this.#body;
  }
}

/** The operation of a service that is itself written in terms of other services. */
export function compound<T>(op: ServiceOp, body: Generator<Suspension, T, unknown>): Op<T> {
  return new CompoundOp(op, body);
}

/** Whether a callback's result is an operation that has to be run. */
export function isOp<R>(result: R | Op<R>): result is Op<R> {
  return typeof result === 'object' && result !== null && Symbol.iterator in result;
}
