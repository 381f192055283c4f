import type { Context } from './kernel-options.ts';
import type { Precedence } from './ports.ts';
import { Scheduler } from './scheduler.ts';
import type { TX_THREAD } from './thread.ts';

/** What the scheduler has to know of its device. */
interface Device {
  readonly now: number;
  readonly context: Context;
}

/** A thread that has become ready at the present moment and has not run since. */
interface Newcomer {
  readonly thread: TX_THREAD;
  readonly rank: number;
  readonly runs: number;
}

/**
 * A scheduler that varies what firmware must not rely on: the order among threads of equal priority that become ready at
 * the same moment by the boot, by a tick or by interrupts. On a board it depends on the order of `tx_thread_create` calls
 * and on phases of ticks that the next version of the firmware changes.
 *
 * Everything else is as ThreadX promises it: priorities, preemption, a thread that was preempted goes on first, a thread
 * that a service of another thread has made ready comes behind its equals, and so does one that gives up its turn.
 */
export class VariedScheduler extends Scheduler {
  readonly #precedence: Precedence;
  readonly #device: Device;
  readonly #numbers = new Map<TX_THREAD, number>();
  #newcomers: Newcomer[] = [];
  #moment = -1;

  constructor(priorities: number, precedence: Precedence, device: Device) {
    super(priorities);
    this.#precedence = precedence;
    this.#device = device;
  }

  override ready(thread: TX_THREAD): void {
    super.ready(thread);
    const { now, context } = this.#device;
    if (context === 'thread' || context === 'idle') return;
    if (now !== this.#moment) this.#newcomers = [];
    this.#moment = now;
    const rank = this.#precedence.rank(now, this.#numberOf(thread));
    const before = this.#goesBefore(thread, rank);
    this.#newcomers.push({ thread, rank, runs: thread.tx_thread_run_count });
    if (before === null) return;
    this.list.remove(thread);
    this.list.insertBefore(thread, before);
    // The other one was to run next, but has not begun to.
    if (this.execute === before) this.execute = thread;
  }

  /** The first of the newcomers that stand last among the ready threads of its priority and go behind it; or null. */
  #goesBefore(thread: TX_THREAD, rank: number): TX_THREAD | null {
    let before: TX_THREAD | null = null;
    const head = this.list.head(thread.tx_thread_priority);
    for (let other = thread.readyPrevious; other !== null && other !== thread; other = other.readyPrevious) {
      const newcomer = this.#newcomers.find((one) => one.thread === other);
      if (newcomer?.runs !== other.tx_thread_run_count || other === this.current || newcomer.rank <= rank) break;
      before = other;
      if (other === head) break;
    }
    return before;
  }

  #numberOf(thread: TX_THREAD): number {
    const known = this.#numbers.get(thread);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(thread, number);
    return number;
  }
}
