import { enter } from '../../../kernel/caller-context.ts';
import { TX_NO_EVENTS, TX_SUCCESS, TX_TCP_IP, TX_WAIT_FOREVER } from '../../../kernel/constants.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Suspension } from '../../../kernel/op.ts';
import { WaitList } from '../../../kernel/wait-list.ts';
import { resume, suspendCurrent } from '../../../kernel/waiting.ts';

/**
 * Something that threads wait for and others bring about. A thread that is woken looks for itself whether what it waits
 * for has come; whoever changes anything wakes all. Who does not want to wait can be told instead.
 */
export class Condition {
  readonly #list: WaitList;
  readonly #listeners = new Set<() => void>();

  /** @param what - what is waited for, for reports: `a datagram on socket 5` */
  constructor(what: () => string) {
    this.#list = new WaitList({ describe: what }, TX_NO_EVENTS);
  }

  /** Ends all waits. May be called from anywhere; what was woken runs when its turn has come. */
  wake(kernel: Kernel): void {
    for (const thread of this.#list) resume(kernel, thread, TX_SUCCESS);
    for (const listener of this.#listeners) listener();
  }

  /**
   * Calls a listener at every wake; it is not to wait.
   *
   * @returns what ends that
   */
  watch(listener: () => void): () => void {
    // One of its own for each watch, also where a function watches twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /**
   * Waits in the calling thread until `holds` gives true.
   *
   * @param service - what the thread is in, for reports: `dtls.recv`
   * @param ticks - how long at most; 0 not to wait at all
   * @returns whether it holds
   */
  *until(service: string, ticks: number, holds: () => boolean): Generator<Suspension, boolean, unknown> {
    let left = ticks;
    while (!holds()) {
      if (left === 0) return false;
      const kernel = enter(service);
      const began = kernel.ticks.tick;
      yield* suspendCurrent(kernel, TX_TCP_IP, this.#list, left);
      if (left !== TX_WAIT_FOREVER) left = Math.max(0, left - (kernel.ticks.tick - began));
    }
    return true;
  }
}
