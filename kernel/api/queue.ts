import { enter } from '../caller-context.ts';
import {
  TX_16_ULONG,
  TX_1_ULONG,
  TX_CALLER_ERROR,
  TX_FEATURE_NOT_ENABLED,
  TX_PTR_ERROR,
  TX_QUEUE_ERROR,
  TX_SIZE_ERROR,
  TX_SUCCESS,
  TX_WAIT_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import type { Kernel } from '../kernel.ts';
import { notifying } from '../notify.ts';
import type { Callback, Op, ServiceOp } from '../op.ts';
import type { Out } from '../out.ts';
import {
  createQueue,
  QUEUE_ID,
  queueDelete,
  queueFlush,
  queueFrontSend,
  queueReceive,
  queueSend,
  type TX_QUEUE,
} from '../queue.ts';
import type { TX_THREAD } from '../thread.ts';
import { calledFrom, mayCreate, notifyEnabled, requireMessage, requireRoom, waitAllowed } from './checks.ts';

/** The memory of a queue as words; memory that does not begin at a word is copied nowhere, so it gets its own. */
function words(memory: Uint8Array, size: number): Uint32Array {
  const count = Math.floor(size / 4);
  return memory.byteOffset % 4 === 0
    ? new Uint32Array(memory.buffer, memory.byteOffset, count)
    : new Uint32Array(count);
}

/** A send, with its notification once it has succeeded. */
function told(kernel: Kernel, queue: TX_QUEUE, op: ServiceOp): Op<UINT> {
  const { sendNotify } = queue;
  return notifying(kernel, 'queue_send_notify', op, sendNotify === null ? null : () => sendNotify(queue));
}

/**
 * Creates a queue for messages of `message_size` 32-bit words (C: `tx_queue_create`).
 *
 * @param queue_start - memory for the messages, at least `queue_size` bytes
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR` for NULL or one that exists; `TX_PTR_ERROR`; `TX_SIZE_ERROR` for a message size
 *   outside 1 to 16 words, or memory for less than one message; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_queue_create(
  queue_ptr: TX_QUEUE | null,
  name_ptr: CHAR,
  message_size: UINT,
  queue_start: Uint8Array | null,
  queue_size: ULONG,
): Op<UINT> {
  const kernel = enter('tx_queue_create');
  if (queue_ptr === null || kernel.created.queues.has(queue_ptr)) return kernel.refuse(TX_QUEUE_ERROR);
  if (queue_start === null) return kernel.refuse(TX_PTR_ERROR);
  if (message_size < TX_1_ULONG || message_size > TX_16_ULONG) return kernel.refuse(TX_SIZE_ERROR);
  const capacity = Math.floor(queue_size / (message_size * 4));
  if (capacity === 0) return kernel.refuse(TX_SIZE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  requireRoom(queue_start, queue_size, 'tx_queue_create', 'queue_start');
  createQueue(kernel, queue_ptr, name_ptr, message_size, capacity, words(queue_start, queue_size));
  kernel.eventLog?.register('queue', queue_ptr, name_ptr, queue_size, message_size);
  kernel.eventLog?.insert('tx_queue_create', queue_ptr, message_size, queue_start, queue_size);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a queue; its waiters get `TX_DELETED` (C: `tx_queue_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_queue_delete(queue_ptr: TX_QUEUE | null): Op<UINT> {
  const kernel = enter('tx_queue_delete');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_queue_delete', queue_ptr);
  kernel.eventLog?.unregister(queue_ptr);
  queueDelete(kernel, queue_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Throws the messages of a queue away (C: `tx_queue_flush`).
 *
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`
 */
export function tx_queue_flush(queue_ptr: TX_QUEUE | null): Op<UINT> {
  const kernel = enter('tx_queue_flush');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  kernel.eventLog?.insert('tx_queue_flush', queue_ptr);
  queueFlush(kernel, queue_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Copies a message into the queue, or straight to a waiting receiver (C: `tx_queue_send`).
 *
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`; `TX_PTR_ERROR`; `TX_WAIT_ERROR` for a wait outside of threads; `TX_QUEUE_FULL`
 *   when no room came; `TX_DELETED`; `TX_WAIT_ABORTED`
 */
export function tx_queue_send(
  queue_ptr: TX_QUEUE | null,
  source_ptr: Uint32Array | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('tx_queue_send');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  if (source_ptr === null) return kernel.refuse(TX_PTR_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  requireMessage(source_ptr, queue_ptr, 'tx_queue_send');
  kernel.eventLog?.insert('tx_queue_send', queue_ptr, source_ptr, wait_option, queue_ptr.tx_queue_enqueued);
  return told(kernel, queue_ptr, queueSend(kernel, queue_ptr, source_ptr, wait_option));
}

/**
 * Takes the oldest message (C: `tx_queue_receive`).
 *
 * @param destination_ptr - receives the message; at least the queue's message size
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`; `TX_PTR_ERROR`; `TX_WAIT_ERROR` for a wait outside of threads;
 *   `TX_QUEUE_EMPTY` when none came; `TX_DELETED`; `TX_WAIT_ABORTED`
 */
export function tx_queue_receive(
  queue_ptr: TX_QUEUE | null,
  destination_ptr: Uint32Array | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('tx_queue_receive');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  if (destination_ptr === null) return kernel.refuse(TX_PTR_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  requireMessage(destination_ptr, queue_ptr, 'tx_queue_receive');
  kernel.eventLog?.insert('tx_queue_receive', queue_ptr, destination_ptr, wait_option, queue_ptr.tx_queue_enqueued);
  return queueReceive(kernel, queue_ptr, destination_ptr, wait_option);
}

/**
 * Copies a message into the queue before all others (C: `tx_queue_front_send`).
 *
 * @returns as `tx_queue_send`
 */
export function tx_queue_front_send(
  queue_ptr: TX_QUEUE | null,
  source_ptr: Uint32Array | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('tx_queue_front_send');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  if (source_ptr === null) return kernel.refuse(TX_PTR_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  requireMessage(source_ptr, queue_ptr, 'tx_queue_front_send');
  kernel.eventLog?.insert('tx_queue_front_send', queue_ptr, source_ptr, wait_option, queue_ptr.tx_queue_enqueued);
  return told(kernel, queue_ptr, queueFrontSend(kernel, queue_ptr, source_ptr, wait_option));
}

/**
 * The state of a queue (C: `tx_queue_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`
 */
export function tx_queue_info_get(
  queue_ptr: TX_QUEUE | null,
  name: Out<CHAR> | null,
  enqueued: Out<ULONG> | null,
  available_storage: Out<ULONG> | null,
  first_suspended: Out<TX_THREAD | null> | null,
  suspended_count: Out<ULONG> | null,
  next_queue: Out<TX_QUEUE> | null,
): Op<UINT> {
  const kernel = enter('tx_queue_info_get');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  kernel.eventLog?.insert('tx_queue_info_get', queue_ptr);
  if (name !== null) name.value = queue_ptr.tx_queue_name;
  if (enqueued !== null) enqueued.value = queue_ptr.tx_queue_enqueued;
  if (available_storage !== null) available_storage.value = queue_ptr.tx_queue_available_storage;
  if (first_suspended !== null) first_suspended.value = queue_ptr.receivers.first ?? queue_ptr.senders.first;
  if (suspended_count !== null) suspended_count.value = queue_ptr.tx_queue_suspended_count;
  if (next_queue !== null) next_queue.value = kernel.created.queues.next(queue_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Puts the waiter of the highest priority first (C: `tx_queue_prioritize`).
 *
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`
 */
export function tx_queue_prioritize(queue_ptr: TX_QUEUE | null): Op<UINT> {
  const kernel = enter('tx_queue_prioritize');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  kernel.eventLog?.insert('tx_queue_prioritize', queue_ptr, queue_ptr.tx_queue_suspended_count);
  queue_ptr.receivers.prioritize();
  queue_ptr.senders.prioritize();
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the routine that is called after every message that was sent, in the context of its sender; NULL for none
 * (C: `tx_queue_send_notify`).
 *
 * @returns `TX_SUCCESS`; `TX_QUEUE_ERROR`; `TX_FEATURE_NOT_ENABLED` with `TX_DISABLE_NOTIFY_CALLBACKS`
 */
export function tx_queue_send_notify(
  queue_ptr: TX_QUEUE | null,
  queue_send_notify: Callback<[queue: TX_QUEUE], void> | null,
): Op<UINT> {
  const kernel = enter('tx_queue_send_notify');
  if (queue_ptr?.tx_queue_id !== QUEUE_ID) return kernel.refuse(TX_QUEUE_ERROR);
  if (!notifyEnabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert('tx_queue_send_notify', queue_ptr);
  queue_ptr.sendNotify = queue_send_notify;
  return kernel.finish(TX_SUCCESS);
}
