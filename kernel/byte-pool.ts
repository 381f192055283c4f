import { TX_BYTE_MEMORY, TX_DELETED, TX_NO_MEMORY, TX_NO_WAIT, TX_SUCCESS, type ULONG } from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { addCounters, bytePoolCounters } from './performance.ts';
import { resumeAll } from './semaphore.ts';
import { WaitList } from './wait-list.ts';
import { resume, suspendCurrent } from './waiting.ts';

export const BYTE_POOL_ID = 0x42595445;

/** Two words before each piece of memory: the next piece, and whose it is. */
const OVERHEAD = 8;
/** What is left of a piece stays with it below this size, in bytes. */
const LEAST_REMAINDER = 20;

/** A piece of a byte pool's memory, free or handed out. The last one is a mark at the end, and links to the first. */
interface Piece {
  /** Offset of the piece's two words in the pool's memory. */
  readonly at: number;
  next: Piece | null;
  free: boolean;
}

/** A byte pool control block: memory handed out in pieces of any size, the first that fits. */
export class TX_BYTE_POOL {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 52;

  tx_byte_pool_id: ULONG = 0;
  tx_byte_pool_name = '';
  tx_byte_pool_size: ULONG = 0;
  /** Bytes that are free, the words before the pieces included. */
  tx_byte_pool_available: ULONG = 0;
  /** Pieces, free ones and the mark at the end included. */
  tx_byte_pool_fragments = 0;
  readonly waiters = new WaitList(this, TX_NO_MEMORY);
  memory: Uint8Array = new Uint8Array(0);
  /** Where the next search begins. */
  search: Piece | null = null;
  performance = bytePoolCounters();

  get tx_byte_pool_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `memory of byte pool '${this.tx_byte_pool_name}'`;
  }

  timedOut(): void {
    this.performance.timeouts++;
  }
}

/** What a thread that waits for memory asked for. */
export interface BytesRequest {
  readonly kind: 'bytes';
  readonly size: number;
  deliver(memory: Uint8Array): void;
}

declare module './thread.ts' {
  interface RequestKinds {
    readonly bytes: BytesRequest;
  }
}

interface Allocation {
  readonly pool: TX_BYTE_POOL;
  readonly piece: Piece;
}

/** The pieces that are handed out, by their address, as C finds them by the words before them. */
const allocations = new WeakMap<ArrayBufferLike, Map<number, Allocation>>();

function addressesOf(memory: Uint8Array): Map<number, Allocation> {
  let known = allocations.get(memory.buffer);
  if (known === undefined) {
    known = new Map();
    allocations.set(memory.buffer, known);
  }
  return known;
}

export function createBytePool(
  kernel: Kernel,
  pool: TX_BYTE_POOL,
  name: string,
  memory: Uint8Array,
  size: number,
): void {
  const usable = size & ~3;
  const end: Piece = { at: usable - OVERHEAD, next: null, free: false };
  const whole: Piece = { at: 0, next: end, free: true };
  end.next = whole;
  pool.tx_byte_pool_id = BYTE_POOL_ID;
  pool.tx_byte_pool_name = name;
  pool.tx_byte_pool_size = usable;
  pool.tx_byte_pool_available = usable - OVERHEAD;
  pool.tx_byte_pool_fragments = 2;
  pool.memory = memory;
  pool.search = whole;
  pool.performance = bytePoolCounters();
  kernel.created.bytePools.add(pool);
}

/**
 * The first free piece, from where the last search left off, that holds `size` bytes. Free neighbours become one on the
 * way, one at a step; the number of steps is bounded by the number of pieces, as in ThreadX.
 */
