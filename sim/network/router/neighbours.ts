import { ClockEvent, type Clock } from '../../../kernel/ports.ts';
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, emitArp, parseArp, type ArpPacket } from '../../../netx/wire/arp.ts';
import { BROADCAST, ETHERNET_HEADER, ETHERTYPE_ARP, type HardwareAddress } from '../../../netx/wire/ethernet.ts';
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

/** The hardware addresses of the hosts at an interface (ARP, RFC 826). */
export class Neighbours {
  readonly #on: RouterInterface;
  readonly #clock: Clock;
  readonly #events: NeighbourEvents;
  readonly #known = new Map<number, Neighbour>();
  #pending = 0;

  constructor(on: RouterInterface, clock: Clock, events: NeighbourEvents) {
    this.#on = on;
    this.#clock = clock;
    this.#events = events;
  }

  /** Sends a frame to a neighbour, as soon as its hardware address is known. */
  send(address: number, frame: Uint8Array): void {
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

  /** An ARP packet came in: what it tells is noted, and a request for this interface is answered. */
  received(frame: Uint8Array): void {
    const arp = parseArp(frame, ETHERNET_HEADER, frame.length);
    if (arp === null || arp.senderAddress === this.#on.address) return;
    const isForUs = arp.targetAddress === this.#on.address;
    const isRequest = arp.operation === ARP_REQUEST;
    // A probe asks before it has an address.
    if (arp.senderAddress !== 0) this.#learn(arp, isForUs && isRequest);
    if (isForUs && isRequest) this.#answer(arp);
  }

  /** Forgets everybody; frames that wait are lost. */
  clear(): void {
    for (const address of [...this.#known.keys()]) this.#forget(address);
  }

  #ask(address: number, frame: Uint8Array): void {
    const neighbour = new Neighbour((one) => this.#retry(address, one));
    neighbour.waiting.push(frame);
    this.#insert(address, neighbour);
    this.#pending++;
    this.#retry(address, neighbour);
  }

  #retry(address: number, neighbour: Neighbour): void {
    if (neighbour.tries++ < TRIES) {
      this.#clock.schedule(this.#clock.now + RETRY, neighbour);
      const nobody = { msw: 0, lsw: 0 };
      this.#transmit(ARP_REQUEST, { hardware: nobody, address }, BROADCAST);
      return;
    }
    this.#forget(address);
  }

  #learn({ senderAddress, senderHardware }: ArpPacket, isNew: boolean): void {
    let neighbour = this.#known.get(senderAddress);
    if (neighbour === undefined) {
      if (!isNew) return;
      neighbour = new Neighbour((one) => this.#retry(senderAddress, one));
      this.#insert(senderAddress, neighbour);
    } else if (neighbour.hardware === null) {
      this.#pending--;
      this.#clock.cancel(neighbour);
    }
    neighbour.hardware = senderHardware;
    neighbour.since = this.#clock.now;
    for (const frame of neighbour.waiting.splice(0)) this.#on.send(frame, senderHardware);
  }

  #insert(address: number, neighbour: Neighbour): void {
    this.#known.delete(address);
    const [oldest] = this.#known.size >= CAPACITY ? this.#known.keys() : [];
    if (oldest !== undefined) this.#forget(oldest);
    this.#known.set(address, neighbour);
  }

  #forget(address: number): void {
    const neighbour = this.#known.get(address);
    if (neighbour === undefined) return;
    this.#known.delete(address);
    if (neighbour.hardware !== null) return;
    this.#pending--;
    this.#clock.cancel(neighbour);
    for (const frame of neighbour.waiting.splice(0)) this.#events.unreachable(frame);
  }

  #answer({ senderHardware, senderAddress }: ArpPacket): void {
    this.#transmit(ARP_REPLY, { hardware: senderHardware, address: senderAddress }, senderHardware);
  }

  #transmit(
    operation: number,
    target: { readonly hardware: HardwareAddress; readonly address: number },
    to: HardwareAddress,
  ): void {
    const frame = this.#on.frameFor(ARP_LENGTH, ETHERTYPE_ARP);
    const packet = {
      operation,
      senderHardware: this.#on.hardware,
      senderAddress: this.#on.address,
      targetHardware: target.hardware,
      targetAddress: target.address,
    };
    emitArp(packet, frame, ETHERNET_HEADER);
    this.#on.send(frame, to);
  }
}
