import type { Clock, ClockEvent, Random } from '../../kernel/ports.ts';
import { parseBandwidth, parseDuration } from '../duration.ts';
import type { NetworkPort } from './port.ts';
import { PASS, type FrameRule, type Verdict } from './rules.ts';

export interface LanOptions {
  /** Time from the end of sending to arrival. Default: 100 us. */
  readonly latency?: number | string;
  /** Up to this much more, at random; the frames of one sender stay in order. Default: none. */
  readonly jitter?: number | string;
  /** Probability that a frame is lost. Default: 0. */
  readonly loss?: number;
  /** Probability that a frame arrives twice. Default: 0. */
  readonly duplicate?: number;
  /** Probability that a frame is overtaken by later ones. Default: 0. */
  readonly reorder?: number;
  /** Probability that one bit of a frame arrives flipped. Default: 0. */
  readonly corrupt?: number;
  /** What each sender can send. Default: unlimited. */
  readonly bandwidth?: number | string;
  /** Frames that may wait for a sender's bandwidth. Default: 1,000. */
  readonly queue?: number;
  /** Largest payload of a frame, in bytes. Default: 1500. */
  readonly mtu?: number;
  /** Faults of one's own, asked in order for every frame and receiver. */
  readonly rules?: readonly FrameRule[];
}

/** Why a frame did not arrive. */
export type DropReason = 'loss' | 'mtu' | 'queue' | 'rule' | 'partition' | 'short';

/** Called as frames move. */
export interface NetworkEvents {
  /** A frame was put on the wire; `lost` says why it will not come out of it, or is null. */
  transmitted(info: { readonly from: string; readonly bytes: Uint8Array; readonly lost: DropReason | null }): void;
  delivered(info: { readonly from: string; readonly to: string; readonly bytes: Uint8Array }): void;
  dropped(info: { readonly from: string; readonly bytes: Uint8Array; readonly reason: DropReason }): void;
}

/** A port plugged into a network. */
export interface Attachment {
  /** Sends a frame; the bytes are copied. */
  transmit(bytes: Uint8Array): void;
}

const ETHERNET_HEADER = 14;
/** How much later an overtaken frame arrives, as a multiple of latency and jitter. */
const REORDER_FACTOR = 4;
/** The queue limit and serialisation count preamble, check sequence and gap, as Ethernet does. */
const FRAME_OVERHEAD = 24;

/** A frame on its way to one receiver. */
class Delivery implements ClockEvent {
  readonly #run: () => void;

  constructor(run: () => void) {
    this.#run = run;
  }

  fire(): void {
    this.#run();
  }
}

interface Plug extends Attachment {
  readonly port: NetworkPort;
  /** Virtual time at which the sender has sent everything it was given. */
  busyUntil: number;
  /** Latest arrival of a frame of this sender, so that jitter keeps them in order. */
  lastArrival: number;
}

/**
 * A local network: a switch that learns which port has which hardware address, with the faults its options ask for.
 * Loss is decided once for each frame, as if it happened on the sender's link.
 */
export class Lan {
  readonly name: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #events: NetworkEvents;
  readonly #plugs: Plug[] = [];
  readonly #learned = new Map<string, Plug>();
  readonly #cuts = new Set<string>();
  readonly #latency: number;
  readonly #jitter: number;
  readonly #bandwidth: number;
  readonly #options: LanOptions;

  constructor(name: string, clock: Clock, random: Random, options: LanOptions, events: NetworkEvents) {
    this.name = name;
    this.#clock = clock;
    this.#random = random;
    this.#options = options;
    this.#events = events;
    this.#latency = parseDuration(options.latency ?? '100us');
    this.#jitter = parseDuration(options.jitter ?? 0);
    this.#bandwidth = options.bandwidth === undefined ? Infinity : parseBandwidth(options.bandwidth);
  }

  /** Plugs a port in. */
  attach(port: NetworkPort): Attachment {
    const plug: Plug = { port, busyUntil: 0, lastArrival: 0, transmit: (bytes) => this.#transmit(plug, bytes.slice()) };
    this.#plugs.push(plug);
    return plug;
  }

  /** Cuts the way from one port to another (and back, unless `oneWay`), by their names. */
  partition(from: string, to: string, oneWay = false): void {
    this.#cuts.add(`${from}>${to}`);
    if (!oneWay) this.#cuts.add(`${to}>${from}`);
  }

  /** Mends every cut. */
  heal(): void {
    this.#cuts.clear();
  }

  #chance(probability: number | undefined): boolean {
    return probability !== undefined && probability > 0 && this.#random.float() < probability;
  }

