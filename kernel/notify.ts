import { dispatch } from './callback.ts';
import { TX_SUCCESS } from './constants.ts';
import type { Kernel } from './kernel.ts';
import { compound, type Op, type ServiceOp, type Suspension } from './op.ts';

/**
 * A service that tells the application when it has succeeded: its notification runs in the caller's context, after the
 * service has done its work and before it returns.
 *
 * @param call - calls the notification; null where none is set
 */
export function notifying(
  kernel: Kernel,
  name: string,
  op: ServiceOp,
  call: (() => void | Op<void>) | null,
): Op<number> {
  return call === null ? op : compound(kernel.op, thenNotify(kernel, name, op, call));
}

function* thenNotify(
  kernel: Kernel,
  name: string,
  op: ServiceOp,
  call: () => void | Op<void>,
): Generator<Suspension, number, unknown> {
  const status = yield* op;
  if (status === TX_SUCCESS) yield* dispatch(kernel, name, call);
  return yield* kernel.finish(status);
}
