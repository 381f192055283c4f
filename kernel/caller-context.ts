import type { Kernel } from './kernel.ts';
import { SimulationError } from './simulation-error.ts';

/** The device that is executing, if any. Devices of one process take turns; there is never more than one. */
let active: Kernel | null = null;

/** Makes `kernel` the executing device and gives back the one before. */
export function activate(kernel: Kernel | null): Kernel | null {
  const previous = active;
  active = kernel;
  return previous;
}

/** Whether `kernel` is the executing device. */
export function isExecuting(kernel: Kernel): boolean {
  return active === kernel;
}

/** The executing device. Throws outside of firmware. */
function activeKernel(service: string): Kernel {
  if (active === null) {
    throw new SimulationError({
      kind: 'outside-device',
      what: `${service}() was called outside of a device`,
      fix: 'call services from threads, callbacks or tx_application_define of a firmware that a device runs',
    });
  }
  return active;
}

/** The executing device, for what is called by it and is no service: a driver's entry function. */
export function executingKernel(): Kernel {
  return active ?? activeKernel('a driver');
}

/**
 * The beginning of every service: finds the device, reports a call before it whose `yield*` was forgotten, and charges
 * the caller the CPU time of a service.
 */
export function enter(service: string): Kernel {
  const kernel = active ?? activeKernel(service);
  kernel.begin(service);
  return kernel;
}
