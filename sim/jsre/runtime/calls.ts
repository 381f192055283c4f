/**
 * What compiled scripts call: every call, construction and function entry of a script goes through here. A function of the
 * script that is called by the script becomes part of the calling thread and may wait; one that is called by the engine or
 * by the runtime runs to its end.
 */
import { SimulationError } from '../../../kernel/simulation-error.ts';
import type { Op, Suspension } from '../../../kernel/op.ts';
import { blockingNative, type ScriptFunction, type Suspending } from './native.ts';
import { Completed, guarded, WOULD_BLOCK } from './delegate.ts';
import type { Realm } from './realm.ts';
import { goesOn, spend } from './run-to-end.ts';
import { scriptPlace } from './stack.ts';

type Body = Suspending<unknown>;
type Handler = (fn: ScriptFunction, self: unknown, args: readonly unknown[]) => Op<unknown>;

/** Passes of a loop between two looks at the time. */
export const LOOP_PASSES = 256;
/** What a pass costs on the device, in nanoseconds. */
export const PASS_COST = 100;
/** Passes of a loop inside a function that cannot be interrupted after which it is taken to be endless. */
const ENDLESS_PASSES = 1e9;

/** What compiled scripts use. */
export interface ScriptFace {
  /** Passes left until the next look at the time; loops count it down. */
  f: number;
  /** A call. */
  readonly c: (fn: unknown, self: unknown, text: string, ...args: readonly unknown[]) => Op<unknown>;
  /** A construction. */
  readonly n: (fn: unknown, text: string, ...args: readonly unknown[]) => Op<unknown>;
  /** The entry of a function that may wait, and of one that cannot. */
  readonly e: (body: ScriptBody, self: unknown, args: ArrayLike<unknown>) => unknown;
  readonly p: () => boolean;
  readonly r: (cooperative: boolean) => void;
  /** A loop has made its passes, in a function that may wait and in one that cannot. */
  readonly t: () => Op<unknown>;
  readonly s: () => void;
  /** What was caught, as the script's own. */
  readonly k: (error: unknown) => unknown;
  /** The parts of a template, for its tag. */
  readonly g: (strings: unknown, ...values: readonly unknown[]) => readonly unknown[];
  /** `super` in a place where the word cannot stand. */
  readonly u: (get: (key: PropertyKey) => unknown, set: (key: PropertyKey, value: unknown) => boolean) => object;
}

type ScriptBody = (...args: never[]) => Body;

/** The calls of one task. */
export class Calls {
  /** What compiled scripts see of this, under short names. */
  readonly face: ScriptFace;
  readonly #realm: Realm;
  readonly #completed = new Completed();
  readonly #special = new Map<unknown, Handler>();
  readonly #bound = new WeakMap<object, { readonly fn: ScriptFunction; self: unknown; args: readonly unknown[] }>();
  /** What a call of a native does besides calling it; found when it is called first. */
  readonly #handlers = new WeakMap<object, Handler | null>();
  /** The next function that is entered is called by a compiled script. */
  #cooperative = false;
  /** The body that was entered last, until its caller takes it. */
  #started: Body | null = null;
  #self: unknown = undefined;
  /** The innermost function of the engine or of the runtime that is calling back. */
  #native = '';
  /** How many bodies are being run to their end, one inside the other. */
  #depth = 0;
  #passes = 0;

  constructor(realm: Realm) {
    this.#realm = realm;
    this.face = {
      f: LOOP_PASSES,
      c: (fn, self, text, ...args) => this.invoke(fn, self, args, text),
      n: (fn, text, ...args) => this.construct(fn, args, text),
      e: (body, self, args) => this.enter(body, self, args),
      p: () => this.plain(),
      r: (cooperative) => this.restore(cooperative),
      t: () => this.tick(),
      s: () => this.spin(),
      k: (error) => this.#realm.adoptError(error),
      g: (strings, ...values) => [strings, ...values],
      u: (get, set) => new Proxy({}, { get: (_, key) => get(key), set: (_, key, value) => set(key, value) }),
    };
    this.#redirect();
  }

  /** Whether the script runs inside something that cannot wait. */
  get runsToEnd(): boolean {
    return this.#depth > 0;
  }

