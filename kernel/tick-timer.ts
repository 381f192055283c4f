import { TX_SUCCESS, TX_SUSPENDED, TX_WAIT_FOREVER } from './constants.ts';
import type { Kernel } from './kernel.ts';
import { isOp, type Op, type Thread } from './op.ts';
import { ClockEvent } from './ports.ts';
import { ThreadTimeout, TX_THREAD } from './thread.ts';
import { DueHeap, type DueEntry } from './due-heap.ts';
import { timerInterrupt } from './off-thread.ts';
import { createThread, startThread } from './thread-life.ts';
import { abandonWait, block } from './waiting.ts';

/** Slots of ThreadX's list of timers: how many ticks it looks ahead. */
const SLOTS = 32;

/** A timer whose expiry runs code in the timer thread. */
export interface ExpiringTimer extends DueEntry {
  /** Begins the expiration routine; the timer thread delegates to what it gives back, if it is an operation. */
  expire(kernel: Kernel): void | Op<void>;
  /** The routine is over. */
  expired(kernel: Kernel): void;
}

/** What can expire at a tick. */
export type Expiring = ThreadTimeout | ExpiringTimer;

/**
 * The device's tick, without ticking: the world is asked to call at the next tick at which something expires, and the
 * tick count is worked out from the virtual time when somebody reads it.
 *
 * Timers count on a wheel that follows the ticks. As in ThreadX it stands still from the tick at which something expires
 * until the timer thread deals with it: where a preemption-threshold keeps that thread waiting, timers fall behind.
 */
export class TickTimer extends ClockEvent {
  /** The system timer thread, in which time-outs and expiration routines run. */
  readonly thread = new TX_THREAD();
  readonly #kernel: Kernel;
  /** What is active, by the tick of its expiry: a heap, so that sleeping threads cost nothing per tick. */
  readonly #timers = new DueHeap<Expiring>();
  readonly #rate: number;
  #epoch = 0;
  /** A virtual time and its tick, as somebody asked last. */
  #tickTime = -1;
  #tickThen = 0;
  #armed = Infinity;
  /** What `tx_time_set` added to the count of ticks since boot. */
  #offset = 0;
  /** Ticks by which the wheel is behind. */
  #lag = 0;
  /** The tick since which the wheel stands still, if it does. */
  #stoppedAt: number | null = null;

  /** @param oscillator - how fast it goes against virtual time */
  constructor(kernel: Kernel, oscillator: number) {
    super();
    this.#kernel = kernel;
    this.#rate = kernel.config.TX_TIMER_TICKS_PER_SECOND * oscillator;
  }

  /** Ticks since boot; never wraps. */
  get tick(): number {
    const { now } = this.#kernel.clock;
    if (now === this.#tickTime) return this.#tickThen;
    const elapsed = now - this.#epoch;
    let tick = Math.floor((elapsed / 1e9) * this.#rate);
    while (this.#sinceBoot(tick + 1) <= elapsed) tick++;
    while (tick > 0 && this.#sinceBoot(tick) > elapsed) tick--;
    this.#tickTime = now;
    this.#tickThen = tick;
    return tick;
  }

  /** The 32-bit count that `tx_time_get` shows. */
  get time(): number {
    return (this.tick + this.#offset) % 2 ** 32;
  }

  set time(value: number) {
    this.#offset = (((value - this.tick) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }

  start(): void {
    const kernel = this.#kernel;
    this.#epoch = kernel.now;
    this.#tickTime = -1;
    createThread(kernel, this.thread, {
      name: 'System Timer Thread',
      entry: () => this.#body(),
      stack: new Uint8Array(0),
      priority: kernel.config.TX_TIMER_THREAD_PRIORITY,
      system: true,
    });
  }

  /**
   * Lets a timer expire `ticks` ticks from now: the first of them is the next tick, however near. Timers of one tick
   * expire in the order in which ThreadX has put them into the slot of that tick: a timer of more than 32 ticks is put
   * there last when 32 ticks or fewer are left, by its passes through the list.
   */
  activate(entry: Expiring, ticks: number): void {
    const wheel = this.#wheel;
    const leftAtLastPass = ((Math.max(1, ticks) - 1) % SLOTS) + 1;
    this.#timers.add(entry, wheel + ticks, SLOTS - leftAtLastPass);
    this.#arm();
  }

  deactivate(entry: Expiring): void {
    this.#timers.remove(entry);
  }

  isActive(entry: Expiring): boolean {
    return entry.heapIndex >= 0;
  }

  /** Ticks that an active timer has left. */
  left(entry: Expiring): number {
    return Math.max(1, entry.dueAt - this.#wheel);
  }

  /** Where the wheel is: a timer of one tick expires at the next. */
  get #wheel(): number {
    return (this.#stoppedAt === null ? this.tick : this.#stoppedAt - 1) - this.#lag;
  }

  /** Whether anything is going to expire. */
  get pending(): boolean {
    return this.#timers.firstDue !== Infinity;
  }

  fire(): void {
    this.#armed = Infinity;
    if (this.#timers.firstDue + this.#lag > this.tick) this.#arm();
    else timerInterrupt(this.#kernel);
  }

  /** Part of the timer interrupt: stops the wheel and wakes the timer thread, where something is due. */
  expire(): void {
    const due = this.#timers.firstDue + this.#lag;
    if (this.#stoppedAt !== null || due > this.tick) return;
    this.#armed = Infinity;
    this.#kernel.clock.cancel(this);
    this.#stoppedAt = due;
    if (this.thread.tx_thread_state === TX_SUSPENDED) startThread(this.#kernel, this.thread);
  }

  #arm(): void {
    const next = this.#timers.firstDue + this.#lag;
    if (this.#stoppedAt !== null || next >= this.#armed) return;
    this.#armed = next;
    this.#kernel.clock.schedule(Math.max(this.timeOf(next), this.#kernel.now), this);
  }

  /** The virtual time of a tick, in nanoseconds. */
  timeOf(tick: number): number {
    return this.#epoch + this.#sinceBoot(tick);
  }

  /** Nanoseconds from boot to a tick. */
  #sinceBoot(tick: number): number {
    return Math.ceil((tick * 1e9) / this.#rate);
  }

  *#body(): Thread {
    const kernel = this.#kernel;
    for (;;) {
      const stoppedAt = this.#stoppedAt;
      if (stoppedAt === null) {
        block(kernel, this.thread, TX_SUSPENDED, TX_WAIT_FOREVER);
        this.#arm();
        yield* kernel.finish(TX_SUCCESS);
        continue;
      }
      const due = stoppedAt - this.#lag;
      this.#lag += this.tick - stoppedAt;
      this.#stoppedAt = null;
      for (let entry = this.#timers.first; entry !== undefined && entry.dueAt <= due; entry = this.#timers.first) {
        this.#timers.remove(entry);
        if (entry instanceof ThreadTimeout) {
          abandonWait(kernel, entry.thread, 'timeout');
          continue;
        }
        const routine = entry.expire(kernel);
        if (isOp(routine)) yield* routine;
        entry.expired(kernel);
      }
      this.#arm();
    }
  }
}
