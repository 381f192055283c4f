import { TX_BLOCK_MEMORY, TX_DELETED, TX_NO_MEMORY, TX_NO_WAIT, TX_SUCCESS, type ULONG } from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { addCounters, blockPoolCounters } from './performance.ts';
import { resumeAll } from './semaphore.ts';
import { WaitList } from './wait-list.ts';
import { resume, suspendCurrent } from './waiting.ts';

export const BLOCK_POOL_ID = 0x424c4f43;

/** A word before each block names its pool on the target, and is reckoned here too. */
const BLOCK_OVERHEAD = 4;

/** A block pool control block: blocks of one size in memory that the firmware gave. */
export class TX_BLOCK_POOL {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 52;

  tx_block_pool_id: ULONG = 0;
  tx_block_pool_name = '';
  tx_block_pool_available: ULONG = 0;
  tx_block_pool_total: ULONG = 0;
  tx_block_pool_block_size: ULONG = 0;
  readonly waiters = new WaitList(this, TX_NO_MEMORY);
  memory: Uint8Array = new Uint8Array(0);
  /** The free blocks, by number; the one released last is handed out first. */
  free: number[] = [];
  /** Which blocks are handed out. */
  taken: boolean[] = [];
  /** The blocks as views of the memory. */
  blocks: Uint8Array[] = [];
  /** The block that a release is about. */
  located = -1;
  performance = blockPoolCounters();

  get tx_block_pool_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `a block of pool '${this.tx_block_pool_name}'`;
  }

  timedOut(): void {
    this.performance.timeouts++;
  }
}

/** What a thread that waits for a block asked for. */
export interface BlockRequest {
  readonly kind: 'block';
  deliver(block: Uint8Array): void;
}

declare module './thread.ts' {
  interface RequestKinds {
    readonly block: BlockRequest;
  }
}

const round4 = (size: number): number => (size + 3) & ~3;
const stepOf = (blockSize: number): number => round4(blockSize) + BLOCK_OVERHEAD;

/** How many blocks of a size fit in memory. */
export const blocksThatFit = (memorySize: number, blockSize: number): number =>
  Math.floor((memorySize & ~3) / stepOf(blockSize));

export function createBlockPool(
  kernel: Kernel,
  pool: TX_BLOCK_POOL,
  name: string,
  blockSize: number,
  memory: Uint8Array,
  size: number,
): void {
  const total = blocksThatFit(size, blockSize);
  pool.tx_block_pool_id = BLOCK_POOL_ID;
  pool.tx_block_pool_name = name;
  pool.tx_block_pool_block_size = round4(blockSize);
  pool.tx_block_pool_total = total;
  pool.tx_block_pool_available = total;
  pool.memory = memory;
  pool.free = Array.from({ length: total }, (_, index) => total - 1 - index);
  pool.taken = new Array<boolean>(total).fill(false);
  const step = stepOf(blockSize);
  pool.blocks = Array.from({ length: total }, (_, index) => {
    const start = index * step + BLOCK_OVERHEAD;
    return memory.subarray(start, start + pool.tx_block_pool_block_size);
  });
  pool.performance = blockPoolCounters();
  kernel.blockPools.push(pool);
  kernel.created.blockPools.add(pool);
}

/** The number of the block of a pool that an address is, or -1. */
function indexOf(pool: TX_BLOCK_POOL, block: Uint8Array): number {
  const { memory } = pool;
  if (memory.buffer !== block.buffer) return -1;
  const offset = block.byteOffset - memory.byteOffset - BLOCK_OVERHEAD;
  const step = pool.tx_block_pool_block_size + BLOCK_OVERHEAD;
  return offset >= 0 && offset % step === 0 && offset < pool.tx_block_pool_total * step ? offset / step : -1;
}

/**
 * The pool of a block that is handed out: C finds it by the word before the block, this by the block's address. The pool
 * remembers which of its blocks it is, for {@link blockRelease}.
 */
export function blockPoolOf(kernel: Kernel, block: Uint8Array): TX_BLOCK_POOL | null {
  for (const pool of kernel.blockPools) {
    const index = indexOf(pool, block);
    if (index < 0 || pool.taken[index] !== true) continue;
    pool.located = index;
    return pool;
  }
  return null;
}

export function blockAllocate(
  kernel: Kernel,
  pool: TX_BLOCK_POOL,
  blockOut: { value: Uint8Array },
  waitOption: ULONG,
): ServiceOp {
  pool.performance.allocates++;
  const index = pool.free.pop();
  if (index !== undefined) {
    pool.taken[index] = true;
    pool.tx_block_pool_available--;
    blockOut.value = pool.blocks[index] ?? pool.memory;
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_NO_MEMORY);
  pool.performance.suspensions++;
  const thread = kernel.current;
  if (thread !== null) {
    const deliver = (block: Uint8Array): void => {
      blockOut.value = block;
    };
    thread.waitRequest = { kind: 'block', deliver };
  }
  return suspendCurrent(kernel, TX_BLOCK_MEMORY, pool.waiters, waitOption);
}

/** Gives the block that was located last back to its pool: to the first waiter, or to the free ones. */
export function blockRelease(kernel: Kernel, pool: TX_BLOCK_POOL): void {
  const index = pool.located;
  pool.performance.releases++;
  const waiter = pool.waiters.first;
  if (waiter?.waitRequest?.kind === 'block') {
    waiter.waitRequest.deliver(pool.blocks[index] ?? pool.memory);
    resume(kernel, waiter, TX_SUCCESS);
    return;
  }
  pool.taken[index] = false;
  pool.free.push(index);
  pool.tx_block_pool_available++;
}

export function deleteBlockPool(kernel: Kernel, pool: TX_BLOCK_POOL): void {
  pool.tx_block_pool_id = 0;
  kernel.blockPools.splice(kernel.blockPools.indexOf(pool), 1);
  kernel.created.blockPools.delete(pool);
  addCounters(kernel.performance.blockPools, pool.performance);
  resumeAll(kernel, pool.waiters, TX_DELETED);
}
