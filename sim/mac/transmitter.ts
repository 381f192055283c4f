import { ClockEvent, type Clock } from '../../kernel/ports.ts';
import { BusError, DescriptorRing, type Descriptor } from './descriptor-ring.ts';
import { MAC_D_ES, MAC_D_FS, MAC_D_IC, MAC_D_LS, MAC_SR_BUS, MAC_SR_TX, MAC_SR_TXU } from './registers.ts';

/** Where frames go to. */
interface Wire {
  readonly mtu: number;
  readonly linkUp: boolean;
  transmit(frame: Uint8Array): void;
}

const ETHERNET_HEADER = 14;
/** Shortest frame without its check sequence; shorter ones are padded. */
const SHORTEST = 60;
/** Bytes of preamble, check sequence and gap. */
const OVERHEAD = 24;
/** Nanoseconds that a byte takes at 100 Mbit/s. */
const BYTE = 80;

/** The transmitting half of the controller: one frame after the other, from its ring to the wire. */
export class Transmitter extends ClockEvent {
  readonly ring = new DescriptorRing();
  sent = 0;
  failed = 0;
  readonly #clock: Clock;
  readonly #wire: Wire;
  readonly #memory: () => Uint8Array;
  readonly #raise: (bits: number) => void;
  readonly #stop: () => void;
  #isOn = false;
  /** The frame that is being sent, with its descriptors; null while there is none. */
  #frame: { readonly bytes: Uint8Array; readonly from: readonly Descriptor[] } | null = null;

  /** @param stop - turns the transmitter off in the control register */
  constructor(clock: Clock, wire: Wire, memory: () => Uint8Array, raise: (bits: number) => void, stop: () => void) {
    super();
    this.#clock = clock;
    this.#wire = wire;
    this.#memory = memory;
    this.#raise = raise;
    this.#stop = stop;
  }

  /** Turns the transmitter on or off; a frame that is being sent is finished. */
  enable(isOn: boolean): void {
    this.#isOn = isOn;
  }

  reset(): void {
    this.#isOn = false;
    this.#frame = null;
    this.#clock.cancel(this);
    this.ring.reset();
    this.sent = 0;
    this.failed = 0;
  }

  /** Looks for a frame to send, unless one is being sent. */
  poll(): void {
    if (!this.#isOn || this.#frame !== null) return;
    try {
      this.#begin();
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      this.#isOn = false;
      this.#stop();
      this.#raise(MAC_SR_BUS);
    }
  }

  /** The frame is on the wire. */
  fire(): void {
    const { bytes, from } = this.#frame ?? { bytes: new Uint8Array(0), from: [] };
    this.#frame = null;
    const isGood =
      this.#wire.linkUp && bytes.length > ETHERNET_HEADER && bytes.length <= this.#wire.mtu + ETHERNET_HEADER;
    if (isGood) this.sent++;
    else this.failed++;
    const last = from.at(-1);
    for (const { index, flags } of from) {
      const outcome = index === last?.index && !isGood ? MAC_D_ES : 0;
      this.ring.giveBack(this.#memory(), index, flags | outcome, null);
    }
    this.ring.advance(from.length);
    if (isGood) this.#wire.transmit(bytes);
    if (last !== undefined && (last.flags & MAC_D_IC) !== 0) this.#raise(MAC_SR_TX);
    this.poll();
  }

  /** Takes the next frame out of the memory, and begins to send it. */
  #begin(): void {
    const memory = this.#memory();
    const from: Descriptor[] = [];
    let length = 0;
    for (let isWhole = false; !isWhole;) {
      const descriptor = this.ring.owned(memory, from.length);
      if (descriptor === null) {
        // A ring that is all the controller's and has no end of a frame in it will never have one.
        if (from.length === this.ring.count) throw new BusError();
        this.#raise(MAC_SR_TXU);
        return;
      }
      if (((descriptor.flags & MAC_D_FS) !== 0) !== (from.length === 0)) throw new BusError();
      from.push(descriptor);
      length += descriptor.size;
      isWhole = (descriptor.flags & MAC_D_LS) !== 0;
    }
    const bytes = new Uint8Array(length === 0 ? 0 : Math.max(length, SHORTEST));
    let at = 0;
    for (const { buffer, size } of from) {
      bytes.set(memory.subarray(buffer, buffer + size), at);
      at += size;
    }
    this.#frame = { bytes, from };
    this.#clock.schedule(this.#clock.now + (bytes.length + OVERHEAD) * BYTE, this);
  }
}
