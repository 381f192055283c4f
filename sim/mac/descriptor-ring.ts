import { MAC_D_BUFFER, MAC_D_FLAGS, MAC_D_LENGTH, MAC_D_OWN, MAC_D_SIZE, MAC_DESCRIPTOR } from './registers.ts';

/** Thrown where the controller would read or write beyond its memory. */
export class BusError extends Error {}

/** A descriptor as the controller sees it. */
export interface Descriptor {
  readonly index: number;
  readonly flags: number;
  readonly buffer: number;
  readonly size: number;
}

/** A ring of descriptors in the memory, and where in it the controller is. */
export class DescriptorRing {
  /** Address of the first descriptor, in bytes. */
  address = 0;
  /** How many there are. */
  count = 0;
  /** The one that the controller looks at next. */
  current = 0;

  reset(): void {
    this.address = 0;
    this.count = 0;
    this.current = 0;
  }

  /**
   * The descriptor `offset` places behind the current one; null where it is not the controller's, or the ring has been
   * gone around.
   *
   * @throws BusError where it or its buffer lies outside the memory
   */
  owned(memory: Uint8Array, offset: number): Descriptor | null {
    if (this.count < 1) throw new BusError();
    if (offset >= this.count) return null;
    const index = (this.current + offset) % this.count;
    const view = this.#view(memory, index);
    const flags = view.getUint32(MAC_D_FLAGS, true);
    if ((flags & MAC_D_OWN) === 0) return null;
    const buffer = view.getUint32(MAC_D_BUFFER, true);
    const size = view.getUint32(MAC_D_SIZE, true);
    if (buffer + size > memory.length) throw new BusError();
    return { index, flags, buffer, size };
  }

  /** Gives a descriptor back to the driver. */
  giveBack(memory: Uint8Array, index: number, flags: number, length: number | null): void {
    const view = this.#view(memory, index);
    view.setUint32(MAC_D_FLAGS, (flags & ~MAC_D_OWN) >>> 0, true);
    if (length !== null) view.setUint32(MAC_D_LENGTH, length, true);
  }

  /** Goes on behind some descriptors. */
  advance(count: number): void {
    this.current = (this.current + count) % this.count;
  }

  #view(memory: Uint8Array, index: number): DataView {
    const at = this.address + index * MAC_DESCRIPTOR;
    if (at + MAC_DESCRIPTOR > memory.length) throw new BusError();
    return new DataView(memory.buffer, memory.byteOffset + at, MAC_DESCRIPTOR);
  }
}
