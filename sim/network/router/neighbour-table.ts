import { ClockEvent, type Clock } from '../../../kernel/ports.ts';
import type { HardwareAddress } from '../../../netx/wire/ethernet.ts';
import type { RouterInterface } from './router-interface.ts';

/** Neighbours that are known or asked for; the one that came first goes first. */
const CAPACITY = 16_384;
/** Packets that wait for one neighbour, and neighbours that packets wait for. */
const MAX_WAITING = 8;
const MAX_PENDING = 1024;
/** Requests that are sent, and the time between two of them. */
const TRIES = 3;
const RETRY = 1_000_000_000;
/** How long what was learned is believed. */
const LIFETIME = 1_200_000_000_000;

/** What becomes of frames whose neighbour cannot be found. */
export interface NeighbourEvents {
  /** Nobody answered for the neighbour. */
  unreachable(frame: Uint8Array): void;
  /** Too many frames wait already. */
  overflowed(frame: Uint8Array): void;
}

/** A neighbour: known, or asked for while frames wait. */
class Neighbour extends ClockEvent {
  hardware: HardwareAddress | null = null;
  /** Virtual time at which it was learned. */
  since = 0;
  tries = 0;
  readonly waiting: Uint8Array[] = [];
  readonly #retry: () => void;

  constructor(retry: (neighbour: Neighbour) => void) {
    super();
    this.#retry = () => retry(this);
  }

  fire(): void {
    this.#retry();
  }
}

/** What a table asks on its network. */
export type Solicit<Address> = (address: Address) => void;

/** The hardware addresses of the hosts at an interface; an address is a number or a text. Its size is bounded. */
export class NeighbourTable<Address extends number | string> {
  readonly #on: RouterInterface;
  readonly #clock: Clock;
  readonly #events: NeighbourEvents;
  readonly #solicit: Solicit<Address>;
  readonly #known = new Map<Address, Neighbour>();
  #pending = 0;

  /** @param solicit - asks the network who has an address */
  constructor(on: RouterInterface, clock: Clock, events: NeighbourEvents, solicit: Solicit<Address>) {
    this.#on = on;
    this.#clock = clock;
    this.#events = events;
    this.#solicit = solicit;
  }

  /** Sends a frame to a neighbour, as soon as its hardware address is known. */
  send(address: Address, frame: Uint8Array): void {
    const neighbour = this.#known.get(address);
    const hardware = neighbour?.hardware ?? null;
    if (neighbour !== undefined && hardware !== null && this.#clock.now - neighbour.since < LIFETIME) {
      this.#on.send(frame, hardware);
      return;
    }
    const isAsked = neighbour?.hardware === null;
    if (isAsked ? neighbour.waiting.length >= MAX_WAITING : this.#pending >= MAX_PENDING) {
      this.#events.overflowed(frame);
      return;
    }
    if (isAsked) neighbour.waiting.push(frame);
    else this.#ask(address, frame);
  }

  /**
   * Notes what somebody told of itself; frames that wait for it go out.
   *
   * @param isNew - whether it is noted too if nobody asked for it
   */
  learn(address: Address, hardware: HardwareAddress, isNew: boolean): void {
    let neighbour = this.#known.get(address);
    if (neighbour === undefined) {
      if (!isNew) return;
      neighbour = new Neighbour((one) => this.#retry(address, one));
      this.#insert(address, neighbour);
    } else if (neighbour.hardware === null) {
      this.#pending--;
      this.#clock.cancel(neighbour);
    }
    neighbour.hardware = hardware;
    neighbour.since = this.#clock.now;
    for (const frame of neighbour.waiting.splice(0)) this.#on.send(frame, hardware);
  }

  /** Forgets everybody; frames that wait are lost. */
  clear(): void {
    for (const address of [...this.#known.keys()]) this.#forget(address);
  }

  #ask(address: Address, frame: Uint8Array): void {
    const neighbour = new Neighbour((one) => this.#retry(address, one));
    neighbour.waiting.push(frame);
    this.#insert(address, neighbour);
    this.#pending++;
    this.#retry(address, neighbour);
  }

  #retry(address: Address, neighbour: Neighbour): void {
    if (neighbour.tries++ < TRIES) {
      this.#clock.schedule(this.#clock.now + RETRY, neighbour);
      this.#solicit(address);
      return;
    }
    this.#forget(address);
  }

  #insert(address: Address, neighbour: Neighbour): void {
    this.#known.delete(address);
    const [oldest] = this.#known.size >= CAPACITY ? this.#known.keys() : [];
    if (oldest !== undefined) this.#forget(oldest);
    this.#known.set(address, neighbour);
  }

  #forget(address: Address): void {
    const neighbour = this.#known.get(address);
    if (neighbour === undefined) return;
    this.#known.delete(address);
    if (neighbour.hardware !== null) return;
    this.#pending--;
    this.#clock.cancel(neighbour);
    for (const frame of neighbour.waiting.splice(0)) this.#events.unreachable(frame);
  }
}