  /** `fn.call(self, ...args)`, as part of the calling thread. The result is to be taken by `yield*` at once. */
  invoke(fn: unknown, self: unknown, args: readonly unknown[], text = 'it'): Op<unknown> {
    if (typeof fn !== 'function') throw this.#notAFunction(self, text);
    const name = this.#realm.nativeName(fn);
    if (name !== undefined) return this.#invokeNative(fn as ScriptFunction, self, args, name);
    // What is sure to wait for nothing may take its parameters apart before it says so.
    this.#cooperative = !this.#realm.isPlain(fn);
    this.#started = null;
    let result: unknown;
    try {
      result = Reflect.apply(fn, self, args);
    } finally {
      this.#cooperative = false;
    }
    const started = this.#started as Body | null;
    this.#started = null;
    return started !== null && result === started ? started : this.#completed.with(result);
  }

  /** `new fn(...args)`, as part of the calling thread. */
  construct(fn: unknown, args: readonly unknown[], text = 'it'): Op<unknown> {
    const { TypeError: Type } = this.#realm.intrinsics;
    if (typeof fn !== 'function') throw new Type(`${text} is not a constructor`);
    const bound = this.#bound.get(fn);
    if (bound !== undefined) return this.construct(bound.fn, [...bound.args, ...args], text);
    const name = this.#realm.nativeName(fn);
    if (name !== undefined) {
      const special = this.#special.get(fn);
      if (special !== undefined) return special(fn as ScriptFunction, undefined, args);
      return this.#completed.with(this.#asNative(name, () => construct(fn, args, text, Type), undefined, []));
    }
    this.#cooperative = !this.#realm.isDerived(fn);
    this.#started = null;
    let result: unknown;
    try {
      result = construct(fn, args, text, Type);
    } finally {
      this.#cooperative = false;
    }
    const started = this.#started as Body | null;
    this.#started = null;
    return started !== null && result === started ? constructed(started, this.#self) : this.#completed.with(result);
  }

  /** The entry of every function of a script that may wait. */
  enter(body: ScriptBody, self: unknown, args: ArrayLike<unknown>): unknown {
    const cooperative = this.#cooperative;
    this.#cooperative = false;
    const started = Reflect.apply(body, self, args) as Body;
    if (!cooperative) return this.#runToEnd(started);
    this.#started = started;
    this.#self = self;
    return started;
  }

  /** The entry of a function of a script that cannot wait: a generator, a getter. Gives what {@link restore} takes. */
  plain(): boolean {
    const cooperative = this.#cooperative;
    this.#cooperative = false;
    return cooperative;
  }

  /** Undoes {@link plain}, after the fields of an object have been made and before its constructor is entered. */
  restore(cooperative: boolean): void {
    this.#cooperative = cooperative;
  }

  /** A loop has made its passes: lets their time go by. */
  tick(): Op<unknown> {
    this.face.f = LOOP_PASSES;
    if (!this.runsToEnd) return spend(LOOP_PASSES * PASS_COST);
    this.spin();
    return this.#completed.with(undefined);
  }

  /** The same where nothing can wait: the time goes by later. */
  spin(): void {
    this.face.f = LOOP_PASSES;
    this.#passes += LOOP_PASSES;
    this.#realm.owed += LOOP_PASSES * PASS_COST;
    if (this.#passes < ENDLESS_PASSES) return;
    throw new SimulationError({
      kind: 'livelock',
      what: `a loop in a function called by ${this.#native || 'the engine'} does not end`,
      onTarget: 'the task would never come back from there',
      fix: 'let the loop end, or move it out of the callback',
    });
  }

  /** The error for a call that would have to wait where nothing can. */
  wouldBlock(name: string): Error {
    const { Error: Plain } = this.#realm.intrinsics;
    const place = scriptPlace(new Plain().stack ?? '');
    const caller = this.#native === '' ? 'a getter, a setter, a generator or an async function' : this.#native;
    return new Plain(
      `${place === null ? '' : `${place}: `}${name}() would block inside a function called by ${caller}; ` +
        'call it outside, in a loop of the script itself',
    );
  }

  #notAFunction(self: unknown, text: string): Error {
    const { exportsOf, intrinsics } = this.#realm;
    const name = typeof self === 'object' && self !== null ? exportsOf.get(self) : undefined;
    const there =
      name === undefined
        ? ''
        : ` here; the module '${name}' has: ${Object.keys(self as object)
            .sort()
            .join(', ')}`;
    return new intrinsics.TypeError(`${text} is not a function${there}`);
  }

  #invokeNative(fn: ScriptFunction, self: unknown, args: readonly unknown[], name: string): Op<unknown> {
    let handler = this.#handlers.get(fn);
    if (handler === undefined) {
      handler = this.#handlerOf(fn);
      this.#handlers.set(fn, handler);
    }
    if (handler !== null) return handler(fn, self, args);
    return this.#completed.with(this.#asNative(name, fn, self, args));
  }

