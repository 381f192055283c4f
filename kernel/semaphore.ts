import { TX_DELETED, TX_NO_INSTANCE, TX_NO_WAIT, TX_SEMAPHORE_SUSP, TX_SUCCESS, type ULONG } from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { Callback, ServiceOp } from './op.ts';
import { addCounters, semaphoreCounters } from './performance.ts';
import { WaitList } from './wait-list.ts';
import { resume, suspendCurrent } from './waiting.ts';

export const SEMAPHORE_ID = 0x53454d41;

/** A counting semaphore control block. */
export class TX_SEMAPHORE {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 32;

  tx_semaphore_id: ULONG = 0;
  tx_semaphore_name = '';
  tx_semaphore_count: ULONG = 0;
  readonly waiters = new WaitList(this, TX_NO_INSTANCE);
  /** Told of every put. */
  putNotify: Callback<[semaphore: TX_SEMAPHORE], void> | null = null;
  performance = semaphoreCounters();

  get tx_semaphore_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `semaphore '${this.tx_semaphore_name}'`;
  }

  timedOut(): void {
    this.performance.timeouts++;
  }
}

export function createSemaphore(kernel: Kernel, semaphore: TX_SEMAPHORE, name: string, count: ULONG): void {
  semaphore.tx_semaphore_id = SEMAPHORE_ID;
  semaphore.tx_semaphore_name = name;
  semaphore.tx_semaphore_count = count;
  semaphore.putNotify = null;
  semaphore.performance = semaphoreCounters();
  kernel.created.semaphores.add(semaphore);
}

export function semaphoreGet(kernel: Kernel, semaphore: TX_SEMAPHORE, waitOption: ULONG): ServiceOp {
  semaphore.performance.gets++;
  if (semaphore.tx_semaphore_count > 0) {
    semaphore.tx_semaphore_count--;
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_NO_INSTANCE);
  semaphore.performance.suspensions++;
  return suspendCurrent(kernel, TX_SEMAPHORE_SUSP, semaphore.waiters, waitOption);
}

export function semaphorePut(kernel: Kernel, semaphore: TX_SEMAPHORE): void {
  semaphore.performance.puts++;
  const waiter = semaphore.waiters.first;
  if (waiter === null) semaphore.tx_semaphore_count = (semaphore.tx_semaphore_count + 1) >>> 0;
  else resume(kernel, waiter, TX_SUCCESS);
}

export function semaphoreDelete(kernel: Kernel, semaphore: TX_SEMAPHORE): void {
  semaphore.tx_semaphore_id = 0;
  kernel.created.semaphores.delete(semaphore);
  addCounters(kernel.performance.semaphores, semaphore.performance);
  resumeAll(kernel, semaphore.waiters, TX_DELETED);
}

/** Ends the wait of every thread in a list with one status: what deleting an object does. */
export function resumeAll(kernel: Kernel, waiters: WaitList, status: number): void {
  for (const thread of waiters) resume(kernel, thread, status);
}
