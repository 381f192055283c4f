import {
  TX_DELETED,
  TX_NO_WAIT,
  TX_QUEUE_EMPTY,
  TX_QUEUE_FULL,
  TX_QUEUE_SUSP,
  TX_SUCCESS,
  type UINT,
  type ULONG,
} from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { Callback, ServiceOp } from './op.ts';
import { addCounters, queueCounters } from './performance.ts';
import { resumeAll } from './semaphore.ts';
import { WaitList } from './wait-list.ts';
import { resume, suspendCurrent } from './waiting.ts';

export const QUEUE_ID = 0x51554555;

/** A message queue control block: messages of 1 to 16 words, copied in and out. */
export class TX_QUEUE {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 60;

  tx_queue_id: ULONG = 0;
  tx_queue_name = '';
  tx_queue_message_size: UINT = 0;
  tx_queue_capacity: ULONG = 0;
  tx_queue_enqueued: ULONG = 0;
  /** Threads that wait for a message. */
  readonly receivers = new WaitList(this, TX_QUEUE_EMPTY);
  /** Told of every message that was sent. */
  sendNotify: Callback<[queue: TX_QUEUE], void> | null = null;
  /** Threads that wait for room. */
  readonly senders = new WaitList(this, TX_QUEUE_FULL);
  /** The messages, in the memory that the firmware gave. */
  storage: Uint32Array = new Uint32Array(0);
  readIndex = 0;
  performance = queueCounters();

  get tx_queue_available_storage(): number {
    return this.tx_queue_capacity - this.tx_queue_enqueued;
  }

  get tx_queue_suspended_count(): number {
    return this.receivers.count + this.senders.count;
  }

  describe(): string {
    return `queue '${this.tx_queue_name}'`;
  }

  timedOut(): void {
    this.performance.timeouts++;
  }
}

export function createQueue(
  kernel: Kernel,
  queue: TX_QUEUE,
  name: string,
  messageSize: number,
  capacity: number,
  storage: Uint32Array,
): void {
  queue.tx_queue_id = QUEUE_ID;
  queue.tx_queue_name = name;
  queue.tx_queue_message_size = messageSize;
  queue.tx_queue_capacity = capacity;
  queue.tx_queue_enqueued = 0;
  queue.readIndex = 0;
  queue.sendNotify = null;
  queue.storage = storage;
  queue.performance = queueCounters();
  kernel.created.queues.add(queue);
}

function copyWords(from: Uint32Array, fromIndex: number, to: Uint32Array, toIndex: number, count: number): void {
  for (let word = 0; word < count; word++) to[toIndex + word] = from[fromIndex + word] ?? 0;
}

function enqueue(queue: TX_QUEUE, message: Uint32Array): void {
  const size = queue.tx_queue_message_size;
  const slot = (queue.readIndex + queue.tx_queue_enqueued) % queue.tx_queue_capacity;
  copyWords(message, 0, queue.storage, slot * size, size);
  queue.tx_queue_enqueued++;
}

function reportLevel(kernel: Kernel, { tx_queue_name: queue, tx_queue_enqueued, tx_queue_capacity }: TX_QUEUE): void {
  kernel.trace?.record({ type: 'queue-level', queue, enqueued: tx_queue_enqueued, capacity: tx_queue_capacity });
}

