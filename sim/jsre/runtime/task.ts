import type { TX_THREAD } from '../../../kernel/thread.ts';
import { Mailbox } from './mailbox.ts';
import { findModule } from './module-registry.ts';
import type { ScriptFunction, Suspending } from './native.ts';
import type { JsreProcess } from './process.ts';
import { bufferClass } from './buffer.ts';
import { Poller } from './poller.ts';
import type { Realm } from './realm.ts';

const tasks = new WeakMap<TX_THREAD, JsreTask>();

/** A task: one thread of the device's kernel, with globals of its own. */
export class JsreTask {
  readonly process: JsreProcess;
  /** Its number on the device, from 1; the main task has 1. */
  readonly id: number;
  /** The script it runs: `main.js`. */
  readonly name: string;
  /** The number of the task that made it, or 0. */
  readonly parent: number;
  readonly thread: TX_THREAD;
  readonly realm: Realm;
  /** What its `iosched` waits for. */
  readonly poller: Poller;
  /** What other tasks have sent it. */
  readonly mailbox: Mailbox;
  /** The number of its last error, as `sys.errno()` gives it. */
  errno = 0;
  readonly #modules = new Map<string, object>();

  constructor(parts: {
    readonly process: JsreProcess;
    readonly id: number;
    readonly name: string;
    readonly parent: number;
    readonly thread: TX_THREAD;
    readonly realm: Realm;
  }) {
    this.process = parts.process;
    this.id = parts.id;
    this.name = parts.name;
    this.parent = parts.parent;
    this.thread = parts.thread;
    this.realm = parts.realm;
    this.poller = new Poller(parts.process, () => parts.realm.drainPromises());
    this.mailbox = new Mailbox(parts.process.kernel, () => this.poller.signal.raise());
    tasks.set(parts.thread, this);
  }

  /** What `require(name)` gives for a module of the runtime; null where there is none of that name. */
  module(name: string): object | null {
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    const made = findModule(name)?.(this) ?? null;
    if (made === null) return null;
    this.realm.adopt(made);
    this.realm.exportsOf.set(made, name);
    this.#modules.set(name, made);
    return made;
  }

  /** The task of a thread, or null where the thread is none's. */
  static of(thread: TX_THREAD): JsreTask | null {
    return tasks.get(thread) ?? null;
  }

  /**
   * Calls a function of the script, a callback say, so that it may wait: `yield* task.call(callback, undefined, client)`.
   * Arguments that are plain objects or arrays of the runtime become ones of the script's realm.
   */
  *call(fn: ScriptFunction, thisArg: unknown, ...args: readonly unknown[]): Suspending<unknown> {
    return yield* this.realm.calls.invoke(
      fn,
      thisArg,
      args.map((arg) => this.realm.adopt(arg)),
    );
  }

  /** Notes an error's number and gives back what the function returns for it: `return task.fail(ERRNO.EINVAL, -1)`. */
  fail<T>(errno: number, result: T): T {
    this.errno = errno;
    return result;
  }

  /** See {@link Realm.adopt}. */
  adopt<T>(value: T): T {
    return this.realm.adopt(value);
  }

  /** A view of the bytes behind a script's Buffer or other typed array; null for anything else. */
  bytes(value: unknown): Uint8Array | null {
    return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
  }

  /** A script's Buffer with a copy of these bytes. */
  buffer(bytes: Uint8Array): Uint8Array {
    return this.realm.adopt(new (bufferClass(this.realm))(bytes));
  }

  /** A TypeError of the script's realm, to throw at a script that gave a wrong argument. */
  typeError(message: string): Error {
    return new this.realm.intrinsics.TypeError(message);
  }

  /** The error for a call that would have to wait where nothing can. */
  wouldBlock(name: string): Error {
    return this.realm.calls.wouldBlock(name);
  }
}
