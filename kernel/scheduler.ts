import { ReadyList } from './ready-list.ts';
import type { TX_THREAD } from './thread.ts';

/**
 * Decides which thread runs: the first of the highest priority, unless a running thread's preemption-threshold keeps
 * those above it out. Knows nothing of time or of waiting.
 */
export class Scheduler {
  /** The thread that has the processor. */
  current: TX_THREAD | null = null;
  /** The thread that should have it. */
  execute: TX_THREAD | null = null;
  readonly list: ReadyList;
  /** Threads that were preempted while a preemption-threshold of theirs was in force: they go on before others below it. */
  #preempted: TX_THREAD[] = [];

  constructor(priorities: number) {
    this.list = new ReadyList(priorities);
  }

  /** Adds a thread behind the ready ones of its priority; it preempts where its priority allows. */
  ready(thread: TX_THREAD): void {
    this.list.append(thread);
    const running = this.execute;
    if (running === null) {
      this.execute = thread;
    } else if (thread.tx_thread_priority < running.tx_thread_preempt_threshold) {
      this.#remember(running);
      this.execute = thread;
    }
  }

  /** Takes a ready thread out. */
  unready(thread: TX_THREAD): void {
    this.list.remove(thread);
    if (this.#preempted.length > 0) this.#preempted = this.#preempted.filter((other) => other !== thread);
    if (this.execute === thread) this.execute = this.#next();
  }

  /** Puts the running thread behind the others of its priority; its threshold keeps nobody out meanwhile. */
  relinquish(thread: TX_THREAD): void {
    this.list.rotateBehind(thread);
    this.execute = this.list.head(this.list.highest());
  }

  /**
   * A running thread's time slice is used up: the next of its priority has its turn, if there is one and no
   * preemption-threshold is in force.
   *
   * @returns whether another thread has its turn
   */
  rotate(thread: TX_THREAD): boolean {
    const { tx_thread_priority: priority, tx_thread_preempt_threshold: threshold } = thread;
    if (thread.readyNext === null || thread.readyNext === thread || threshold !== priority) return false;
    this.list.rotateBehind(thread);
    this.execute = this.list.head(this.list.highest());
    return true;
  }

  /**
   * Keeps the processor for the thread that has it, also where others were to have it already, until
   * {@link changeThreshold} gives it a threshold that lets them.
   */
  hold(thread: TX_THREAD): void {
    thread.tx_thread_preempt_threshold = 0;
    if (this.#preempted.length > 0) this.#preempted = this.#preempted.filter((other) => other !== thread);
    this.execute = thread;
  }

  /** Gives a thread another preemption-threshold; its place among the ready threads stays. */
  changeThreshold(thread: TX_THREAD, threshold: number): void {
    thread.tx_thread_preempt_threshold = threshold;
    if (this.execute !== thread) return;
    const next = this.#contend(thread);
    if (next === thread) return;
    this.#remember(thread);
    this.execute = next;
  }

  /** Gives a thread another priority and threshold; one that was running and is lowered stays first at its new priority. */
  reprioritize(thread: TX_THREAD, priority: number, threshold: number, isReady: boolean): void {
    if (!isReady) {
      thread.tx_thread_priority = priority;
      thread.tx_thread_preempt_threshold = threshold;
      return;
    }
    const wasRunning = this.execute === thread;
    const isLowered = priority > thread.tx_thread_priority;
    this.list.remove(thread);
    thread.tx_thread_priority = priority;
    thread.tx_thread_preempt_threshold = threshold;
    if (wasRunning && isLowered) this.list.prepend(thread);
    else this.list.append(thread);
    const running = wasRunning ? thread : this.execute;
    this.execute = this.#contend(running);
    if (running !== null && this.execute !== running) this.#remember(running);
  }

  #contend(running: TX_THREAD | null): TX_THREAD | null {
    const best = this.list.head(this.list.highest());
    if (best === null || running === null || best === running) return best;
    return best.tx_thread_priority < running.tx_thread_preempt_threshold ? best : running;
  }

  #remember(thread: TX_THREAD): void {
    if (thread.tx_thread_preempt_threshold === thread.tx_thread_priority) return;
    if (!this.#preempted.includes(thread)) this.#preempted.push(thread);
  }

  #next(): TX_THREAD | null {
    const highest = this.list.highest();
    if (highest < 0) return null;
    let waiting: TX_THREAD | null = null;
    for (const thread of this.#preempted) {
      if (waiting === null || thread.tx_thread_priority < waiting.tx_thread_priority) waiting = thread;
    }
    if (waiting !== null && highest >= waiting.tx_thread_preempt_threshold) {
      this.#preempted = this.#preempted.filter((thread) => thread !== waiting);
      return waiting;
    }
    return this.list.head(highest);
  }
}