  #transmit(sender: Plug, bytes: Uint8Array): void {
    const from = sender.port.name;
    const bits = (bytes.length + FRAME_OVERHEAD) * 8;
    const sending = this.#bandwidth === Infinity ? 0 : Math.ceil((bits * 1e9) / this.#bandwidth);
    const start = Math.max(this.#clock.now, sender.busyUntil);
    const waiting = sending > 0 ? (start - this.#clock.now) / sending : 0;
    const lost = this.#fate(bytes, waiting);
    this.#events.transmitted({ from, bytes, lost });
    if (lost === null || lost === 'loss') sender.busyUntil = start + sending;
    if (lost !== null) {
      this.#events.dropped({ from, bytes, reason: lost });
      return;
    }
    this.#learned.set(address(bytes, 6), sender);
    const destination = address(bytes, 0);
    const isGroup = ((bytes[0] ?? 0) & 1) === 1;
    const known = isGroup ? undefined : this.#learned.get(destination);
    for (const receiver of known === undefined ? this.#plugs : [known]) {
      if (receiver !== sender) this.#send(sender, receiver, bytes);
    }
  }

  /** Why a frame does not even leave the sender's link, or null. */
  #fate(bytes: Uint8Array, waiting: number): DropReason | null {
    if (bytes.length < ETHERNET_HEADER) return 'short';
    if (bytes.length > (this.#options.mtu ?? 1500) + ETHERNET_HEADER) return 'mtu';
    if (waiting > (this.#options.queue ?? 1000)) return 'queue';
    return this.#chance(this.#options.loss) ? 'loss' : null;
  }

  #send(sender: Plug, receiver: Plug, bytes: Uint8Array): void {
    const from = sender.port.name;
    const to = receiver.port.name;
    if (this.#cuts.has(`${from}>${to}`)) {
      this.#events.dropped({ from, bytes, reason: 'partition' });
      return;
    }
    const verdict = this.#judge(bytes, from, to);
    if (verdict.action === 'drop') {
      this.#events.dropped({ from, bytes, reason: 'rule' });
      return;
    }
    const garbled = verdict.action === 'corrupt' || this.#chance(this.#options.corrupt);
    const frame = garbled ? this.#flipBit(bytes) : bytes;
    const copies =
      1 + (verdict.action === 'duplicate' ? verdict.copies : 0) + (this.#chance(this.#options.duplicate) ? 1 : 0);
    for (let copy = 0; copy < copies; copy++) {
      this.#deliver(sender, receiver, frame, verdict.action === 'delay' ? verdict.by : 0);
    }
  }

  #deliver(sender: Plug, receiver: Plug, bytes: Uint8Array, delay: number): void {
    const wander = this.#jitter > 0 ? Math.floor(this.#random.float() * this.#jitter) : 0;
    let arrival = sender.busyUntil + this.#latency + wander + delay;
    if (this.#chance(this.#options.reorder)) {
      arrival += Math.ceil((this.#latency + this.#jitter) * REORDER_FACTOR * this.#random.float());
    } else if (delay === 0) {
      arrival = Math.max(arrival, sender.lastArrival);
      sender.lastArrival = arrival;
    }
    const delivery = new Delivery(() => {
      this.#events.delivered({ from: sender.port.name, to: receiver.port.name, bytes });
      receiver.port.deliver({ bytes });
    });
    this.#clock.schedule(arrival, delivery);
  }

  #judge(bytes: Uint8Array, from: string, to: string): Verdict {
    for (const rule of this.#options.rules ?? []) {
      const verdict = rule({ bytes, from, to, time: this.#clock.now });
      if (verdict.action !== 'pass') return verdict;
    }
    return PASS;
  }

  #flipBit(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const bit = Math.floor(this.#random.float() * copy.length * 8);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return copy;
  }
}

/** A hardware address of a frame as a key. */
function address(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 6));
}
