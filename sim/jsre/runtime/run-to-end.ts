/** Runs what may wait in a place that cannot: inside a function of the engine that has called back. */
import { executingKernel } from '../../../kernel/caller-context.ts';
import { consume } from '../../../kernel/consume.ts';
import { TX_READY } from '../../../kernel/constants.ts';
import type { Op, Suspension } from '../../../kernel/op.ts';
import type { TX_THREAD } from '../../../kernel/thread.ts';
import { abandonWait } from '../../../kernel/waiting.ts';
import { JsreTask } from './task.ts';

function currentThread(): TX_THREAD | null {
  return executingKernel().scheduler.current;
}

/**
 * Runs a body to its end at once. CPU time it is charged is paid at the task's next wait; threads of higher priority that
 * it wakes run then too.
 *
 * @throws an error of the script's own realm where the body would have to wait
 */
export function runToEnd<T>(name: string, body: Generator<Suspension, T, unknown>): T {
  const thread = currentThread();
  const task = thread === null ? null : JsreTask.of(thread);
  if (task === null) throw new Error(`${name}() was called outside of a task`);
  const release = holdProcessor();
  let over = false;
  try {
    for (;;) {
      const step = body.next();
      if (step.done === true) {
        over = true;
        return step.value;
      }
      if (!goesOn()) throw task.wouldBlock(name);
    }
  } finally {
    if (!over) abandon(body);
    release();
  }
}

/** Keeps other threads from the processor, until the function it gives is called. */
export function holdProcessor(): () => void {
  const { scheduler } = executingKernel();
  const thread = scheduler.current;
  if (thread === null) return () => undefined;
  const { tx_thread_preempt_threshold: threshold } = thread;
  scheduler.hold(thread);
  return () => scheduler.changeThreshold(thread, threshold);
}

/** Whether the running thread may go on at once after it has yielded; what CPU time it was charged is owed. */
export function goesOn(): boolean {
  const thread = currentThread();
  if (thread?.tx_thread_state !== TX_READY) return false;
  const task = JsreTask.of(thread);
  if (task !== null && thread.op !== null) {
    task.realm.owed += thread.op.charge;
    thread.op.charge = 0;
  }
  return true;
}

/** Spends CPU time, and what was owed before. */
export function spend(nanoseconds: number): Op<unknown> {
  const thread = currentThread();
  const realm = thread === null ? null : (JsreTask.of(thread)?.realm ?? null);
  const owed = realm?.owed ?? 0;
  if (realm !== null) realm.owed = 0;
  return consume(nanoseconds + owed);
}

/** Lets a body that will not go on tidy up, as far as it can without waiting. */
export function abandon(body: Generator<Suspension, unknown, unknown>): void {
  endWait();
  for (let step = body.return(undefined); step.done !== true; step = body.next()) {
    endWait();
    goesOn();
  }
}

function endWait(): void {
  const kernel = executingKernel();
  const thread = kernel.scheduler.current;
  if (thread !== null && thread.tx_thread_state !== TX_READY) abandonWait(kernel, thread, 'abort');
}
