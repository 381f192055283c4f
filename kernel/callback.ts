import type { Kernel } from './kernel.ts';
import { isOp, type Op, type Suspension } from './op.ts';
import type { TX_THREAD } from './thread.ts';

/** A callback on its way: which one, in which thread, and what it waited for. */
export interface CallbackFrame {
  /** The callback's name in the C API: `connect_notify`. */
  readonly name: string;
  readonly thread: TX_THREAD | null;
  /** Virtual time at which it began, in nanoseconds. */
  readonly began: number;
  readonly outer: CallbackFrame | null;
}

/**
 * Runs a callback in the context that calls it on the target, so that a service in it knows whom it holds up.
 * A callback that is a plain function just runs; one that is a `function*` runs as part of the calling thread.
 */
export function* dispatch<R>(kernel: Kernel, name: string, call: () => R | Op<R>): Generator<Suspension, R, unknown> {
  const thread = kernel.context === 'thread' || kernel.context === 'timer' ? kernel.current : null;
  const outer = thread === null ? null : thread.callback;
  const frame: CallbackFrame = { name, thread, began: kernel.now, outer };
  if (thread !== null) thread.callback = frame;
  kernel.trace?.record({ type: 'callback-begin', callback: name });
  try {
    const result = call();
    return isOp(result) ? yield* result : result;
  } finally {
    if (thread !== null) thread.callback = outer;
    kernel.trace?.record({ type: 'callback-end', callback: name, began: frame.began });
  }
}
