/** Where control blocks stand in the address space of the simulated target. */
const CONTROL_BLOCKS = 0x2000_0000;
/** Where the memory that firmware is given begins. */
const MEMORY = 0x2010_0000;
/** Room between one memory and the next. */
const MEMORY_STEP = 0x0100_0000;

/**
 * Addresses for what has none here, so that a trace buffer reads like one of a 32-bit target: control blocks by the order
 * in which they are first asked for, buffers by their place in the device's memory.
 */
export class Addresses {
  readonly #known = new WeakMap<object, number>();
  #nextBlock = CONTROL_BLOCKS;
  #nextMemory = MEMORY;

  /** The address of a control block or a buffer; 0 for NULL. A number stands for itself. */
  of(value: number | object | null): number {
    if (value === null) return 0;
    if (typeof value === 'number') return value >>> 0;
    return ArrayBuffer.isView(value) ? this.#buffer(value.buffer) + value.byteOffset : this.#block(value);
  }

  #block(block: object): number {
    const known = this.#known.get(block);
    if (known !== undefined) return known;
    const address = this.#nextBlock;
    const type: unknown = block.constructor;
    const size = typeof type === 'function' && 'sizeof' in type && typeof type.sizeof === 'number' ? type.sizeof : 4;
    this.#nextBlock += (size + 3) & ~3;
    this.#known.set(block, address);
    return address;
  }

  #buffer(buffer: ArrayBufferLike): number {
    const known = this.#known.get(buffer);
    if (known !== undefined) return known;
    const address = this.#nextMemory;
    this.#nextMemory += Math.ceil((buffer.byteLength + 1) / MEMORY_STEP) * MEMORY_STEP;
    this.#known.set(buffer, address);
    return address;
  }
}
