import { enter } from '../../../kernel/caller-context.ts';
import { TX_SUCCESS, TX_TCP_IP, TX_WAIT_FOREVER } from '../../../kernel/constants.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { ClockEvent } from '../../../kernel/ports.ts';
import type { TX_THREAD } from '../../../kernel/thread.ts';
import { WaitList } from '../../../kernel/wait-list.ts';
import { resume, suspendCurrent } from '../../../kernel/waiting.ts';
import type { Suspending } from './native.ts';

const TIMED_OUT = 1;

/**
 * What a task waits for until somebody raises it: a readiness, a message. One that is raised while nobody waits is
 * remembered, once. Time-outs are in milliseconds and exact, whatever the device's tick.
 */
export class Signal {
  readonly #kernel: Kernel;
  readonly #what: string;
  readonly #waiters: WaitList;
  #raised = false;

  /** @param what - for reports: `events of iosched` */
  constructor(kernel: Kernel, what: string) {
    this.#kernel = kernel;
    this.#what = what;
    this.#waiters = new WaitList({ describe: () => this.#what }, TIMED_OUT);
  }

  /** Wakes whoever waits. May be called from any context; does not wait. */
  raise(): void {
    if (this.#waiters.first === null) {
      this.#raised = true;
      return;
    }
    for (const thread of this.#waiters) resume(this.#kernel, thread, TX_SUCCESS);
  }

  /** Forgets that it was raised. */
  clear(): void {
    this.#raised = false;
  }

  /**
   * Waits in the calling task until it is raised.
   *
   * @param service - as the script knows it, for reports
   * @param timeout - milliseconds; undefined to wait for ever, 0 not to wait
   * @returns whether it was raised in time
   */
  *wait(service: string, timeout: number | undefined): Suspending<boolean> {
    const kernel = enter(service);
    if (this.#raised || timeout === 0) {
      const raised = this.#raised;
      this.#raised = false;
      yield* kernel.finish(TX_SUCCESS);
      return raised;
    }
    const { current } = kernel;
    const alarm = timeout === undefined || current === null ? null : new Alarm(kernel, current, this.#waiters);
    if (timeout !== undefined) alarm?.set(timeout);
    try {
      // The state of a thread that waits for the outside: it may stay there for good without being stuck.
      const status = yield* suspendCurrent(kernel, TX_TCP_IP, this.#waiters, TX_WAIT_FOREVER);
      return status === TX_SUCCESS;
    } finally {
      alarm?.cancel();
    }
  }
}

/** Ends a thread's wait at a time. */
class Alarm extends ClockEvent {
  readonly #kernel: Kernel;
  readonly #thread: TX_THREAD;
  readonly #waiters: WaitList;

  constructor(kernel: Kernel, thread: TX_THREAD, waiters: WaitList) {
    super();
    this.#kernel = kernel;
    this.#thread = thread;
    this.#waiters = waiters;
  }

  set(milliseconds: number): void {
    const { clock } = this.#kernel;
    // Beyond any run; the clock knows no time that never comes.
    clock.schedule(clock.now + Math.min(Math.max(0, milliseconds), 1e9) * 1e6, this);
  }

  cancel(): void {
    this.#kernel.clock.cancel(this);
  }

  fire(): void {
    this.#kernel.interrupt('a timer', () => {
      if (this.#thread.waitList === this.#waiters) resume(this.#kernel, this.#thread, TIMED_OUT);
    });
  }
}
