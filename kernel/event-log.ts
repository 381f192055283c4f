import { Addresses } from './addresses.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { Kernel } from './kernel.ts';
import type { TX_THREAD } from './thread.ts';
import { filterOf, TRACE_EVENT, type TraceEventName } from './trace-events.ts';

/** A field of an event: a number, or an object or buffer whose address is meant. */
export type TraceField = number | object | null;

const HEADER_SIZE = 48;
const OBJECT_SIZE = 48;
const EVENT_SIZE = 32;
const NAME_SIZE = 32;
/** `TXTB`. */
const MAGIC = 0x54585442;
const FROM_ISR = 0xffffffff;
const FROM_INITIALIZATION = 0xf0f0f0f0;

/** Types of objects in the registry: those of the kernel, and what NetX adds to them. */
export const TRACE_OBJECT = {
  thread: 1,
  timer: 2,
  queue: 3,
  semaphore: 4,
  mutex: 5,
  eventFlags: 6,
  blockPool: 7,
  bytePool: 8,
  ip: 11,
  packetPool: 12,
  udpSocket: 14,
} as const;

/** The least memory of a buffer, in bytes: the header, the registry and one event. */
export const leastTraceSize = (registryEntries: number): number =>
  HEADER_SIZE + OBJECT_SIZE * registryEntries + EVENT_SIZE;

/** A trace buffer as a file: without the events that were never recorded, beginning with the oldest. */
export function trimmedTrace(buffer: Uint8Array): Uint8Array {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const base = view.getUint32(8, true);
  const [start, current] = [view.getUint32(24, true), view.getUint32(32, true)];
  const [at, end] = [current - base, view.getUint32(28, true) - base];
  const wrapped = view.getUint32(at, true) !== 0;
  const file = buffer.slice(0, wrapped ? end : at);
  const header = new DataView(file.buffer);
  header.setUint32(28, base + file.length, true);
  header.setUint32(32, wrapped ? current : start, true);
  return file;
}

/**
 * ThreadX's trace buffer, in the firmware's own memory and in the layout of `tx_trace.h` that TraceX opens: a header, a
 * registry of objects with their names, and a ring of events. Little-endian; time stamps are microseconds.
 */
export class EventLog implements EventRecorder {
  /** Which groups of events are recorded, by the bits of `TX_TRACE_…_EVENTS`. */
  enabled = 0xffffffff;
  /** Called with the buffer whenever the ring begins anew. */
  fullNotify: ((buffer: Uint8Array) => void) | null;
  #kernel: Kernel;
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #addresses: Addresses;
  readonly #base: number;
  readonly #registryEntries: number;
  readonly #ringStart: number;
  readonly #ringEnd: number;
  #current: number;
  #searchStart = 0;

  /** @param addresses - those of the kernel's objects; a log of somebody else's has its own */
  constructor(
    kernel: Kernel,
    memory: Uint8Array,
    size: number,
    registryEntries: number,
    fullNotify: ((buffer: Uint8Array) => void) | null,
    addresses = kernel.addresses,
  ) {
    this.#kernel = kernel;
    this.#memory = memory.subarray(0, size);
    this.#view = new DataView(memory.buffer, memory.byteOffset, size);
    this.#addresses = addresses;
    this.#base = this.#addresses.of(memory);
    this.#registryEntries = registryEntries;
    this.#ringStart = HEADER_SIZE + OBJECT_SIZE * registryEntries;
    this.#ringEnd = this.#ringStart + Math.floor((size - this.#ringStart) / EVENT_SIZE) * EVENT_SIZE;
    this.#current = this.#ringStart;
    this.fullNotify = fullNotify;
    this.#writeHeader();
    this.registerAll();
  }

  /** Goes on with the kernel of a device that boots again. */
  adopt(kernel: Kernel): void {
    this.#kernel = kernel;
  }

  /** Records a service or an event of the kernel, with up to four fields. */
  insert(event: TraceEventName, ...fields: readonly TraceField[]): void {
    this.insertNumber(TRACE_EVENT[event], ...fields);
  }

