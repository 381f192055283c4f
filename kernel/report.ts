import type { Context, Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { SimulationError } from './simulation-error.ts';
import type { TX_THREAD } from './thread.ts';

/** `thread 'worker' of device 'server', at 1.234000000 s`: where a device stands, for reports. */
export function describePlace(kernel: Kernel): string {
  return `${describeRunning(kernel)} of device '${kernel.name}', at ${(kernel.now / 1e9).toFixed(9)} s`;
}

function describeRunning({ context, current }: Kernel): string {
  if (context === 'init') return 'tx_application_define';
  if (context === 'isr') return 'an interrupt';
  if (current === null) return 'no thread';
  const callback = current.callback === null ? '' : `, in its callback ${current.callback.name}`;
  return `thread '${current.tx_thread_name}'${callback}`;
}

/** Whatever firmware threw, as a report of the simulator. */
export function asSimulationError(error: unknown): SimulationError {
  if (error instanceof SimulationError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new SimulationError({
    kind: 'firmware-exception',
    what: `the firmware threw ${text}`,
    onTarget: 'C has no exceptions: this would be a fault or silent corruption',
    cause: error,
  });
}

/** A service that was called and never iterated. */
export function forgottenYield(op: ServiceOp, context: Context): SimulationError {
  const who = op.thread === null ? context : `thread '${op.thread.tx_thread_name}'`;
  const service = op.pending ?? op.service;
  const place = op.site?.text ?? null;
  return new SimulationError({
    kind: 'forgotten-yield',
    what: `${who}: ${service}() was called without yield*${place === null ? '' : ` (${place})`}`,
    onTarget: 'the call would have waited or switched threads here; in the simulator only yield* can do that',
    fix: `write: yield* ${service}(…)`,
  });
}

/** A service given what its error checking would have refused, on a device that is built without it. */
export function brokenContract(service: string, status: number, macro = 'TX_DISABLE_ERROR_CHECKING'): SimulationError {
  const code = `0x${status.toString(16).padStart(2, '0').toUpperCase()}`;
  return new SimulationError({
    kind: 'unchecked-misuse',
    what: `${service}() was given what error checking refuses with status ${code}`,
    onTarget: `${macro} leaves that check out: memory is corrupted or the processor faults`,
    fix: `run without ${macro} to see which argument or caller it is, and mend the call`,
  });
}

/** `tx_kernel_enter` where the kernel runs already. */
export function enteredTwice(): SimulationError {
  return new SimulationError({
    kind: 'firmware-exception',
    what: 'tx_kernel_enter() was called while the kernel is running',
    onTarget: 'the kernel would initialise itself again and forget every thread',
    fix: 'call it once, from main(); a firmware without a main needs no call',
  });
}

/** A `main` that came to its end. */
export function neverEntered(): SimulationError {
  return new SimulationError({
    kind: 'firmware-exception',
    what: 'main() ended without tx_kernel_enter()',
    onTarget: 'the program would end here; no thread would ever run',
    fix: 'end main with: yield* tx_kernel_enter()',
  });
}

/** A thread whose entry is an ordinary function. */
export function entryIsNoGenerator(thread: TX_THREAD): SimulationError {
  return new SimulationError({
    kind: 'firmware-exception',
    what: `the entry function of thread '${thread.tx_thread_name}' is not a function*`,
    fix: 'write the thread as function* entry(input) { … }',
  });
}

/** A device that calls services for ever while no time passes. */
export function spinning(calls: number, service: string): SimulationError {
  return new SimulationError({
    kind: 'livelock',
    what: `${calls} service calls (the last: ${service}) and no virtual time has passed`,
    onTarget: 'the processor would spin at full load here and lower priorities would starve',
    fix: 'wait for something (tx_thread_sleep, a semaphore, event flags) instead of polling',
  });
}
