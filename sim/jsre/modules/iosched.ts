import { ERRNO } from '../runtime/errno.ts';
import { defineModule } from '../runtime/module-registry.ts';
import { blocking, isFunction, type ScriptFunction, type Suspending } from '../runtime/native.ts';
import { EXCEPT, READ, WRITE, type PollEvent, type ReadySet } from '../runtime/poller.ts';
import type { JsreTask } from '../runtime/task.ts';

/** What `iosched.event` gives: an object of the script, with what belongs to it kept beside. */
interface IoEvent {
  readonly method: number;
  readonly fd: number;
  readonly callback: ScriptFunction;
  readonly errback: ScriptFunction | null;
  /** The script may change it. */
  arg: unknown;
}

/** A time-out as scripts give them: milliseconds, or undefined for none. */
export function timeoutOf(task: JsreTask, value: unknown, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0) return value === Infinity ? undefined : value;
  throw task.typeError(`the timeout of ${what} is a number of milliseconds, not a ${typeof value}`);
}

/** JSRE's iosched: what a task waits for on descriptors, and the loop that serves it. */
function makeIosched(task: JsreTask): object {
  const { poller } = task;
  const events = new WeakMap<object, PollEvent>();
  const objectFor = (value: unknown, what: string): object => {
    if (typeof value === 'object' && value !== null && 'fd' in value && 'callback' in value) return value;
    throw task.typeError(`${what} needs what iosched.event() gives`);
  };

  function* serve(ioevent: IoEvent, once: boolean): Suspending<boolean> {
    const kept = (yield* task.call(ioevent.callback, undefined, ioevent.arg, ioevent)) !== false;
    if (!kept && ioevent.errback !== null) yield* task.call(ioevent.errback, undefined, ioevent.arg, ioevent);
    return kept && !once;
  }

  const register = (value: unknown, once: boolean, what: string): boolean => {
    const ioevent = objectFor(value, what) as IoEvent;
    const known = events.get(ioevent);
    if (known !== undefined) poller.remove(known);
    const event: PollEvent = { method: ioevent.method, fd: ioevent.fd, run: () => serve(ioevent, once) };
    events.set(ioevent, event);
    return poller.add(event) || task.fail(ERRNO.EBADF, false);
  };

  const watch = (sets: ReadySet, timeout: number | undefined): Suspending<ReadySet> => select(task, sets, timeout);

  return {
    READ,
    WRITE,
    EXCEPT,

    event(method: unknown, fd: unknown, callback: unknown, ...rest: readonly unknown[]): object {
      if (typeof method !== 'number' || (method & (READ | WRITE | EXCEPT)) === 0) {
        throw task.typeError('iosched.event() needs iosched.READ, WRITE or EXCEPT first');
      }
      if (typeof fd !== 'number') throw task.typeError(`iosched.event() needs a file descriptor, not ${String(fd)}`);
      if (!isFunction(callback)) throw task.typeError('iosched.event() needs a callback');
      // Four arguments: the fourth is the argument, unless it can be called.
      const hasErrback = rest.length > 1 || isFunction(rest[0]);
      const errback = hasErrback && isFunction(rest[0]) ? rest[0] : null;
      return { method, fd, callback, errback, arg: hasErrback ? rest[1] : rest[0] };
    },
    add: (ioevent: unknown): boolean => register(ioevent, false, 'iosched.add()'),
    once: (ioevent: unknown): boolean => register(ioevent, true, 'iosched.once()'),
    remove(ioevent?: unknown): void {
      if (ioevent === undefined) return poller.removeAll();
      const event = events.get(objectFor(ioevent, 'iosched.remove()'));
      if (event !== undefined) poller.remove(event);
    },
    fds: (): ReadySet => poller.fds(),
    poll: blocking('iosched.poll', function* (timeout?: unknown) {
      return yield* poller.poll(timeoutOf(task, timeout, 'iosched.poll()'));
    }),
    select: blocking('iosched.select', function* (first?: unknown, second?: unknown) {
      const own = Array.isArray(first) ? setsOf(first) : null;
      const timeout = timeoutOf(task, own === null && second === undefined ? first : second, 'iosched.select()');
      return yield* own === null ? poller.poll(timeout) : watch(own, timeout);
    }),
    forever: blocking('iosched.forever', function* (first?: unknown, second?: unknown): Suspending<void> {
      const check = typeof first === 'object' && first !== null ? (first as { readonly quit?: boolean }) : null;
      const timeout = timeoutOf(task, check === null ? first : second, 'iosched.forever()');
      while (!check?.quit) yield* poller.poll(timeout);
    }),
  };
}

/** `[[read], [write], [except]]`, as scripts give it. */
export function setsOf(value: readonly unknown[]): ReadySet {
  const list = (nth: number): number[] => {
    const part = value[nth];
    return Array.isArray(part) ? part.filter((fd) => typeof fd === 'number') : [];
  };
  return [list(0), list(1), list(2)];
}

/** Waits for descriptors besides those of the task's events; any event that is served ends the wait too. */
export function* select(task: JsreTask, sets: ReadySet, timeout: number | undefined): Suspending<ReadySet> {
  const found: ReadySet = [[], [], []];
  const events = [READ, WRITE, EXCEPT].flatMap((method, nth) =>
    (sets[nth] ?? []).map((fd): PollEvent => ({
      method,
      fd,
      *run(): Suspending<boolean> {
        found[nth]?.push(fd);
        return false;
      },
    })),
  );
  for (const event of events) task.poller.add(event);
  try {
    yield* task.poller.poll(timeout);
  } finally {
    for (const event of events) task.poller.remove(event);
  }
  return found;
}

defineModule('iosched', makeIosched);
