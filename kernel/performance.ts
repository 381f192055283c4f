/**
 * What ThreadX counts with its `TX_*_ENABLE_PERFORMANCE_INFO` macros. The kernel counts always, since the summary of a
 * run shows it too; the macros decide whether firmware sees it.
 */
import type { TX_THREAD } from './thread.ts';

/** Any set of counters. */
export type Counters = Record<string, number>;

export const semaphoreCounters = () => ({ puts: 0, gets: 0, suspensions: 0, timeouts: 0 });

export const mutexCounters = () => ({
  puts: 0,
  gets: 0,
  suspensions: 0,
  timeouts: 0,
  /** Waits for an owner of lower priority. */
  inversions: 0,
  /** Owners that were lent a waiter's priority. */
  inheritances: 0,
});

export const eventFlagsCounters = () => ({ sets: 0, gets: 0, suspensions: 0, timeouts: 0 });

export const queueCounters = () => ({
  messages_sent: 0,
  messages_received: 0,
  empty_suspensions: 0,
  full_suspensions: 0,
  full_errors: 0,
  timeouts: 0,
});

export const blockPoolCounters = () => ({ allocates: 0, releases: 0, suspensions: 0, timeouts: 0 });

export const bytePoolCounters = () => ({
  allocates: 0,
  releases: 0,
  fragments_searched: 0,
  merges: 0,
  splits: 0,
  suspensions: 0,
  timeouts: 0,
});

export const timerCounters = () => ({
  activates: 0,
  reactivates: 0,
  deactivates: 0,
  expirations: 0,
  /** Passes of the 32-slot list that a long timer sat through. */
  expiration_adjusts: 0,
});

export const threadCounters = () => ({
  resumptions: 0,
  suspensions: 0,
  /** Preemptions by what a thread's own service made ready. */
  solicited_preemptions: 0,
  /** Preemptions by what an interrupt made ready. */
  interrupt_preemptions: 0,
  priority_inversions: 0,
  time_slices: 0,
  relinquishes: 0,
  timeouts: 0,
  wait_aborts: 0,
});

/** What deleted objects had counted, and what belongs to no object. */
export class PerformanceTotals {
  readonly semaphores = semaphoreCounters();
  readonly mutexes = mutexCounters();
  readonly eventFlags = eventFlagsCounters();
  readonly queues = queueCounters();
  readonly blockPools = blockPoolCounters();
  readonly bytePools = bytePoolCounters();
  readonly timers = timerCounters();
  readonly threads = threadCounters();
  /** Threads that gave the processor up while another was ready. */
  nonIdleReturns = 0;
  /** Threads that gave the processor up with nothing else to run. */
  idleReturns = 0;
}

/** Adds counters of one kind. */
export function addCounters<C extends Counters>(to: C, from: C): C {
  for (const name in from) to[name] = ((to[name] ?? 0) + (from[name] ?? 0)) as C[typeof name];
  return to;
}

/** The sum over all objects of a kind, those that were deleted included. */
export function totalOf<C extends Counters>(retired: C, objects: Iterable<{ readonly performance: C }>): C {
  const sum = { ...retired };
  for (const { performance } of objects) addCounters(sum, performance);
  return sum;
}

/** Notes that `by` has taken the processor from a thread that was ready to go on. */
export function countPreemption(preempted: TX_THREAD, by: TX_THREAD, context: string): void {
  preempted.lastPreemptedBy = by;
  if (context === 'isr') preempted.performance.interrupt_preemptions++;
  else if (context !== 'init') preempted.performance.solicited_preemptions++;
}
