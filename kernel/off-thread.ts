/** What runs outside of threads: initialisation and interrupt service routines. It cannot wait. */
import { activate } from './caller-context.ts';
import type { Kernel } from './kernel.ts';
import { isOp, KERNEL_ENTERED, type Op } from './op.ts';
import { SimulationError } from './simulation-error.ts';

/** Runs code that is not a thread's to its end; gives the CPU time it was charged. */
export function runOff(kernel: Kernel, context: 'init' | 'isr', name: string, code: () => void | Op<unknown>): number {
  const previous = activate(kernel);
  const { context: outerContext, op: outerOp } = kernel;
  kernel.context = context;
  const op = kernel.offThread;
  kernel.op = op;
  op.charge = 0;
  if (context === 'isr') kernel.eventLog?.interruptBegins?.(name);
  try {
    const result = code();
    if (isOp(result)) {
      const step = result[Symbol.iterator]().next();
      if (step.done !== true && step.value !== KERNEL_ENTERED) {
        throw new SimulationError({ kind: 'suspended-off-thread', what: `${name} tried to suspend` });
      }
    }
    if (op.pending !== null) throw kernel.forgotten(op);
    if (context === 'isr') kernel.eventLog?.interruptEnds?.(name);
    return op.charge;
  } catch (error) {
    throw kernel.located(error);
  } finally {
    op.pending = null;
    op.charge = 0;
    kernel.context = outerContext;
    kernel.op = outerOp;
    activate(previous);
  }
}

/** Runs an interrupt service routine and charges its time to the thread that runs next. */
export function serveInterrupt(kernel: Kernel, name: string, routine: () => void | Op<unknown>): void {
  const charge = runOff(kernel, 'isr', name, routine) + kernel.cpu.model.interrupt;
  const next = kernel.scheduler.execute?.op ?? null;
  if (next !== null) next.charge += charge;
}

const TIMER_INTERRUPT = 'the timer interrupt';

/** The interrupt of the device's tick, as far as there is anything to do at it: timers first, then the time slice. */
export function timerInterrupt(kernel: Kernel): void {
  if (kernel.interrupts.hold(TIMER_INTERRUPT, () => serveTick(kernel))) return;
  kernel.cpu.pause();
  const outer = kernel.context;
  kernel.context = 'isr';
  kernel.eventLog?.interruptBegins?.(TIMER_INTERRUPT);
  serveTick(kernel);
  kernel.eventLog?.interruptEnds?.(TIMER_INTERRUPT);
  kernel.context = outer;
  const next = kernel.scheduler.execute?.op ?? null;
  if (next !== null) next.charge += kernel.cpu.model.interrupt;
  kernel.run();
}

function serveTick(kernel: Kernel): void {
  kernel.ticks.expire();
  kernel.timeSlice.expire();
}
