import { TX_NO_TIME_SLICE, TX_SUSPENDED, type UINT, type ULONG } from './constants.ts';
import type { CallbackFrame } from './callback.ts';
import type { Kernel } from './kernel.ts';
import type { Callback, ServiceOp, Thread } from './op.ts';
import type { TX_MUTEX } from './mutex.ts';
import { threadCounters } from './performance.ts';
import type { DueEntry } from './due-heap.ts';
import type { WaitList } from './wait-list.ts';

/** A thread's entry function; it gets the `entry_input` of `tx_thread_create`. */
export type ThreadEntry = (entry_input: ULONG) => Thread;

/** Marks a created thread, as ThreadX's own identifier does. */
export const THREAD_ID = 0x54485244;

/** What a suspended thread asked for; each kind of object knows its own. */
export type WaitRequest =
  | { readonly kind: 'flags'; readonly requested: number; readonly option: number; readonly actual: { value: number } }
  | { readonly kind: 'message' | 'front-message'; readonly buffer: Uint32Array }
  | OtherRequest;

/** The requests of the layers above the kernel; each adds its own by declaration merging. */
export interface RequestKinds {
  readonly none: never;
}

type OtherRequest = RequestKinds[keyof RequestKinds];

/**
 * A thread control block. Created zeroed and unusable; `tx_thread_create` brings it to life. The fields under their C
 * names are live and may be read by firmware; the others belong to the scheduler.
 */
export class TX_THREAD {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 176;

  tx_thread_id: ULONG = 0;
  tx_thread_name = '';
  tx_thread_state: UINT = 0;
  /** The priority in effect, raised while a mutex lends one. */
  tx_thread_priority: UINT = 0;
  /** The preemption-threshold in effect. */
  tx_thread_preempt_threshold: UINT = 0;
  tx_thread_user_priority: UINT = 0;
  tx_thread_user_preempt_threshold: UINT = 0;
  /** How often the scheduler has given the processor to this thread. */
  tx_thread_run_count: ULONG = 0;
  /** Ticks left of the thread's time slice, as of when it last got the processor; 0 for none. */
  tx_thread_time_slice: ULONG = TX_NO_TIME_SLICE;
  /** Ticks of a whole slice. */
  tx_thread_new_time_slice: ULONG = TX_NO_TIME_SLICE;
  tx_thread_stack_start: Uint8Array | null = null;
  tx_thread_stack_size: ULONG = 0;
  tx_thread_owned_mutex_count: UINT = 0;

  readyNext: TX_THREAD | null = null;
  readyPrevious: TX_THREAD | null = null;
  waitList: WaitList | null = null;
  waitNext: TX_THREAD | null = null;
  waitPrevious: TX_THREAD | null = null;
  waitRequest: WaitRequest | null = null;
  /** Ticks the thread was ready to wait when it suspended. */
  waitTicks = 0;
  /** Where the thread stood (virtual ns) when it suspended. */
  suspendedAt = 0;
  /** A `tx_thread_suspend` that takes effect when the present wait ends. */
  suspendsNext = false;

  entry: ThreadEntry | null = null;
  entryInput: ULONG = 0;
  body: Thread | null = null;
  /** The pooled operation; set by `tx_thread_create`. */
  op: ServiceOp | null = null;
  /** A thread of the kernel or of the network stack, not of the firmware. */
  system = false;
  /** The innermost callback this thread is running for somebody, if any. */
  callback: CallbackFrame | null = null;
  timeout: ThreadTimeout | null = null;
  readonly ownedMutexes: TX_MUTEX[] = [];
  /** CPU time consumed, in nanoseconds. */
  cpuTime = 0;
  performance = threadCounters();
  lastPreemptedBy: TX_THREAD | null = null;
  /** Since when (virtual ns) the thread has been ready without having the processor. */
  readySince = 0;
  /** The longest it was ready without having the processor, in nanoseconds. */
  longestReady = 0;
  /** The thread has disabled interrupts (`tx_interrupt_control`). */
  interruptsDisabled = false;
  kernel: Kernel | null = null;
  /** Told when the thread begins and when it ends. */
  entryExitNotify: Callback<[thread: TX_THREAD, condition: UINT], void> | null = null;
}

/** The time-out of a suspended thread. */
export class ThreadTimeout implements DueEntry {
  readonly thread: TX_THREAD;
  dueAt = 0;
  heapIndex = -1;

  constructor(thread: TX_THREAD) {
    this.thread = thread;
  }
}

/** Brings a zeroed control block to the state right after creation: suspended, at its entry. */
export function initializeThread(
  thread: TX_THREAD,
  kernel: Kernel,
  op: ServiceOp,
  parts: {
    readonly name: string;
    readonly entry: ThreadEntry;
    readonly entryInput: ULONG;
    readonly stack: Uint8Array;
    readonly stackSize: ULONG;
    readonly priority: UINT;
    readonly threshold: UINT;
    readonly timeSlice: ULONG;
    readonly system?: boolean;
  },
): void {
  thread.tx_thread_id = THREAD_ID;
  thread.tx_thread_name = parts.name;
  thread.tx_thread_state = TX_SUSPENDED;
  thread.tx_thread_priority = parts.priority;
  thread.tx_thread_user_priority = parts.priority;
  thread.tx_thread_preempt_threshold = parts.threshold;
  thread.tx_thread_user_preempt_threshold = parts.threshold;
  thread.tx_thread_time_slice = parts.timeSlice;
  thread.tx_thread_new_time_slice = parts.timeSlice;
  thread.tx_thread_stack_start = parts.stack;
  thread.tx_thread_stack_size = parts.stackSize;
  thread.tx_thread_run_count = 0;
  thread.performance = threadCounters();
  thread.lastPreemptedBy = null;
  thread.cpuTime = 0;
  thread.readySince = 0;
  thread.longestReady = 0;
  thread.interruptsDisabled = false;
  thread.entry = parts.entry;
  thread.entryInput = parts.entryInput;
  thread.body = null;
  thread.op = op;
  thread.system = parts.system ?? false;
  thread.kernel = kernel;
  thread.timeout = new ThreadTimeout(thread);
}
