import fc from 'fast-check';

/** What a thread of a random program does, one step after another. Objects and threads are named by number. */
export type Step =
  | { readonly do: 'get' | 'receive' | 'lock'; readonly on: number; readonly wait: number }
  | { readonly do: 'flags'; readonly on: number; readonly wait: number; readonly clear: boolean }
  | { readonly do: 'send'; readonly on: number; readonly wait: number; readonly front: boolean }
  | { readonly do: 'put' | 'unlock' | 'raise' | 'resume' | 'suspend' | 'abort' | 'terminate'; readonly on: number }
  | { readonly do: 'sleep'; readonly ticks: number }
  | { readonly do: 'work'; readonly units: number }
  | { readonly do: 'priority' | 'threshold'; readonly on: number; readonly to: number }
  | { readonly do: 'relinquish' };

export interface ThreadPlan {
  readonly priority: number;
  /** How far the preemption-threshold is above the priority. */
  readonly guard: number;
  readonly slice: number;
  readonly steps: readonly Step[];
}

export interface TimerPlan {
  readonly initial: number;
  readonly reschedule: number;
  /** The semaphore that the timer puts. */
  readonly puts: number;
}

/** A random program: threads, timers, and whether the mutexes lend priority. */
export interface Program {
  readonly threads: readonly ThreadPlan[];
  readonly timers: readonly TimerPlan[];
  readonly inherit: boolean;
}

export const SEMAPHORES = 2;
export const MUTEXES = 2;
export const QUEUES = 2;
/** Messages that a queue holds. */
export const CAPACITY = 2;
/** A unit of work, in nanoseconds: sums of it never end at a tick. */
export const UNIT = 1_000_003;
/** The length of a run, in ticks. */
export const TICKS = 400;
export const FOREVER = 0xffffffff;

const two = fc.integer({ min: 0, max: 1 });
const thread = fc.integer({ min: 0, max: 4 });
const priority = fc.integer({ min: 2, max: 6 });

/**
 * Steps of random threads.
 *
 * @param long - ticks of the longest waits: more than 32 lets timers sit through passes of the list
 */
const stepsOf = (long: readonly number[]): fc.Arbitrary<Step> => {
  const wait = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 }), fc.constantFrom(...long, FOREVER));
  const ticks = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(...long));
  return fc.oneof(
    fc.record({ do: fc.constantFrom('get' as const, 'receive' as const, 'lock' as const), on: two, wait }),
    fc.record({ do: fc.constant('flags' as const), on: two, wait, clear: fc.boolean() }),
    fc.record({ do: fc.constant('send' as const), on: two, wait, front: fc.boolean() }),
    fc.record({ do: fc.constantFrom('put' as const, 'unlock' as const, 'raise' as const), on: two }),
    fc.record({ do: fc.constantFrom('resume' as const, 'suspend' as const, 'abort' as const), on: thread }),
    fc.record({ do: fc.constant('sleep' as const), ticks }),
    fc.record({ do: fc.constant('work' as const), units: fc.integer({ min: 1, max: 35 }) }),
    fc.record({ do: fc.constantFrom('priority' as const, 'threshold' as const), on: thread, to: priority }),
    fc.constant<Step>({ do: 'relinquish' }),
    fc.record({ do: fc.constant('terminate' as const), on: thread }),
  );
};

const programOf = (guards: readonly number[], long: readonly number[]): fc.Arbitrary<Program> =>
  fc.record({
    threads: fc.array(
      fc.record({
        priority: fc.integer({ min: 3, max: 7 }),
        guard: fc.constantFrom(...guards),
        slice: fc.constantFrom(0, 0, 1, 2, 3),
        steps: fc.array(stepsOf(long), { minLength: 1, maxLength: 12 }),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    timers: fc.array(
      fc.record({
        initial: fc.constantFrom(1, 2, 5, 9, ...long),
        reschedule: fc.constantFrom(0, 3, 7, ...long),
        puts: two,
      }),
      { maxLength: 2 },
    ),
    inherit: fc.boolean(),
  });

/** Programs with waits of several passes through the list of timers. */
export const longWaits = programOf([0, 0, 0, 1, 2], [33, 40, 64, 70]);

/** Programs whose preemption-thresholds keep even the timer thread waiting. */
export const closedDoors = programOf([0, 0, 3], [20, 31, 32]);
