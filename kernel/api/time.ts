import { enter } from '../caller-context.ts';
import { TX_SUCCESS, type UINT, type ULONG } from '../constants.ts';
import { withValue, type Op } from '../op.ts';

/** The count of ticks, 32 bits wide (C: `tx_time_get`). Legal in every context. */
export function tx_time_get(): Op<ULONG> {
  const kernel = enter('tx_time_get');
  kernel.eventLog?.insert('tx_time_get', kernel.ticks.time);
  return withValue(kernel.finish(TX_SUCCESS), kernel.ticks.time);
}

/** Sets the count of ticks (C: `tx_time_set`). Time-outs and timers go on as they were. Legal in every context. */
export function tx_time_set(new_time: ULONG): Op<UINT> {
  const kernel = enter('tx_time_set');
  kernel.eventLog?.insert('tx_time_set', new_time);
  kernel.ticks.time = new_time;
  return kernel.finish(TX_SUCCESS);
}
