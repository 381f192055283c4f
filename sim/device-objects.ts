import type { TX_TIMER } from '../kernel/application-timer.ts';
import type { TX_BLOCK_POOL } from '../kernel/block-pool.ts';
import type { TX_BYTE_POOL } from '../kernel/byte-pool.ts';
import type { TX_EVENT_FLAGS_GROUP } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { TX_MUTEX } from '../kernel/mutex.ts';
import type { TX_QUEUE } from '../kernel/queue.ts';
import type { TX_SEMAPHORE } from '../kernel/semaphore.ts';
import type { TX_THREAD } from '../kernel/thread.ts';
import { ipInstances, packetPools } from '../netx/device-state.ts';
import type { NX_IP } from '../netx/ip.ts';
import type { NX_PACKET_POOL } from '../netx/packet-pool.ts';
import { secureState } from '../secure/device-state.ts';
import type { NX_SECURE_DTLS_SESSION } from '../secure/dtls-session.ts';

function find<T>(objects: Iterable<T>, isIt: (object: T) => boolean): T | undefined {
  for (const object of objects) if (isIt(object)) return object;
  return undefined;
}

/** What a device's firmware has created, by the names it gave; undefined where there is nothing of that name (yet). */
export class DeviceObjects {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Every thread but the kernel's own, in order of creation. */
  get threads(): readonly TX_THREAD[] {
    return [...this.#kernel.threads].filter((thread) => !thread.system);
  }

  /** Every packet pool. */
  get packetPools(): readonly NX_PACKET_POOL[] {
    return [...packetPools(this.#kernel)];
  }

  /** Every DTLS session that was created and not deleted, those of servers too. */
  get sessions(): readonly NX_SECURE_DTLS_SESSION[] {
    return [...secureState(this.#kernel).sessions];
  }

  thread(name: string): TX_THREAD | undefined {
    return find(this.#kernel.threads, (one) => one.tx_thread_name === name);
  }

  semaphore(name: string): TX_SEMAPHORE | undefined {
    return find(this.#kernel.created.semaphores, (one) => one.tx_semaphore_name === name);
  }

  mutex(name: string): TX_MUTEX | undefined {
    return find(this.#kernel.created.mutexes, (one) => one.tx_mutex_name === name);
  }

  eventFlags(name: string): TX_EVENT_FLAGS_GROUP | undefined {
    return find(this.#kernel.created.eventFlags, (one) => one.tx_event_flags_group_name === name);
  }

  queue(name: string): TX_QUEUE | undefined {
    return find(this.#kernel.created.queues, (one) => one.tx_queue_name === name);
  }

  blockPool(name: string): TX_BLOCK_POOL | undefined {
    return find(this.#kernel.created.blockPools, (one) => one.tx_block_pool_name === name);
  }

  bytePool(name: string): TX_BYTE_POOL | undefined {
    return find(this.#kernel.created.bytePools, (one) => one.tx_byte_pool_name === name);
  }

  timer(name: string): TX_TIMER | undefined {
    return find(this.#kernel.created.timers, (one) => one.tx_timer_name === name);
  }

  packetPool(name: string): NX_PACKET_POOL | undefined {
    return find(packetPools(this.#kernel), (one) => one.nx_packet_pool_name === name);
  }

  /** The IP instance of that name. */
  ip(name: string): NX_IP | undefined {
    return find(ipInstances(this.#kernel), (one) => one.nx_ip_name === name);
  }
}
