import { createContext, runInContext, type Context } from 'node:vm';
import { SimulationError } from '../../../kernel/simulation-error.ts';
import type { CompiledScript } from '../compile/compile.ts';
import { Calls } from './calls.ts';
import { DATES } from './dates.ts';
import { intrinsicNames, type PropertyParts } from './intrinsics.ts';
import { watchRejections } from './rejections.ts';
import { scriptStack } from './stack.ts';

/** The constructors of a realm that the runtime makes values with. */
export interface Intrinsics {
  readonly Object: ObjectConstructor;
  readonly Array: ArrayConstructor;
  readonly Function: FunctionConstructor;
  readonly Error: ErrorConstructor;
  readonly TypeError: TypeErrorConstructor;
  readonly RangeError: RangeErrorConstructor;
  readonly SyntaxError: SyntaxErrorConstructor;
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly Reflect: typeof Reflect;
  readonly eval: typeof eval;
}

/** What the engine brings along that would break determinism or could stop the host. */
const REMOVED = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'console'];

/** Frames of the engine and of the runtime lie between those of a script: many are taken, so that some are left. */
const STACK_FRAMES = 60;

/** Objects whose prototypes are engine functions' that no global leads to. */
const HIDDEN = `[
  function* () {}, async () => {}, async function* () {}, (function* () {})(), (async function* () {})(), [].values(),
  ...(typeof Iterator === 'function' ? [[].values().map(Number), Iterator.from({ next() {} })] : []),
  new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g), new Intl.Segmenter().segment('a'),
  (function () { 'use strict'; return arguments; })(),
]`;

const PLAIN = `[function* () {}, async () => {}, async function* () {}].map(Object.getPrototypeOf)`;

/** The globals of one task: a JavaScript context of its own. Nothing in it is shared with other tasks or with the host. */
export class Realm {
  readonly context: Context;
  readonly intrinsics: Intrinsics;
  /** The functions that came with the engine or from the runtime, with their names. */
  readonly natives: WeakMap<object, string>;
  readonly calls: Calls;
  /** CPU time in nanoseconds that was charged where the task could not wait; it is paid at its next wait. */
  owed = 0;
  /** The scripts that were run here, by file name, for stack traces. */
  readonly scripts = new Map<string, CompiledScript>();
  /** What `require` gave, with the modules' names, for error messages. */
  readonly exportsOf = new WeakMap<object, string>();
  readonly #adopted = new WeakSet();
  /** Sets what the realm's dates take for the present, in milliseconds since 1970. */
  readonly setClock: (now: () => number) => void;
  readonly #Date: DateConstructor;
  /** The prototypes of generator functions and async ones. */
  readonly #plain: ReadonlySet<object>;

  constructor() {
    this.context = createContext(
      {},
      { microtaskMode: 'afterEvaluate', codeGeneration: { strings: false, wasm: false } },
    );
    for (const name of REMOVED) runInContext(`delete globalThis.${name}`, this.context);
    this.intrinsics = runInContext(
      '({ Object, Array, Function, Error, TypeError, RangeError, SyntaxError, Uint8Array, Reflect, eval })',
      this.context,
    ) as Intrinsics;
    this.setClock = this.evaluate(DATES) as (now: () => number) => void;
    this.natives = intrinsicNames(this.global, this.evaluate(HIDDEN) as readonly unknown[]);
    this.#plain = new Set(this.evaluate(PLAIN) as readonly object[]);
    this.#Date = this.evaluate('Date') as DateConstructor;
    this.calls = new Calls(this);
    watchRejections(this.evaluate('Promise.prototype') as object);
    const prepareStackTrace = (error: unknown, frames: Parameters<typeof scriptStack>[1]): string =>
      scriptStack(error, frames, this.scripts);
    this.adopt(prepareStackTrace);
    const { Error: Plain } = this.intrinsics;
    Object.defineProperty(Plain, 'prepareStackTrace', { value: prepareStackTrace, writable: true, configurable: true });
    Plain.stackTraceLimit = STACK_FRAMES;
  }

  /** A date of this realm. */
  makeDate(milliseconds: number): Date {
    return new this.#Date(milliseconds);
  }

  /** The name of a function of the engine or of the runtime; undefined for a script's own. */
  nativeName(fn: object): string | undefined {
    const known = this.natives.get(fn);
    if (known !== undefined || Object.getPrototypeOf(fn) !== Function.prototype) return known;
    this.adopt(fn);
    return this.natives.get(fn);
  }

  /** Whether a function is a generator function or an async one, which the engine runs by itself. */
  isPlain(fn: object): boolean {
    return this.#plain.has(Object.getPrototypeOf(fn) as object);
  }

  /** Whether a function is a class that extends something, whose constructor the engine runs by itself. */
  isDerived(fn: object): boolean {
    if (Object.getPrototypeOf(fn) === this.intrinsics.Function.prototype) return false;
    // The prototype of a class cannot be replaced; that of a function can, whatever it was made to inherit.
    return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false;
  }

  /** The realm's global object. */
  get global(): object {
    return this.evaluate('globalThis') as object;
  }

  /** The value of an expression of the runtime's own. */
  evaluate(expression: string): unknown {
    return runInContext(expression, this.context);
  }

  /** Runs what promises have queued, to the last of it. */
  drainPromises(): void {
    runInContext('0', this.context);
  }

  /** Adds a global that scripts may overwrite and that enumeration does not show. */
  define(name: string, value: unknown): void {
    const { global } = this;
    Object.defineProperty(global, name, { value: this.adopt(value), writable: true, configurable: true });
  }

  /**
   * Makes a value of the runtime one of this realm: plain objects, arrays, functions with their prototypes, errors, and
   * what they hold. Gives the same value.
   */
  adopt<T>(value: T): T {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    if (this.#adopted.has(value)) return value;
    const home = this.#homeOf(value);
    if (home === null) return value;
    this.#adopted.add(value);
    if (Object.isExtensible(value)) Object.setPrototypeOf(value, home);
    this.#adoptParts(value);
    return value;
  }

  /** Makes a class of the runtime that extends one of this realm part of it. */
  adoptClass<T extends object>(type: T): T {
    this.#adopted.add(type);
    this.#adoptParts(type);
    return type;
  }

  #adoptParts(value: object): void {
    if (typeof value === 'function') this.natives.set(value, nameOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property: PropertyParts | undefined = Object.getOwnPropertyDescriptor(value, key);
      for (const part of [property?.value, property?.get, property?.set]) this.adopt(part);
    }
  }

  /** A host's exception as one of this realm; a report of the simulator stays what it is. */
  adoptError(error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof SimulationError) return error;
    const { TypeError: Type, RangeError: Range, Error: Plain } = this.intrinsics;
    const Mine = error instanceof TypeError ? Type : error instanceof RangeError ? Range : Plain;
    return Object.assign(new Mine(error.message), error);
  }

  /** The prototype that a value of the host gets here, or null where it is none of the host's plain values. */
  #homeOf(value: object): object | null {
    const { intrinsics } = this;
    switch (Object.getPrototypeOf(value) as object | null) {
      case Object.prototype:
        return intrinsics.Object.prototype;
      case Array.prototype:
        return intrinsics.Array.prototype as object;
      case Function.prototype:
        return intrinsics.Function.prototype;
      default:
        return null;
    }
  }
}

function nameOf(value: unknown): string {
  return typeof value === 'function' && value.name !== '' ? value.name : 'a function of the runtime';
}
