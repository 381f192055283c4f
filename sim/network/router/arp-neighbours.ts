import type { Clock } from '../../../kernel/ports.ts';
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, emitArp, parseArp } from '../../../netx/wire/arp.ts';
import { BROADCAST, ETHERNET_HEADER, ETHERTYPE_ARP, type HardwareAddress } from '../../../netx/wire/ethernet.ts';
import { NeighbourTable, type NeighbourEvents } from './neighbour-table.ts';
import type { RouterInterface } from './router-interface.ts';

const NOBODY: HardwareAddress = { msw: 0, lsw: 0 };

/** The hardware addresses of the IPv4 hosts at an interface (ARP, RFC 826). */
export class ArpNeighbours {
  readonly #on: RouterInterface;
  readonly #table: NeighbourTable<number>;

  constructor(on: RouterInterface, clock: Clock, events: NeighbourEvents) {
    this.#on = on;
    this.#table = new NeighbourTable(on, clock, events, (address) =>
      this.#transmit(ARP_REQUEST, { hardware: NOBODY, address }, BROADCAST),
    );
  }

  /** Sends a frame to a neighbour, as soon as its hardware address is known. */
  send(address: number, frame: Uint8Array): void {
    this.#table.send(address, frame);
  }

  /** An ARP packet came in: what it tells is noted, and a request for this interface is answered. */
  received(frame: Uint8Array): void {
    const arp = parseArp(frame, ETHERNET_HEADER, frame.length);
    if (arp === null || arp.senderAddress === this.#on.address) return;
    const isAsked = arp.targetAddress === this.#on.address && arp.operation === ARP_REQUEST;
    const sender = { hardware: arp.senderHardware, address: arp.senderAddress };
    // A probe asks before it has an address.
    if (sender.address !== 0) this.#table.learn(sender.address, sender.hardware, isAsked);
    if (isAsked) this.#transmit(ARP_REPLY, sender, sender.hardware);
  }

  /** Forgets everybody; frames that wait are lost. */
  clear(): void {
    this.#table.clear();
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