function find(pool: TX_BYTE_POOL, size: number): Piece | null {
  let steps = pool.tx_byte_pool_fragments + 1;
  let isFirstFree = true;
  let piece = pool.search;
  while (piece !== null && steps > 0) {
    steps--;
    pool.performance.fragments_searched++;
    const next: Piece | null = piece.next;
    if (!piece.free || next === null) {
      piece = next;
      continue;
    }
    if (isFirstFree) pool.search = piece;
    isFirstFree = false;
    if (next.at - piece.at - OVERHEAD >= size) return piece;
    if (next.free) {
      piece.next = next.next;
      pool.tx_byte_pool_fragments--;
      pool.performance.merges++;
    } else {
      piece = next.next;
      if (steps > 0) pool.performance.fragments_searched++;
      steps--;
    }
  }
  return null;
}

/** Memory of the pool, cut to size; null where no piece is large enough. */
function take(pool: TX_BYTE_POOL, wanted: number): Uint8Array | null {
  const size = (wanted + 3) & ~3;
  const piece = size >= pool.tx_byte_pool_available ? null : find(pool, size);
  const next = piece?.next ?? null;
  if (piece === null || next === null) return null;
  let length = next.at - piece.at - OVERHEAD;
  if (length - size >= LEAST_REMAINDER) {
    piece.next = { at: piece.at + OVERHEAD + size, next, free: true };
    pool.tx_byte_pool_fragments++;
    pool.performance.splits++;
    length = size;
  }
  piece.free = false;
  pool.tx_byte_pool_available -= length + OVERHEAD;
  if (pool.search === piece) pool.search = piece.next;
  const start = piece.at + OVERHEAD;
  const memory = pool.memory.subarray(start, start + wanted);
  addressesOf(memory).set(memory.byteOffset, { pool, piece });
  return memory;
}

export function byteAllocate(
  kernel: Kernel,
  pool: TX_BYTE_POOL,
  memoryOut: { value: Uint8Array },
  size: ULONG,
  waitOption: ULONG,
): ServiceOp {
  pool.performance.allocates++;
  const memory = take(pool, size);
  if (memory !== null) {
    memoryOut.value = memory;
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_NO_MEMORY);
  pool.performance.suspensions++;
  const thread = kernel.current;
  if (thread !== null) {
    const deliver = (given: Uint8Array): void => {
      memoryOut.value = given;
    };
    thread.waitRequest = { kind: 'bytes', size, deliver };
  }
  return suspendCurrent(kernel, TX_BYTE_MEMORY, pool.waiters, waitOption);
}

/** The pool of a piece that is handed out, or null where the address is no piece's. */
export function bytePoolOf(memory: Uint8Array): TX_BYTE_POOL | null {
  const pool = allocations.get(memory.buffer)?.get(memory.byteOffset)?.pool ?? null;
  return pool?.tx_byte_pool_id === BYTE_POOL_ID ? pool : null;
}

/** Gives a piece back, and serves the waiters it is enough for, in order. */
export function byteRelease(kernel: Kernel, memory: Uint8Array): void {
  const addresses = addressesOf(memory);
  const allocation = addresses.get(memory.byteOffset);
  if (allocation === undefined) return;
  const { pool, piece } = allocation;
  addresses.delete(memory.byteOffset);
  pool.performance.releases++;
  piece.free = true;
  pool.tx_byte_pool_available += (piece.next?.at ?? piece.at) - piece.at;
  if (pool.search === null || piece.at < pool.search.at) pool.search = piece;
  for (let waiter = pool.waiters.first; waiter?.waitRequest?.kind === 'bytes'; waiter = pool.waiters.first) {
    const given = take(pool, waiter.waitRequest.size);
    if (given === null) break;
    waiter.waitRequest.deliver(given);
    resume(kernel, waiter, TX_SUCCESS);
  }
}

export function deleteBytePool(kernel: Kernel, pool: TX_BYTE_POOL): void {
  pool.tx_byte_pool_id = 0;
  kernel.created.bytePools.delete(pool);
  addCounters(kernel.performance.bytePools, pool.performance);
  resumeAll(kernel, pool.waiters, TX_DELETED);
}
