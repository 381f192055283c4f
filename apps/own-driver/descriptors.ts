/** A ring of descriptors in the memory that driver and controller share. */
import { MAC_D_BUFFER, MAC_D_FLAGS, MAC_D_LENGTH, MAC_D_SIZE, MAC_DESCRIPTOR } from 'txsim';

export class Descriptors {
  readonly count: number;
  readonly #view: DataView;

  /** @param memory - `count` times `MAC_DESCRIPTOR` bytes */
  constructor(memory: Uint8Array, count: number) {
    this.count = count;
    this.#view = new DataView(memory.buffer, memory.byteOffset, count * MAC_DESCRIPTOR);
  }

  flags(index: number): number {
    return this.#view.getUint32(index * MAC_DESCRIPTOR + MAC_D_FLAGS, true);
  }

  set_flags(index: number, flags: number): void {
    this.#view.setUint32(index * MAC_DESCRIPTOR + MAC_D_FLAGS, flags >>> 0, true);
  }

  set_buffer(index: number, address: number, size: number): void {
    this.#view.setUint32(index * MAC_DESCRIPTOR + MAC_D_BUFFER, address, true);
    this.#view.setUint32(index * MAC_DESCRIPTOR + MAC_D_SIZE, size, true);
  }

  /** Bytes of the frame that ends in a received descriptor. */
  length(index: number): number {
    return this.#view.getUint32(index * MAC_DESCRIPTOR + MAC_D_LENGTH, true);
  }

  next(index: number): number {
    return (index + 1) % this.count;
  }
}
