import { ClockEvent } from '../../kernel/ports.ts';
import type { Frame } from './frame.ts';
import type { Link } from './link.ts';
import type { Fault } from './network-events.ts';

const NO_FAULTS: readonly Fault[] = [];

/** A frame within a network, and what faults did to it. */
export class TravellingFrame implements Frame {
  readonly bytes: Uint8Array;
  readonly from: string;
  readonly faults: readonly Fault[];

  constructor(bytes: Uint8Array, from: string, faults: readonly Fault[] = NO_FAULTS) {
    this.bytes = bytes;
    this.from = from;
    this.faults = faults;
  }

  /** The frame after one more fault. */
  after(fault: Fault, bytes = this.bytes): TravellingFrame {
    return new TravellingFrame(bytes, this.from, [...this.faults, fault]);
  }
}

/** Where a frame has come to when its time is over. */
export type Stage =
  /** Out of the sender's own link, into the network. */
  | 'enter'
  /** Through the network, at the link of its receiver. */
  | 'arrive'
  /** Out of the receiver's own link. */
  | 'deliver';

/** Frames on their way are events of the clock, which are used again and again. */
export class Delivery extends ClockEvent {
  stage: Stage = 'arrive';
  frame: TravellingFrame | null = null;
  /** The port's link at which the stage ends; of a flood, the sender's. */
  link: Link | null = null;
  /** Of a flood: the number of the port that is next, and of the first one that gets nothing. */
  next = 0;
  end = 0;
  readonly #happen: (delivery: Delivery) => void;

  constructor(happen: (delivery: Delivery) => void) {
    super();
    this.#happen = happen;
  }

  fire(): void {
    this.#happen(this);
  }
}
