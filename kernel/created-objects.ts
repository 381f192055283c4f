import type { TX_TIMER } from './application-timer.ts';
import type { TX_BLOCK_POOL } from './block-pool.ts';
import type { TX_BYTE_POOL } from './byte-pool.ts';
import { CreatedList } from './created.ts';
import type { TX_EVENT_FLAGS_GROUP } from './event-flags.ts';
import type { TX_MUTEX } from './mutex.ts';
import type { TX_QUEUE } from './queue.ts';
import type { TX_SEMAPHORE } from './semaphore.ts';

/** Everything firmware has created in one kernel, apart from its threads. */
export class CreatedObjects {
  readonly semaphores = new CreatedList<TX_SEMAPHORE>();
  readonly mutexes = new CreatedList<TX_MUTEX>();
  readonly eventFlags = new CreatedList<TX_EVENT_FLAGS_GROUP>();
  readonly queues = new CreatedList<TX_QUEUE>();
  readonly blockPools = new CreatedList<TX_BLOCK_POOL>();
  readonly bytePools = new CreatedList<TX_BYTE_POOL>();
  readonly timers = new CreatedList<TX_TIMER>();
}
