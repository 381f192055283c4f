import { TX_BYTE_MEMORY, TX_DELETED, TX_NO_MEMORY, TX_NO_WAIT, TX_SUCCESS, type ULONG } from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { ServiceOp } from './op.ts';
import { resumeAll } from './semaphore.ts';
import { WaitList } from './wait-list.ts';

export const BYTE_POOL_ID = 0x42595445;

/** Two words before each piece of memory: the next piece, and whose it is. */
const PIECE_OVERHEAD = 8;

/** A piece of a byte pool's memory, free or handed out. */
interface Piece {
  /** First byte behind the piece's two words. */
  readonly start: number;
  size: number;
  free: boolean;
}

/** A byte pool control block: memory handed out in pieces of any size, the first that fits. */
export class TX_BYTE_POOL {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 52;

  tx_byte_pool_id: ULONG = 0;
  tx_byte_pool_name = '';
  tx_byte_pool_size: ULONG = 0;
  readonly waiters = new WaitList(this, TX_NO_MEMORY);
  memory: Uint8Array = new Uint8Array(0);
  /** All of the memory, in order of addresses. */
  pieces: Piece[] = [];

  /** Bytes that are free, the words before the pieces included. */
  get tx_byte_pool_available(): number {
    return this.pieces.reduce((sum, piece) => sum + (piece.free ? piece.size : 0), 0);
  }

  get tx_byte_pool_fragments(): number {
    return this.pieces.length + 1;
  }

  get tx_byte_pool_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `memory of byte pool '${this.tx_byte_pool_name}'`;
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

/** The pool of a piece that is handed out, by its address, as C finds it by the word before it. */
const pools = new WeakMap<ArrayBufferLike, Map<number, TX_BYTE_POOL>>();

export function createBytePool(pool: TX_BYTE_POOL, name: string, memory: Uint8Array, size: number): void {
  const usable = (size & ~3) - PIECE_OVERHEAD;
  pool.tx_byte_pool_id = BYTE_POOL_ID;
  pool.tx_byte_pool_name = name;
  pool.tx_byte_pool_size = size & ~3;
  pool.memory = memory;
  pool.pieces = [{ start: PIECE_OVERHEAD, size: usable - PIECE_OVERHEAD, free: true }];
}

/** The first free piece that is large enough, cut to size; free neighbours become one as the search goes. */
function take(pool: TX_BYTE_POOL, wanted: number): Uint8Array | null {
  const size = (wanted + 3) & ~3;
  for (let index = 0; index < pool.pieces.length; index++) {
    const piece = pool.pieces[index];
    if (piece?.free !== true) continue;
    for (let next = pool.pieces[index + 1]; next?.free === true; next = pool.pieces[index + 1]) {
      piece.size += PIECE_OVERHEAD + next.size;
      pool.pieces.splice(index + 1, 1);
    }
    if (piece.size < size) continue;
    const left = piece.size - size - PIECE_OVERHEAD;
    if (left > 0) {
      piece.size = size;
      pool.pieces.splice(index + 1, 0, { start: piece.start + size + PIECE_OVERHEAD, size: left, free: true });
    }
    piece.free = false;
    const memory = pool.memory.subarray(piece.start, piece.start + wanted);
    let known = pools.get(memory.buffer);
    if (known === undefined) {
      known = new Map();
      pools.set(memory.buffer, known);
    }
    known.set(memory.byteOffset, pool);
    return memory;
  }
  return null;
}

export function byteAllocate(
  kernel: Kernel,
  pool: TX_BYTE_POOL,
  memoryOut: { value: Uint8Array },
  size: ULONG,
  waitOption: ULONG,
): ServiceOp {
  const memory = take(pool, size);
  if (memory !== null) {
    memoryOut.value = memory;
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_NO_MEMORY);
  const thread = kernel.current;
  if (thread !== null) {
    const deliver = (given: Uint8Array): void => {
      memoryOut.value = given;
    };
    thread.waitRequest = { kind: 'bytes', size, deliver };
  }
  return kernel.suspendCurrent(TX_BYTE_MEMORY, pool.waiters, waitOption);
}

/** Gives a piece back, and serves the waiters it is enough for, in order; false where the address is no piece's. */
export function byteRelease(kernel: Kernel, memory: Uint8Array): boolean {
  const pool = pools.get(memory.buffer)?.get(memory.byteOffset);
  if (pool?.tx_byte_pool_id !== BYTE_POOL_ID) return false;
  const start = memory.byteOffset - pool.memory.byteOffset;
  const piece = pool.pieces.find((candidate) => candidate.start === start);
  if (piece === undefined || piece.free) return false;
  piece.free = true;
  for (let waiter = pool.waiters.first; waiter?.waitRequest?.kind === 'bytes'; waiter = pool.waiters.first) {
    const given = take(pool, waiter.waitRequest.size);
    if (given === null) break;
    waiter.waitRequest.deliver(given);
    kernel.resume(waiter, TX_SUCCESS);
  }
  return true;
}

export function deleteBytePool(kernel: Kernel, pool: TX_BYTE_POOL): void {
  pool.tx_byte_pool_id = 0;
  resumeAll(kernel, pool.waiters, TX_DELETED);
}
