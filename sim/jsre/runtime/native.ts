/**
 * How functions of the runtime are offered to scripts. A plain function never waits. One that may wait is written as a
 * generator that delegates to the kernel's services with `yield*`, and is wrapped by {@link blocking}; compiled scripts
 * delegate to it in turn, so that the call looks like any other.
 */
import type { Suspension } from '../../../kernel/op.ts';
import { runToEnd } from './run-to-end.ts';

/** The body of something that may wait: services are called in it with `yield*`. */
export type Suspending<T> = Generator<Suspension, T, unknown>;

/** A function of a script, or any other that a script may hand over. Call it by {@link JsreTask.call}. */
export type ScriptFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A blocking function: its name, for reports, and what it does. */
export interface BlockingNative {
  readonly name: string;
  readonly body: (this: unknown, ...args: readonly unknown[]) => Suspending<unknown>;
}

const natives = new WeakMap<object, BlockingNative>();

/**
 * A function for scripts that may wait.
 *
 * Called from a compiled script it suspends that task's thread. Called by a function of the engine (in a callback of
 * `Array.map`, say) it runs as far as it can without waiting, and throws where it would have to wait.
 *
 * @param name - as the script knows it, for reports: `dtls.recv`
 * @param body - gets the call's `this` and arguments; `undefined` where the script gave none
 */
export function blocking<This, A extends readonly unknown[], R>(
  name: string,
  body: (this: This, ...args: A) => Suspending<R>,
): (this: This, ...args: A) => R {
  const native = function (this: This, ...args: A): R {
    return runToEnd<R>(name, Reflect.apply(body, this, args));
  };
  const short = name.slice(name.lastIndexOf('.') + 1);
  Object.defineProperty(native, 'name', { value: short, configurable: true });
  Object.defineProperty(native, 'length', { value: body.length, configurable: true });
  natives.set(native, { name, body: body as BlockingNative['body'] });
  return native;
}

/** What {@link blocking} was given for a function, or undefined for any other. */
export function blockingNative(native: object): BlockingNative | undefined {
  return natives.get(native);
}

/** Whether a value that a script handed over can be called. */
export function isFunction(value: unknown): value is ScriptFunction {
  return typeof value === 'function';
}
