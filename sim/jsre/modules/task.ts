import { ERRNO } from '../runtime/errno.ts';
import { copyInto } from '../runtime/message.ts';
import type { Message } from '../runtime/mailbox.ts';
import { defineModule } from '../runtime/module-registry.ts';
import { blocking, type ScriptFunction, type Suspending } from '../runtime/native.ts';
import { Signal } from '../runtime/signal.ts';
import { EXIT } from '../runtime/exit.ts';
import { startTask } from '../runtime/start-task.ts';
import type { JsreTask } from '../runtime/task.ts';
import { timeoutOf } from './iosched.ts';

interface Emitter {
  readonly emit: ScriptFunction;
  listenerCount(event: string): number;
}

/** JSRE's Task: tasks of the same program, and their messages. */
function makeTask(task: JsreTask): object {
  const { process } = task;
  const idOf = (value: unknown): number => {
    const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
    if (typeof id === 'number') return id;
    throw task.typeError(`a task's number is needed, not ${String(id)}`);
  };
  const send = (to: number, message: unknown, offset?: unknown, length?: unknown): boolean => {
    const receiver = process.tasks.get(to);
    if (receiver === undefined) return task.fail(ERRNO.EINVAL, false);
    const bytes = task.bytes(message);
    const part =
      bytes === null || offset === undefined
        ? message
        : bytes.subarray(Number(offset), length === undefined ? undefined : Number(offset) + Number(length));
    receiver.mailbox.put({ from: task.id, data: copyInto(receiver.realm, part) });
    return true;
  };
  const asSender = (message: Message): object => task.adopt({ id: message.from });
  const numbers = new WeakMap<object, number>();
  const never = new Signal(process.kernel, 'the end of its sleep');

  function Task(this: unknown, file?: unknown, argument?: unknown): object {
    if (!(this instanceof Task)) throw task.typeError('Task is to be called with new');
    if (typeof file !== 'string') throw task.typeError(`new Task() needs the path of a script, not ${String(file)}`);
    const id = startTask(task, file, argument);
    numbers.set(this, id);
    return this;
  }
  const numberOf = (made: object): number => {
    const id = numbers.get(made);
    if (id !== undefined) return id;
    throw task.typeError('this is no task');
  };
  for (const [name, value] of Object.entries({
    id(this: object): number {
      return numberOf(this);
    },
    send(this: object, message?: unknown, offset?: unknown, length?: unknown): boolean {
      return send(numberOf(this), message, offset, length);
    },
    cancel(this: object): number {
      return process.tasks.has(numberOf(this)) ? 0 : 1;
    },
    detach: (): void => undefined,
    priority: (): void => undefined,
  })) {
    Object.defineProperty(Task.prototype, name, { value, writable: true, configurable: true });
  }

  const Class = Object.assign(Task, {
    send: (to: unknown, message: unknown, offset?: unknown, length?: unknown) =>
      send(idOf(to), message, offset, length),
    recv: blocking('Task.recv', function* (first?: unknown, second?: unknown): Suspending<unknown> {
      const from = typeof first === 'object' && first !== null ? (first as { id?: number }) : null;
      const timeout = timeoutOf(task, from === null ? (first ?? second) : second, 'Task.recv()');
      const message = yield* task.mailbox.receive(timeout);
      if (message === null) {
        task.fail(ERRNO.ETIMEDOUT, undefined);
        return;
      }
      if (from !== null) from.id = message.from;
      return message.data;
    }),
    create: (file: unknown, argument?: unknown) => Reflect.construct(Class, [file, argument]) as object,
    me: () => task.id,
    id: () => task.id,
    parent: () => task.parent,
    isMain: () => task.id === 1,
    count: () => process.tasks.size,
    flush: () => task.mailbox.clear(),
    testCancel: () => false,
    priority: () => undefined,
    nextTick: (call: unknown, ...args: readonly unknown[]) => {
      if (typeof call !== 'function') throw task.typeError('Task.nextTick() needs a function');
      const wanted = call as (this: unknown, ...args: unknown[]) => unknown;
      task.poller.post(function* (): Suspending<void> {
        yield* task.call(wanted, undefined, ...args);
      });
    },
    sleep: blocking('Task.sleep', function* (ms?: unknown): Suspending<number> {
      yield* never.wait('Task.sleep', timeoutOf(task, ms, 'Task.sleep()') ?? 0);
      return 0;
    }),
    yield: blocking('Task.yield', function* (): Suspending<void> {
      yield* never.wait('Task.yield', 0);
    }),
    exit: blocking('Task.exit', function* (): Suspending<never> {
      yield EXIT;
      throw new task.realm.intrinsics.Error('Task.exit() cannot end the task inside a function called by the engine');
    }),
  });

  const events = task.module('events') as { inherits(target: object): unknown };
  const emitter = events.inherits(Class) as Emitter;
  task.poller.addSource({
    next: () => {
      if (emitter.listenerCount('message') === 0) return null;
      const message = task.mailbox.take();
      if (message === null) return null;
      return function* (): Suspending<void> {
        yield* task.call(emitter.emit, Class, 'message', message.data, asSender(message));
      };
    },
  });
  return Class;
}

defineModule('task', makeTask);
