/** What the C library counts when it is built with a `TX_…_ENABLE_PERFORMANCE_INFO` macro, as the services show it. */
import { enter } from '../caller-context.ts';
import { flagMacro } from '../config.ts';
import { TX_FEATURE_NOT_ENABLED, TX_PTR_ERROR, TX_SUCCESS, type UINT, type ULONG } from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import type { Op } from '../op.ts';
import type { Out } from '../out.ts';
import { totalOf, type Counters } from '../performance.ts';
import type { TraceEventName } from '../trace-events.ts';

/** An out-parameter for a counter; NULL where it is not wanted. */
export type CounterOut = Out<ULONG> | null;

/** The out-parameters of a service by the counters they receive. */
type CounterOuts<C> = { readonly [name in keyof C]?: CounterOut };

/** Hands counters to the out-parameters that ask for them. */
export function deliver<C extends Counters>(counters: C, outs: CounterOuts<C>): void {
  for (const name in outs) {
    const to = outs[name];
    if (to) to.value = (counters[name] ?? 0) >>> 0;
  }
}

/**
 * One object's counters: `TX_FEATURE_NOT_ENABLED` unless the macro is set; `TX_PTR_ERROR` for NULL or one that does not
 * exist.
 */
export function countersOf<C extends Counters, T extends { readonly performance: C }>(
  service: TraceEventName,
  macro: string,
  object: T | null,
  listOf: (kernel: Kernel) => { has(object: T): boolean },
  outs: CounterOuts<C>,
): Op<UINT> {
  const kernel = enter(service);
  if (!flagMacro(kernel.macros, macro)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  if (object === null || !listOf(kernel).has(object)) return kernel.finish(TX_PTR_ERROR);
  kernel.eventLog?.insert(service, object);
  deliver(object.performance, outs);
  return kernel.finish(TX_SUCCESS);
}

/** The counters of all objects of a kind, those included that were deleted. */
export function systemCounters<C extends Counters>(
  service: TraceEventName,
  macro: string,
  partsOf: (kernel: Kernel) => readonly [retired: C, objects: Iterable<{ readonly performance: C }>],
  outs: CounterOuts<C>,
): Op<UINT> {
  const kernel = enter(service);
  if (!flagMacro(kernel.macros, macro)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert(service);
  deliver(totalOf(...partsOf(kernel)), outs);
  return kernel.finish(TX_SUCCESS);
}
