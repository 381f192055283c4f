/**
 * The ThreadX API: what C firmware includes as `tx_api.h`, under the same names and with the same parameters. Every
 * service is called with `yield*`.
 *
 * @packageDocumentation
 */
export * from './constants.ts';
export * from './api/block-pool.ts';
export * from './api/byte-pool.ts';
export * from './api/event-flags.ts';
export * from './api/mutex.ts';
export * from './api/object-performance.ts';
export * from './api/queue.ts';
export * from './api/semaphore.ts';
export * from './api/system.ts';
export * from './api/thread.ts';
export * from './api/thread-control.ts';
export * from './api/thread-performance.ts';
export * from './api/time.ts';
export * from './api/timer.ts';
export * from './api/trace.ts';
export {
  TX_TRACE_ALL_EVENTS,
  TX_TRACE_BLOCK_POOL_EVENTS,
  TX_TRACE_BYTE_POOL_EVENTS,
  TX_TRACE_EVENT_FLAGS_EVENTS,
  TX_TRACE_INTERNAL_EVENTS,
  TX_TRACE_INTERRUPT_CONTROL_EVENT,
  TX_TRACE_MUTEX_EVENTS,
  TX_TRACE_QUEUE_EVENTS,
  TX_TRACE_SEMAPHORE_EVENTS,
  TX_TRACE_THREAD_EVENTS,
  TX_TRACE_TIME_EVENTS,
  TX_TRACE_TIMER_EVENTS,
  TX_TRACE_USER_EVENT_END,
  TX_TRACE_USER_EVENT_START,
  TX_TRACE_USER_EVENTS,
} from './trace-events.ts';
export { TX_BLOCK_POOL } from './block-pool.ts';
export { TX_BYTE_POOL } from './byte-pool.ts';
export { TX_EVENT_FLAGS_GROUP } from './event-flags.ts';
export { TX_MUTEX } from './mutex.ts';
export { TX_QUEUE } from './queue.ts';
export { TX_SEMAPHORE } from './semaphore.ts';
export { TX_THREAD, type ThreadEntry } from './thread.ts';
export { TX_TIMER } from './application-timer.ts';
export { out, type Out } from './out.ts';
export { sizeof } from './sizeof.ts';
export type { Callback, Op, Suspension, Thread } from './op.ts';
