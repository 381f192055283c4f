import { flagMacro } from '../config.ts';
import { TX_NO_WAIT, type ULONG } from '../constants.ts';
import type { Context, Kernel } from '../kernel.ts';
import type { TX_QUEUE } from '../queue.ts';
import { SimulationError } from '../simulation-error.ts';

/** Whether the caller is one of these; a device without error checking does not ask. */
export const calledFrom = (kernel: Kernel, ...allowed: readonly Context[]): boolean =>
  !kernel.checked || allowed.includes(kernel.context);

/** Whether objects may be created here: during initialisation and in threads. */
export const mayCreate = (kernel: Kernel): boolean =>
  kernel.context === 'init' || kernel.context === 'thread' || !kernel.checked;

/** Whether a wait option may be used here: only threads wait. An expiration routine that tries is worth a note. */
export function waitAllowed(kernel: Kernel, waitOption: ULONG): boolean {
  if (waitOption === TX_NO_WAIT) return true;
  if (kernel.context === 'timer') noteTimerWait(kernel);
  return kernel.canWait;
}

/** Reports that an expiration routine tried to wait, which would hold up every timer of the device. */
export function noteTimerWait(kernel: Kernel): void {
  const timer = kernel.current?.callback?.name ?? '';
  kernel.trace?.record({ type: 'timer-tried-to-wait', timer, service: kernel.op.service });
}

/** Whether notifications are built in. */
export const notifyEnabled = (kernel: Kernel): boolean => !flagMacro(kernel.macros, 'TX_DISABLE_NOTIFY_CALLBACKS');

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

/** Memory for a message of a queue, whose size nobody gives: a view shorter than that would be overrun on the target. */
export function requireMessage(view: Uint32Array, queue: TX_QUEUE, service: string): void {
  if (view.length < queue.tx_queue_message_size) throw shortMessage(view, queue, service);
}

function shortMessage(
  view: Uint32Array,
  { tx_queue_name, tx_queue_message_size }: TX_QUEUE,
  service: string,
): SimulationError {
  const isRead = service !== 'tx_queue_receive';
  const words = (count: number): string => `${count} ${count === 1 ? 'word' : 'words'}`;
  return new SimulationError({
    kind: 'buffer-too-small',
    what: `${service}(): ${isRead ? 'source_ptr' : 'destination_ptr'} holds ${words(view.length)}, and a message of queue '${tx_queue_name}' has ${tx_queue_message_size}`,
    onTarget: `${(tx_queue_message_size - view.length) * 4} bytes beyond the buffer would be ${isRead ? 'sent' : 'overwritten'}`,
    fix: `give a Uint32Array of ${words(tx_queue_message_size)}, or create the queue with another message size`,
  });
}

/** A thread, semaphore … pointer that is not NULL and was created (and not deleted since). */
export function isCreated<T>(pointer: T | null, idOf: (object: T) => number, id: number): pointer is T {
  return pointer !== null && idOf(pointer) === id;
}
