import { BusError, DescriptorRing, type Descriptor } from './descriptor-ring.ts';
import { MAC_D_FS, MAC_D_LS, MAC_SR_BUS, MAC_SR_RX, MAC_SR_RXU } from './registers.ts';

/** The receiving half of the controller: frames go from the wire into the buffers of its ring. */
export class Receiver {
  readonly ring = new DescriptorRing();
  received = 0;
  missed = 0;
  filtered = 0;
  readonly #memory: () => Uint8Array;
  readonly #raise: (bits: number) => void;
  readonly #stop: () => void;

  /** @param stop - turns the receiver off in the control register */
  constructor(memory: () => Uint8Array, raise: (bits: number) => void, stop: () => void) {
    this.#memory = memory;
    this.#raise = raise;
    this.#stop = stop;
  }

  reset(): void {
    this.ring.reset();
    this.received = 0;
    this.missed = 0;
    this.filtered = 0;
  }

  /** Writes a frame into as many buffers as it takes; it is lost where the driver has given back too few. */
  receive(frame: Uint8Array): void {
    try {
      const memory = this.#memory();
      const into = this.#room(memory, frame.length);
      if (into === null) {
        this.missed++;
        this.#raise(MAC_SR_RXU);
        return;
      }
      this.#write(memory, frame, into);
      this.received++;
      this.#raise(MAC_SR_RX);
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      this.#stop();
      this.#raise(MAC_SR_BUS);
    }
  }

  #room(memory: Uint8Array, length: number): readonly Descriptor[] | null {
    const into: Descriptor[] = [];
    for (let room = 0; room < length;) {
      const descriptor = this.ring.owned(memory, into.length);
      if (descriptor === null) return null;
      if (descriptor.size === 0) throw new BusError();
      into.push(descriptor);
      room += descriptor.size;
    }
    return into;
  }

  #write(memory: Uint8Array, frame: Uint8Array, into: readonly Descriptor[]): void {
    let at = 0;
    for (const [place, { index, buffer, size }] of into.entries()) {
      memory.set(frame.subarray(at, at + size), buffer);
      at += size;
      const isLast = place === into.length - 1;
      const flags = (place === 0 ? MAC_D_FS : 0) | (isLast ? MAC_D_LS : 0);
      this.ring.giveBack(memory, index, flags, isLast ? frame.length : null);
    }
    this.ring.advance(into.length);
  }
}
