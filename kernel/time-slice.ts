import type { Kernel } from './kernel.ts';
import { ClockEvent } from './ports.ts';
import type { TX_THREAD } from './thread.ts';
import { timerInterrupt } from './off-thread.ts';

/**
 * Time slices, without ticking: the world is asked to call at the tick at which the running thread's slice is used up,
 * and only while another thread of its priority is ready. A thread that is alone uses slice after slice, and nobody
 * notices.
 */
export class TimeSlice extends ClockEvent {
  readonly #kernel: Kernel;
  /** The running thread, if it has a time slice. */
  #thread: TX_THREAD | null = null;
  /** The tick at which it got the processor. */
  #since = 0;
  /** The tick at which its slice is used up, while somebody waits for that. */
  #dueTick: number | null = null;

  constructor(kernel: Kernel) {
    super();
    this.#kernel = kernel;
  }

  /** The processor goes to another thread, or to none: what is left of a slice is kept for a thread that was preempted. */
  switchTo(thread: TX_THREAD | null): void {
    const before = this.#thread;
    if (before !== null) {
      before.tx_thread_time_slice = this.#left(before);
      this.#stop();
    }
    if (thread === null || thread.tx_thread_new_time_slice === 0) return;
    if (thread.tx_thread_time_slice === 0) thread.tx_thread_time_slice = thread.tx_thread_new_time_slice;
    this.#thread = thread;
    this.#since = this.#kernel.ticks.tick;
    if (thread.readyNext !== thread) this.#arm(thread);
  }

  /** A thread has become ready or changed its priority: the running one may have to share its own from now on. */
  contend(): void {
    const thread = this.#thread;
    if (thread === null || this.#dueTick !== null || thread.readyNext === thread || thread.readyNext === null) return;
    this.#arm(thread);
  }

  /** A thread that gives the processor up by itself begins with a whole slice when it gets it back. */
  renew(thread: TX_THREAD): void {
    if (this.#thread === thread) this.#stop();
    thread.tx_thread_time_slice = thread.tx_thread_new_time_slice;
  }

  /** A running thread lets others of its priority go first: its slice begins anew, should it go on all the same. */
  refresh(thread: TX_THREAD): void {
    if (this.#thread !== thread) return;
    this.renew(thread);
    this.switchTo(thread);
  }

  fire(): void {
    timerInterrupt(this.#kernel);
  }

  /** Part of the timer interrupt: ends a slice that is used up. */
  expire(): void {
    const thread = this.#thread;
    const { scheduler, eventLog, ticks } = this.#kernel;
    if (thread === null || this.#dueTick === null || ticks.tick < this.#dueTick) return;
    this.renew(thread);
    if (scheduler.rotate(thread)) thread.performance.time_slices++;
    eventLog?.insert('TIME_SLICE', scheduler.execute);
    // Where nobody could take its turn the thread goes on, with another slice.
    if (scheduler.execute === thread) this.switchTo(thread);
  }

  /** Ticks left of a running thread's slice: a slice that is used up is followed by the next. */
  #left(thread: TX_THREAD): number {
    const { tx_thread_time_slice: slice, tx_thread_new_time_slice: whole } = thread;
    const left = slice - (this.#kernel.ticks.tick - this.#since);
    return left > 0 || whole === 0 ? Math.max(1, left) : whole - (-left % whole);
  }

  #arm(thread: TX_THREAD): void {
    const { ticks, clock } = this.#kernel;
    this.#dueTick = ticks.tick + this.#left(thread);
    clock.schedule(Math.max(clock.now, ticks.timeOf(this.#dueTick)), this);
  }

  #stop(): void {
    this.#thread = null;
    if (this.#dueTick === null) return;
    this.#dueTick = null;
    this.#kernel.clock.cancel(this);
  }
}
