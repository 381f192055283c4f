import type { ListenerDescriptor, SecureDescriptor } from '../../net/descriptors.ts';
import type { Descriptor } from '../../runtime/descriptor.ts';
import type { Suspending } from '../../runtime/native.ts';
import type { JsreTask } from '../../runtime/task.ts';

interface Source {
  readonly descriptor: Descriptor;
  readonly ready: () => boolean;
  /** False when there is nothing more to come. */
  readonly run: () => Suspending<boolean>;
}

const sources = new WeakMap<JsreTask, Set<Source>>();

function add(task: JsreTask, source: Source): void {
  const known = sources.get(task) ?? new Set<Source>();
  sources.set(task, known.add(source));
}

/** Has the task's event loop run something whenever a server has a client to accept. */
export function whenever(task: JsreTask, descriptor: ListenerDescriptor, run: () => Suspending<void>): void {
  add(task, {
    descriptor,
    ready: () => descriptor.readable || !descriptor.listener.endpoint.isOpen,
    run: function* () {
      if (!descriptor.listener.endpoint.isOpen) return false;
      yield* run();
      return true;
    },
  });
}

/** Has the task's event loop run something once a connection is made; never, where it cannot be made. */
export function whenConnected(task: JsreTask, descriptor: SecureDescriptor, run: () => Suspending<unknown>): void {
  add(task, {
    descriptor,
    ready: () => descriptor.writable,
    run: function* () {
      if (descriptor.socket.state === 'connected') yield* run();
      return false;
    },
  });
}

/** Runs what is ready of a task. */
export function* pollSources(task: JsreTask): Suspending<void> {
  const known = sources.get(task) ?? new Set<Source>();
  for (const source of known) {
    if (source.ready() && !(yield* source.run())) known.delete(source);
  }
}
