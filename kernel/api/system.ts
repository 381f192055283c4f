import { enter } from '../caller-context.ts';
import { TX_SUCCESS, type UINT } from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import { compound, isOp, KERNEL_ENTERED, withValue, type Op, type Suspension } from '../op.ts';
import { enteredTwice } from '../report.ts';

/**
 * Starts the kernel from the firmware's `main` (C: `tx_kernel_enter`): runs `tx_application_define`, then the threads. It
 * never returns. A firmware without a `main` needs no call.
 */
export function tx_kernel_enter(): Op<never> {
  const kernel = enter('tx_kernel_enter');
  const { applicationDefine } = kernel;
  if (applicationDefine === null) throw enteredTwice();
  kernel.applicationDefine = null;
  return compound(kernel.op, enterKernel(kernel, applicationDefine));
}

function* enterKernel(kernel: Kernel, define: () => void | Op<unknown>): Generator<Suspension, never, unknown> {
  kernel.finish(TX_SUCCESS);
  const result = define();
  if (isOp(result)) yield* result;
  for (;;) yield KERNEL_ENTERED;
}

/**
 * Disables or enables interrupts for the calling thread (C: `tx_interrupt_control`): ticks, packets and other interrupts
 * wait until it enables them, or until another thread runs. Legal in every context.
 *
 * @param new_posture - `TX_INT_DISABLE` or `TX_INT_ENABLE`
 * @returns the posture before
 */
export function tx_interrupt_control(new_posture: UINT): Op<UINT> {
  const kernel = enter('tx_interrupt_control');
  kernel.eventLog?.insert('tx_interrupt_control', new_posture);
  return withValue(kernel.finish(TX_SUCCESS), kernel.interrupts.control(new_posture));
}