  /** Records an event by its number. */
  insertNumber(event: number, ...fields: readonly TraceField[]): void {
    if ((this.enabled & filterOf(event)) === 0) return;
    const at = this.#current;
    const [thread, priority] = this.#caller();
    const stamp = Math.floor(this.#kernel.now / 1000) % 2 ** 32;
    this.#words(at, [thread, priority, event, stamp]);
    this.#words(
      at + 16,
      [0, 1, 2, 3].map((index) => this.#addresses.of(fields[index] ?? 0)),
    );
    const next = at + EVENT_SIZE;
    const wraps = next >= this.#ringEnd;
    this.#current = wraps ? this.#ringStart : next;
    this.#view.setUint32(32, this.#base + this.#current, true);
    if (wraps) this.fullNotify?.(this.#memory);
  }

  threadResumed(thread: TX_THREAD, previousState: number): void {
    this.insert('THREAD_RESUME', thread, previousState, 0, this.#kernel.scheduler.execute);
  }

  threadSuspended(thread: TX_THREAD, newState: number): void {
    this.insert('THREAD_SUSPEND', thread, newState, 0, this.#kernel.scheduler.execute);
  }

  /** Gives an object that was created a place in the registry, while there is one. */
  register(type: keyof typeof TRACE_OBJECT, object: object, name: string, first: TraceField, second: TraceField): void {
    const address = this.#addresses.of(object);
    const slot = this.#freeSlot(address);
    if (slot < 0) return;
    this.#searchStart = (slot + 1) % this.#registryEntries;
    const at = HEADER_SIZE + slot * OBJECT_SIZE;
    const priority = type === 'thread' && 'tx_thread_priority' in object ? Number(object.tx_thread_priority) : null;
    this.#memory[at] = 0;
    this.#memory[at + 1] = TRACE_OBJECT[type];
    this.#memory[at + 2] = priority === null ? 0 : 0x80 | (priority >>> 8);
    this.#memory[at + 3] = priority === null ? 0 : priority & 0xff;
    this.#words(at + 4, [address, this.#addresses.of(first), this.#addresses.of(second)]);
    const text = new TextEncoder().encode(name).subarray(0, NAME_SIZE - 1);
    this.#memory.fill(0, at + 16, at + 16 + NAME_SIZE);
    this.#memory.set(text, at + 16);
  }

  /** Frees an object's place in the registry; its name stays until another takes it. */
  unregister(object: object): void {
    const address = this.#addresses.of(object);
    for (let slot = 0; slot < this.#registryEntries; slot++) {
      const at = HEADER_SIZE + slot * OBJECT_SIZE;
      if (this.#view.getUint32(at + 4, true) === address) this.#memory[at] = 1;
    }
  }

  /** The slot the object has had before, or one that was never used, or else one that is free again; -1 for none. */
  #freeSlot(address: number): number {
    let free = -1;
    for (let index = 0; index < this.#registryEntries; index++) {
      const slot = (this.#searchStart + index) % this.#registryEntries;
      const at = HEADER_SIZE + slot * OBJECT_SIZE;
      const known = this.#view.getUint32(at + 4, true);
      if (known === 0 || known === address) return slot;
      if (free < 0 && this.#memory[at] === 1) free = slot;
    }
    return free;
  }

  /** Who causes an event, and with which priority and threshold. */
  #caller(): readonly [number, number] {
    const { context, current } = this.#kernel;
    if (context === 'init') return [FROM_INITIALIZATION, 0];
    if (context === 'isr' || context === 'idle') return [FROM_ISR, this.#addresses.of(current)];
    if (current === null) return [FROM_ISR, 0];
    const { tx_thread_priority: priority, tx_thread_preempt_threshold: threshold } = current;
    return [this.#addresses.of(current), (0x80000000 | (threshold << 16) | priority) >>> 0];
  }

  #words(at: number, words: readonly number[]): void {
    for (const [index, word] of words.entries()) this.#view.setUint32(at + index * 4, word, true);
  }

  #writeHeader(): void {
    this.#memory.fill(0);
    const address = (offset: number): number => this.#base + offset;
    this.#words(0, [MAGIC, 0xffffffff, address(0), address(HEADER_SIZE)]);
    this.#view.setUint16(16, 0, true);
    this.#view.setUint16(18, NAME_SIZE, true);
    this.#words(20, [this.#ringStart, this.#ringStart, this.#ringEnd, this.#ringStart].map(address));
    this.#words(36, [0xaaaaaaaa, 0xbbbbbbbb, 0xcccccccc]);
    for (let slot = 0; slot < this.#registryEntries; slot++) this.#memory[HEADER_SIZE + slot * OBJECT_SIZE] = 1;
  }

  /** Registers every object there is, but for those that have been. */
  registerAll(known: ReadonlySet<object> = new Set()): void {
    const register: EventLog['register'] = (type, object, ...parts) => {
      if (!known.has(object)) this.register(type, object, ...parts);
    };
    const { threads, created } = this.#kernel;
    for (const thread of threads) {
      register('thread', thread, thread.tx_thread_name, thread.tx_thread_stack_start, thread.tx_thread_stack_size);
    }
    for (const timer of created.timers) register('timer', timer, timer.tx_timer_name, 0, timer.rescheduleTicks);
    for (const group of created.eventFlags) {
      register('eventFlags', group, group.tx_event_flags_group_name, 0, 0);
    }
    for (const queue of created.queues) {
      register('queue', queue, queue.tx_queue_name, queue.tx_queue_capacity * 4, 0);
    }
    for (const semaphore of created.semaphores) {
      register('semaphore', semaphore, semaphore.tx_semaphore_name, 0, 0);
    }
    for (const mutex of created.mutexes) {
      register('mutex', mutex, mutex.tx_mutex_name, mutex.tx_mutex_inherit, 0);
    }
    for (const pool of created.blockPools) {
      const { tx_block_pool_name: name, tx_block_pool_total: total, tx_block_pool_block_size: size } = pool;
      register('blockPool', pool, name, total, size);
    }
    for (const pool of created.bytePools) {
      register('bytePool', pool, pool.tx_byte_pool_name, pool.tx_byte_pool_size, 0);
    }
  }
}
