import { enter } from './caller-context.ts';
import { TX_SUCCESS, type UINT } from './constants.ts';
import type { Op } from './op.ts';

/**
 * Spends CPU time: the firmware's own computing, which takes no time in JavaScript. Interrupts and threads of higher
 * priority come in between, as they would on the target.
 *
 * @param nanoseconds - how long the computation takes on the target
 */
export function consume(nanoseconds: number): Op<UINT> {
  const kernel = enter('consume');
  kernel.op.charge += Math.max(0, nanoseconds);
  return kernel.finish(TX_SUCCESS);
}
