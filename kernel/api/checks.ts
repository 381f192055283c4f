import { TX_NO_WAIT, type ULONG } from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import { SimulationError } from '../simulation-error.ts';

/** Whether objects may be created here: during initialisation and in threads. */
export const mayCreate = (kernel: Kernel): boolean => kernel.context === 'init' || kernel.context === 'thread';

/** Whether a wait option may be used here: only threads wait. */
export const waitAllowed = (kernel: Kernel, waitOption: ULONG): boolean => waitOption === TX_NO_WAIT || kernel.canWait;

/** Memory handed to a service together with its size: a view shorter than that would be overrun on the target. */
export function requireRoom(view: Uint8Array | Uint32Array, bytes: number, service: string, parameter: string): void {
  if (view.byteLength >= bytes) return;
  throw new SimulationError({
    kind: 'buffer-too-small',
    what: `${service}(): ${parameter} holds ${view.byteLength} bytes, and its size was given as ${bytes}`,
    onTarget: `${bytes - view.byteLength} bytes beyond the buffer would be overwritten`,
    fix: 'pass the size of the buffer itself, or a larger buffer',
  });
}

/** A thread, semaphore … pointer that is not NULL and was created (and not deleted since). */
export function isCreated<T>(pointer: T | null, idOf: (object: T) => number, id: number): pointer is T {
  return pointer !== null && idOf(pointer) === id;
}
