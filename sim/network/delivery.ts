import { ClockEvent, type Clock } from '../../kernel/ports.ts';
import type { Frame } from './frame.ts';
import type { Link } from './link.ts';
import type { Fault } from './network-events.ts';

const NO_FAULTS: readonly Fault[] = [];
/** Copies that one fault makes of a frame, at most. */
const COPIES = 16;

/** A frame within a network, and what faults did to it. */
export class TravellingFrame implements Frame {
  readonly bytes: Uint8Array;
  readonly from: string;
  /** Its number among the frames sent into its network, from 1. */
  readonly number: number;
  /** Which copy of it this is, 0 being the frame itself. */
  readonly copy: number;
  readonly faults: readonly Fault[];

  constructor(bytes: Uint8Array, from: string, number: number, copy = 0, faults: readonly Fault[] = NO_FAULTS) {
    this.bytes = bytes;
    this.from = from;
    this.number = number;
    this.copy = copy;
    this.faults = faults;
  }

  /** The frame after one more fault. */
  after(fault: Fault, bytes = this.bytes): TravellingFrame {
    return new TravellingFrame(bytes, this.from, this.number, this.copy, [...this.faults, fault]);
  }

  /**
   * A copy of the frame. Copies of copies, and those made on other parts of the way, are told apart.
   *
   * @param part - of the way, 0 to 2
   * @param nth - among those made at once, from 1
   */
  duplicate(part: number, nth: number): TravellingFrame {
    const copy = this.copy * 3 * COPIES + part * COPIES + nth;
    return new TravellingFrame(this.bytes, this.from, this.number, copy, [...this.faults, 'duplicated']);
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

/** A frame on its way is an event of the clock, which is used again for others. */
class Delivery extends ClockEvent {
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

/** Called when a stage of a frame's way is over. */
export type Landed = (stage: Stage, link: Link, frame: TravellingFrame) => void;

/** The frames of a network that are on their way. */
export class Deliveries {
  readonly #clock: Clock;
  readonly #links: readonly Link[];
  readonly #landed: Landed;
  readonly #idle: Delivery[] = [];
  #inFlight = 0;

  /** @param links - the network's ports, which only become more */
  constructor(clock: Clock, links: readonly Link[], landed: Landed) {
    this.#clock = clock;
    this.#links = links;
    this.#landed = landed;
  }

  /** Frames on their way, a flooded one once for each port that it still has to come to. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * A frame comes to the end of a stage at a time.
   *
   * @param way - the port over whose way it comes: frames of one way stay in order, whatever else is varied
   */
  schedule(stage: Stage, link: Link, frame: TravellingFrame, at: number, way: Link): void {
    this.#inFlight++;
    this.#clock.schedule(at, this.#take(stage, link, frame, way));
  }

  /** A frame comes to every port but its sender's: one event that goes from port to port, however many there are. */
  flood(sender: Link, frame: TravellingFrame, at: number): void {
    const end = this.#links.length;
    const first = sender.index === 0 ? 1 : 0;
    if (first >= end) return;
    const delivery = this.#take('arrive', sender, frame, sender);
    delivery.next = first;
    delivery.end = end;
    this.#inFlight += end - 1;
    this.#clock.schedule(at, delivery);
  }

  #take(stage: Stage, link: Link, frame: TravellingFrame, way: Link): Delivery {
    const delivery = this.#idle.pop() ?? new Delivery((due) => this.#happen(due));
    delivery.stage = stage;
    delivery.link = link;
    delivery.frame = frame;
    delivery.source = stage === 'deliver' ? ~way.salt : way.salt;
    return delivery;
  }

  #happen(delivery: Delivery): void {
    const { stage, frame, link, next, end } = delivery;
    if (frame === null || link === null) return;
    this.#inFlight--;
    const following = next + 1 === link.index ? next + 2 : next + 1;
    if (following < end) {
      // The next receiver is an event of its own: a device that computes must not run past it.
      delivery.next = following;
      this.#clock.schedule(this.#clock.now, delivery);
    } else {
      delivery.frame = null;
      delivery.link = null;
      delivery.end = 0;
      this.#idle.push(delivery);
    }
    this.#landed(stage, end > 0 ? (this.#links[next] ?? link) : link, frame);
  }
}
