import type { NX_INTERFACE } from './interface.ts';
import { PacketQueue } from './packet-queue.ts';
import type { HardwareAddress } from './wire/ethernet.ts';

/** How many entries of a cache count seconds down. */
export interface CountdownTally {
  countdowns: number;
}

/** What is known of a neighbour: its hardware address, or the packets that wait for it. */
export class ArpEntry {
  readonly address: number;
  readonly networkInterface: NX_INTERFACE;
  /** Null while the neighbour has not answered. */
  hardware: HardwareAddress | null = null;
  /** Entered by the application: it neither ages nor makes room. */
  isStatic = false;
  /** Requests after the first that have not been answered. */
  retries = 0;
  /** Grows with every use in the cache: the smallest was used longest ago. */
  lastUsed = 0;
  readonly waiting = new PacketQueue();
  readonly #tally: CountdownTally;
  #untilRequest = 0;

  constructor(address: number, networkInterface: NX_INTERFACE, tally: CountdownTally) {
    this.address = address;
    this.networkInterface = networkInterface;
    this.#tally = tally;
  }

  /** Seconds until the next request; 0 for none. */
  get untilRequest(): number {
    return this.#untilRequest;
  }

  set untilRequest(seconds: number) {
    if (seconds > 0 !== this.#untilRequest > 0) this.#tally.countdowns += seconds > 0 ? 1 : -1;
    this.#untilRequest = seconds;
  }
}
