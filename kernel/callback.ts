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

/** A callback begins, in whatever runs now: what waits from here on is held up by it. */
export function beginCallback(kernel: Kernel, name: string): CallbackFrame {
  const thread = kernel.context === 'thread' || kernel.context === 'timer' ? kernel.current : null;
  const frame: CallbackFrame = { name, thread, began: kernel.now, outer: thread?.callback ?? null };
  if (thread !== null) thread.callback = frame;
  const { trace } = kernel;
  if (trace?.detail === true) trace.record({ type: 'callback-begin', callback: name });
  return frame;
}

/** A callback is over. */
export function endCallback(kernel: Kernel, { name, thread, began, outer }: CallbackFrame): void {
  if (thread !== null) thread.callback = outer;
  const { trace } = kernel;
  if (trace?.detail === true) trace.record({ type: 'callback-end', callback: name, began });
}

/**
 * Runs a callback in the context that calls it on the target, so that a service in it knows whom it holds up.
 * A callback that is a plain function just runs; one that is a `function*` runs as part of the calling thread.
 */
export function* dispatch<R>(kernel: Kernel, name: string, call: () => R | Op<R>): Generator<Suspension, R, unknown> {
  const frame = beginCallback(kernel, name);
  try {
    const result = call();
    return isOp(result) ? yield* result : result;
  } finally {
    endCallback(kernel, frame);
  }
}
