import { defineModule } from '../runtime/module-registry.ts';
import { isFunction, type ScriptFunction, type Suspending } from '../runtime/native.ts';
import type { PollTimer } from '../runtime/poller.ts';
import type { JsreTask } from '../runtime/task.ts';

/** Timers: what they call is called from `iosched.poll`, in the task's thread. */
function makeTimers(task: JsreTask): object {
  const { poller } = task;
  const { clock } = task.process.kernel;
  const timers = new Map<number, PollTimer>();
  const immediates = new Set<number>();
  let lastId = 0;
  const callable = (value: unknown, what: string): ScriptFunction => {
    if (isFunction(value)) return value;
    throw task.typeError(`${what} needs a function`);
  };
  const delayOf = (value: unknown): number => {
    const ms = Number(value ?? 0);
    return ms >= 0 && ms < Infinity ? ms * 1e6 : 0;
  };
  const start = (call: ScriptFunction, delay: number, repeats: boolean, args: readonly unknown[]): number => {
    const id = ++lastId;
    const timer: PollTimer = {
      due: clock.now + delay,
      *run(): Suspending<void> {
        // The next time counts from the last, so that an interval does not drift; never more than once per poll.
        if (repeats) timer.due = Math.max(timer.due + Math.max(delay, 1e6), clock.now);
        else clear(id);
        yield* task.call(call, undefined, ...args);
      },
    };
    timers.set(id, timer);
    poller.addTimer(timer);
    return id;
  };
  const clear = (id: unknown): void => {
    if (typeof id !== 'number') return;
    const timer = timers.get(id);
    if (timer !== undefined) poller.removeTimer(timer);
    timers.delete(id);
  };
  return {
    setTimeout: (call: unknown, ms?: unknown, ...args: readonly unknown[]): number =>
      start(callable(call, 'setTimeout()'), delayOf(ms), false, args),
    setInterval: (call: unknown, ms?: unknown, ...args: readonly unknown[]): number =>
      start(callable(call, 'setInterval()'), delayOf(ms), true, args),
    clearTimeout: (id?: unknown): void => clear(id),
    clearInterval: (id?: unknown): void => clear(id),
    setImmediate: (call: unknown, ...args: readonly unknown[]): number => {
      const wanted = callable(call, 'setImmediate()');
      const id = ++lastId;
      immediates.add(id);
      poller.post(function* (): Suspending<void> {
        if (immediates.delete(id)) yield* task.call(wanted, undefined, ...args);
      });
      return id;
    },
    clearImmediate: (id?: unknown): void => {
      if (typeof id === 'number') immediates.delete(id);
    },
  };
}

defineModule('timers', makeTimers);
