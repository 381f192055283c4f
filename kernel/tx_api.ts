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
export * from './api/queue.ts';
export * from './api/semaphore.ts';
export * from './api/thread.ts';
export * from './api/thread-control.ts';
export * from './api/time.ts';
export * from './api/timer.ts';
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
