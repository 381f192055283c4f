import type { NX_INTERFACE } from './interface.ts';
import { PacketQueue } from './packet-queue.ts';
import type { HardwareAddress } from './wire/ethernet.ts';

/** What is known of a neighbour: its hardware address, or the packets that wait for it. */
export class ArpEntry {
  readonly address: number;
  readonly networkInterface: NX_INTERFACE;
  /** Null while the neighbour has not answered. */
  hardware: HardwareAddress | null = null;
  /** Entered by the application: it neither ages nor makes room. */
  isStatic = false;
  /** Seconds until the next request; 0 for none. */
  untilRequest = 0;
  /** Requests after the first that have not been answered. */
  retries = 0;
  /** Grows with every use in the cache: the smallest was used longest ago. */
  lastUsed = 0;
  readonly waiting = new PacketQueue();

  constructor(address: number, networkInterface: NX_INTERFACE) {
    this.address = address;
    this.networkInterface = networkInterface;
  }
}