  /** What a call of a function of the engine or of the runtime does besides calling it; null for nothing. */
  #handlerOf(fn: ScriptFunction): Handler | null {
    const special = this.#special.get(fn);
    if (special !== undefined) return special;
    const bound = this.#bound.get(fn);
    if (bound !== undefined) {
      return (_, __, args) => this.invoke(bound.fn, bound.self, [...bound.args, ...args]);
    }
    const blocking = blockingNative(fn);
    if (blocking === undefined) return null;
    return (_, self, args) => guarded(this.#realm, blocking.name, Reflect.apply(blocking.body, self, args));
  }

  #asNative(name: string, fn: ScriptFunction, self: unknown, args: readonly unknown[]): unknown {
    const outer = this.#native;
    this.#native = name;
    try {
      return this.#realm.adopt(Reflect.apply(fn, self, args));
    } catch (error) {
      throw this.#realm.adoptError(error);
    } finally {
      this.#native = outer;
    }
  }

  #runToEnd(body: Body): unknown {
    this.#depth++;
    if (this.#depth === 1) this.#passes = 0;
    try {
      let step = body.next();
      while (step.done !== true) step = goesOn() ? body.next() : body.throw(WOULD_BLOCK);
      return step.value;
    } finally {
      this.#depth--;
    }
  }

  /** The functions of the engine that only pass a call on. */
  #redirect(): void {
    const { Function: Fn, Reflect: Reflection, eval: evaluate } = this.#realm.intrinsics;
    const prototype = Fn.prototype as { call: unknown; apply: unknown; bind: unknown };
    const list = (value: unknown): readonly unknown[] => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
        throw new this.#realm.intrinsics.TypeError('CreateListFromArrayLike called on non-object');
      }
      const length = Math.min(Math.max(Math.trunc((value as ArrayLike<unknown>).length) || 0, 0), 2 ** 32 - 1);
      return Array.from({ length }, (_, at) => (value as ArrayLike<unknown>)[at]);
    };
    this.#special.set(prototype.call, (_, self, [to, ...args]) => this.invoke(self, to, args));
    this.#special.set(prototype.apply, (_, self, [to, args]) =>
      this.invoke(self, to, args === undefined || args === null ? [] : list(args)),
    );
    this.#special.set(Reflection.apply, (_, __, [fn, to, args]) => this.invoke(fn, to, list(args)));
    const refuse =
      (what: string): Handler =>
      () => {
        throw new this.#realm.intrinsics.Error(`${what} cannot run here: scripts are compiled before they start`);
      };
    this.#special.set(evaluate, refuse('eval()'));
    this.#special.set(Fn, refuse('new Function()'));
    const native = prototype.bind as (this: unknown, ...args: readonly unknown[]) => object;
    const bounds = this.#bound;
    const { natives } = this.#realm;
    const bind = function (this: ScriptFunction, self: unknown, ...args: readonly unknown[]): object {
      const bound = native.call(this, self, ...args);
      bounds.set(bound, { fn: this, self, args });
      natives.set(bound, 'a bound function');
      return bound;
    };
    Object.defineProperty(prototype, 'bind', { value: this.#realm.adopt(bind), writable: true, configurable: true });
  }
}

/** The constructor of a script's function, run to what `new` gives. */
function* constructed(body: Body, self: unknown): Generator<Suspension, unknown, unknown> {
  const result = yield* body;
  return (typeof result === 'object' && result !== null) || typeof result === 'function' ? result : self;
}

function construct(fn: object, args: readonly unknown[], text: string, Type: TypeErrorConstructor): unknown {
  try {
    return Reflect.construct(fn as new () => unknown, args);
  } catch (error) {
    if (isConstructor(fn)) throw error;
    throw new Type(`${text} is not a constructor`);
  }
}

function isConstructor(fn: object): boolean {
  try {
    Reflect.construct(Object, [], fn as new () => unknown);
    return true;
  } catch {
    return false;
  }
}
