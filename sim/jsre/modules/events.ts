import { blocking, isFunction, type ScriptFunction, type Suspending } from '../runtime/native.ts';
import { defineModule } from '../runtime/module-registry.ts';
import type { JsreTask } from '../runtime/task.ts';

interface Listener {
  readonly call: ScriptFunction;
  readonly once: boolean;
}

/** The listeners of one object, by event. */
type Listeners = Map<PropertyKey, Listener[]>;

/** JSRE's EventEmitter. Listeners are called by `emit` in the emitter's task and may wait. */
function makeEventEmitter(task: JsreTask): object {
  const tables = new WeakMap<object, Listeners>();
  const tableOf = (emitter: object): Listeners => {
    let table = tables.get(emitter);
    if (table === undefined) {
      table = new Map();
      tables.set(emitter, table);
    }
    return table;
  };
  const add = (emitter: object, event: PropertyKey, call: unknown, once: boolean, first = false): object => {
    if (!isFunction(call)) throw task.typeError(`the listener of '${String(event)}' is not a function`);
    const table = tableOf(emitter);
    const list = table.get(event) ?? [];
    table.set(event, first ? [{ call, once }, ...list] : [...list, { call, once }]);
    return emitter;
  };
  const remove = (emitter: object, event: PropertyKey, call: unknown): object => {
    const table = tableOf(emitter);
    const list = table.get(event) ?? [];
    const at = list.findLastIndex((one) => one.call === call);
    if (at >= 0) table.set(event, list.toSpliced(at, 1));
    if (table.get(event)?.length === 0) table.delete(event);
    return emitter;
  };

  function* emit(this: object, event?: unknown, ...args: readonly unknown[]): Suspending<boolean> {
    const key = event as PropertyKey;
    const list = tableOf(this).get(key) ?? [];
    if (list.length === 0 && key === 'error') {
      throw (args[0] ?? new task.realm.intrinsics.Error(`an 'error' that nobody listens for`)) as Error;
    }
    for (const { call, once } of list) {
      if (once) remove(this, key, call);
      yield* task.call(call, this, ...args);
    }
    return list.length > 0;
  }

  const methods = {
    on(this: object, event: PropertyKey, call: unknown): object {
      return add(this, event, call, false);
    },
    addListener(this: object, event: PropertyKey, call: unknown): object {
      return add(this, event, call, false);
    },
    prependListener(this: object, event: PropertyKey, call: unknown): object {
      return add(this, event, call, false, true);
    },
    once(this: object, event: PropertyKey, call: unknown): object {
      return add(this, event, call, true);
    },
    prependOnceListener(this: object, event: PropertyKey, call: unknown): object {
      return add(this, event, call, true, true);
    },
    off(this: object, event: PropertyKey, call: unknown): object {
      return remove(this, event, call);
    },
    removeListener(this: object, event: PropertyKey, call: unknown): object {
      return remove(this, event, call);
    },
    removeAllListeners(this: object, event?: PropertyKey): object {
      if (event === undefined) tableOf(this).clear();
      else tableOf(this).delete(event);
      return this;
    },
    listeners(this: object, event: PropertyKey): readonly unknown[] {
      return (tableOf(this).get(event) ?? []).map(({ call }) => call);
    },
    listenerCount(this: object, event: PropertyKey): number {
      return tableOf(this).get(event)?.length ?? 0;
    },
    eventNames(this: object): readonly unknown[] {
      return [...tableOf(this).keys()];
    },
    setMaxListeners(this: object): object {
      return this;
    },
    emit: blocking('EventEmitter.emit', emit),
  };

  const install = (target: object): void => {
    for (const [name, value] of Object.entries(methods)) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  };
  // A function and no class, as scripts call it on objects of their own: EventEmitter.call(this).
  function EventEmitter(): void {
    // An emitter has nothing to set up.
  }
  install(EventEmitter.prototype as object);
  const inherits = (target: unknown): unknown => {
    if ((typeof target !== 'object' && typeof target !== 'function') || target === null) {
      throw task.typeError('EventEmitter.inherits() needs an object');
    }
    install(target);
    return target;
  };
  return Object.assign(EventEmitter, { inherits, EventEmitter });
}

defineModule('events', makeEventEmitter);
