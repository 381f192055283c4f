import { ClockEvent, type Clock, type Random } from '../../kernel/ports.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { lanSettings, type LanOptions, type LanSettings } from './lan-options.ts';
import type { NetworkPort } from './port.ts';
import { checkVerdict, PASS, type Verdict } from './rules.ts';

export type { LanOptions } from './lan-options.ts';

/** Why a frame did not arrive. */
export type DropReason = 'loss' | 'mtu' | 'queue' | 'rule' | 'partition' | 'corrupt' | 'short';

/** Called as frames move. */
export interface NetworkEvents {
  /** A frame was put on the wire; `lost` says why it will not come out of it, or is null. */
  transmitted(info: { readonly from: string; readonly bytes: Uint8Array; readonly lost: DropReason | null }): void;
  delivered(info: { readonly from: string; readonly to: string; readonly bytes: Uint8Array }): void;
  dropped(info: { readonly from: string; readonly bytes: Uint8Array; readonly reason: DropReason }): void;
}

/** A port plugged into a network. */
export interface Attachment {
  /** Sends a frame, without its check sequence; the bytes are copied. */
  transmit(bytes: Uint8Array): void;
}

const ETHERNET_HEADER = 14;
/** How much later an overtaken frame arrives, as a multiple of latency and jitter. */
const REORDER_FACTOR = 4;
/** Bytes of preamble, check sequence and gap, which take their time on the wire as well. */
const FRAME_OVERHEAD = 24;

/** A frame on its way to one receiver. */
class Delivery extends ClockEvent {
  readonly #run: () => void;

  constructor(run: () => void) {
    super();
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
  /** When each frame that is being sent or waits will have been sent, in order; empty without a bandwidth. */
  readonly departures: number[];
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
  readonly #learned = new Map<number, Plug>();
  readonly #cuts = new Set<string>();
  readonly #settings: LanSettings;

  /** @throws SimulationError for an option that does not exist or makes no sense */
  constructor(name: string, clock: Clock, random: Random, options: LanOptions, events: NetworkEvents) {
    this.name = name;
    this.#clock = clock;
    this.#random = random;
    this.#settings = lanSettings(name, options);
    this.#events = events;
  }

  /** Largest payload of a frame, in bytes. */
  get mtu(): number {
    return this.#settings.mtu;
  }

  /** The names of the ports that are plugged in. */
  get ports(): readonly string[] {
    return this.#plugs.map(({ port }) => port.name);
  }

  /** Plugs a port in. */
  attach(port: NetworkPort): Attachment {
    const transmit = (bytes: Uint8Array): void => this.#transmit(plug, bytes.slice());
    const plug: Plug = { port, busyUntil: 0, departures: [], lastArrival: 0, transmit };
    this.#plugs.push(plug);
    return plug;
  }

  /**
   * Cuts the way from one port to another (and back, unless `oneWay`), by their names; frames on their way still arrive.
   *
   * @throws SimulationError where nothing of that name is plugged in
   */
  partition(from: string, to: string, oneWay = false): void {
    const names = this.#plugs.map(({ port }) => port.name);
    for (const name of [from, to]) {
      if (names.includes(name)) continue;
      const what = `network '${this.name}': nothing named '${name}' is plugged in`;
      throw new SimulationError({ kind: 'world', what, fix: `name one of: ${names.join(', ')}` });
    }
    this.#cuts.add(`${from}>${to}`);
    if (!oneWay) this.#cuts.add(`${to}>${from}`);
  }

  /** Mends every cut. */
  heal(): void {
    this.#cuts.clear();
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.#random.float() < probability;
  }

  #transmit(sender: Plug, bytes: Uint8Array): void {
    const from = sender.port.name;
    const lost = this.#fate(sender, bytes);
    this.#events.transmitted({ from, bytes, lost });
    // A frame that is lost on the way has been sent all the same.
    if (lost === null || lost === 'loss') this.#serialise(sender, bytes);
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

  /** Takes the time that sending needs. */
  #serialise(sender: Plug, bytes: Uint8Array): void {
    const { bandwidth } = this.#settings;
    const start = Math.max(this.#clock.now, sender.busyUntil);
    sender.busyUntil = start;
    if (bandwidth === Infinity) return;
    sender.busyUntil = start + Math.ceil(((bytes.length + FRAME_OVERHEAD) * 8e9) / bandwidth);
    sender.departures.push(sender.busyUntil);
  }

  /** Why a frame does not even leave the sender's link, or null. */
  #fate(sender: Plug, bytes: Uint8Array): DropReason | null {
    const { mtu, queue, loss } = this.#settings;
    if (bytes.length < ETHERNET_HEADER) return 'short';
    if (bytes.length > mtu + ETHERNET_HEADER) return 'mtu';
    const { departures } = sender;
    while (departures[0] !== undefined && departures[0] <= this.#clock.now) departures.shift();
    if (departures.length > queue) return 'queue';
    return this.#chance(loss) ? 'loss' : null;
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
    const garbled = verdict.action === 'corrupt' || this.#chance(this.#settings.corrupt);
    if (garbled && this.#settings.frameCheck) {
      this.#events.dropped({ from, bytes, reason: 'corrupt' });
      return;
    }
    const frame = garbled ? this.#flipBit(bytes) : bytes;
    const copies =
      1 + (verdict.action === 'duplicate' ? verdict.copies : 0) + (this.#chance(this.#settings.duplicate) ? 1 : 0);
    for (let copy = 0; copy < copies; copy++) {
      this.#deliver(sender, receiver, frame, verdict.action === 'delay' ? Math.round(verdict.by) : 0);
    }
  }

  #deliver(sender: Plug, receiver: Plug, bytes: Uint8Array, delay: number): void {
    const { latency, jitter, reorder } = this.#settings;
    const wander = jitter > 0 ? Math.floor(this.#random.float() * jitter) : 0;
    let arrival = sender.busyUntil + latency + wander + delay;
    if (this.#chance(reorder)) {
      arrival += Math.ceil((latency + jitter) * REORDER_FACTOR * this.#random.float());
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
    for (const rule of this.#settings.rules) {
      const verdict = rule({ bytes, from, to, time: this.#clock.now });
      if (verdict.action !== 'pass') return checkVerdict(this.name, verdict);
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
function address(bytes: Uint8Array, at: number): number {
  let key = 0;
  for (let index = at; index < at + 6; index++) key = key * 256 + (bytes[index] ?? 0);
  return key;
}