export function queueSend(kernel: Kernel, queue: TX_QUEUE, message: Uint32Array, waitOption: ULONG): ServiceOp {
  queue.performance.messages_sent++;
  const receiver = queue.receivers.first;
  if (receiver !== null) {
    const request = receiver.waitRequest;
    if (request?.kind === 'message') copyWords(message, 0, request.buffer, 0, queue.tx_queue_message_size);
    resume(kernel, receiver, TX_SUCCESS);
    return kernel.finish(TX_SUCCESS);
  }
  if (queue.tx_queue_enqueued < queue.tx_queue_capacity) {
    enqueue(queue, message);
    if (kernel.observed) reportLevel(kernel, queue);
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return full(kernel, queue);
  const thread = kernel.current;
  queue.performance.full_suspensions++;
  if (thread !== null) thread.waitRequest = { kind: 'message', buffer: message };
  return suspendCurrent(kernel, TX_QUEUE_SUSP, queue.senders, waitOption);
}

function full(kernel: Kernel, queue: TX_QUEUE): ServiceOp {
  queue.performance.full_errors++;
  return kernel.finish(TX_QUEUE_FULL);
}

/** Puts a message before all others of a queue that is not full. */
function enqueueFront(queue: TX_QUEUE, message: Uint32Array): void {
  queue.readIndex = (queue.readIndex + queue.tx_queue_capacity - 1) % queue.tx_queue_capacity;
  copyWords(message, 0, queue.storage, queue.readIndex * queue.tx_queue_message_size, queue.tx_queue_message_size);
  queue.tx_queue_enqueued++;
}

/** As {@link queueSend}, but the message goes before all others; on a full queue its sender waits before all others. */
export function queueFrontSend(kernel: Kernel, queue: TX_QUEUE, message: Uint32Array, waitOption: ULONG): ServiceOp {
  const isFull = queue.tx_queue_enqueued === queue.tx_queue_capacity;
  if (queue.receivers.first !== null) return queueSend(kernel, queue, message, waitOption);
  queue.performance.messages_sent++;
  if (!isFull) {
    enqueueFront(queue, message);
    if (kernel.observed) reportLevel(kernel, queue);
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return full(kernel, queue);
  queue.performance.full_suspensions++;
  const thread = kernel.current;
  const op = suspendCurrent(kernel, TX_QUEUE_SUSP, queue.senders, waitOption);
  if (thread !== null) {
    thread.waitRequest = { kind: 'front-message', buffer: message };
    queue.senders.remove(thread);
    queue.senders.prepend(thread);
  }
  return op;
}

export function queueReceive(kernel: Kernel, queue: TX_QUEUE, destination: Uint32Array, waitOption: ULONG): ServiceOp {
  queue.performance.messages_received++;
  if (queue.tx_queue_enqueued > 0) {
    const size = queue.tx_queue_message_size;
    copyWords(queue.storage, queue.readIndex * size, destination, 0, size);
    queue.readIndex = (queue.readIndex + 1) % queue.tx_queue_capacity;
    queue.tx_queue_enqueued--;
    const sender = queue.senders.first;
    if (sender !== null) {
      const request = sender.waitRequest;
      if (request?.kind === 'message') enqueue(queue, request.buffer);
      if (request?.kind === 'front-message') enqueueFront(queue, request.buffer);
      resume(kernel, sender, TX_SUCCESS);
    }
    if (kernel.observed) reportLevel(kernel, queue);
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_QUEUE_EMPTY);
  queue.performance.empty_suspensions++;
  const thread = kernel.current;
  if (thread !== null) thread.waitRequest = { kind: 'message', buffer: destination };
  return suspendCurrent(kernel, TX_QUEUE_SUSP, queue.receivers, waitOption);
}

/** Throws every message away; waiting senders go on as if their messages had been taken. */
export function queueFlush(kernel: Kernel, queue: TX_QUEUE): void {
  queue.tx_queue_enqueued = 0;
  queue.readIndex = 0;
  if (kernel.observed) reportLevel(kernel, queue);
  resumeAll(kernel, queue.senders, TX_SUCCESS);
}

export function queueDelete(kernel: Kernel, queue: TX_QUEUE): void {
  queue.tx_queue_id = 0;
  kernel.created.queues.delete(queue);
  addCounters(kernel.performance.queues, queue.performance);
  resumeAll(kernel, queue.receivers, TX_DELETED);
  resumeAll(kernel, queue.senders, TX_DELETED);
}
