import { dispatch } from './callback.ts';
import { TX_THREAD_ENTRY, TX_THREAD_EXIT } from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { Thread } from './op.ts';
import type { TX_THREAD } from './thread.ts';

/** A thread's body, with its entry and exit notification around it where one is set when it begins. */
export function withNotify(kernel: Kernel, thread: TX_THREAD, body: Thread): Thread {
  return thread.entryExitNotify === null ? body : notified(kernel, thread, body);
}

function* notified(kernel: Kernel, thread: TX_THREAD, body: Thread): Thread {
  yield* notify(kernel, thread, TX_THREAD_ENTRY);
  yield* body;
  yield* notify(kernel, thread, TX_THREAD_EXIT);
}

/** Calls a thread's notification, in that thread. */
function* notify(kernel: Kernel, thread: TX_THREAD, condition: number): Thread {
  const { entryExitNotify } = thread;
  if (entryExitNotify !== null) {
    yield* dispatch(kernel, 'entry_exit_notify', () => entryExitNotify(thread, condition));
  }
}
