import type { Clock } from '../../../kernel/ports.ts';
import { ALL_NODES, isUnspecified, sameAddress, solicitedNode } from '../../../netx/ipv6/address.ts';
import { readHardwareAddress } from '../../../netx/wire/ethernet.ts';
import type { Ipv6Address, Ipv6Header } from '../../../netx/wire/ipv6.ts';
import type { NdMessage } from '../../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../../netx/wire/nd-options.ts';
import { ndFrame } from '../icmpv6-frame.ts';
import { NeighbourTable, type NeighbourEvents } from './neighbour-table.ts';
import type { Ipv6Interface, RouterInterface } from './router-interface.ts';

/** An address as a key: its words, and back. */
const keyOf = (address: Ipv6Address): string => address.join();
const addressOf = (key: string): Ipv6Address => Uint32Array.from(key.split(','), Number);

/** The hardware addresses of the IPv6 hosts at an interface (RFC 4861 section 7.2). */
export class NdNeighbours {
  readonly #on: RouterInterface;
  readonly #own: Ipv6Interface;
  readonly #table: NeighbourTable<string>;

  constructor(on: RouterInterface, own: Ipv6Interface, clock: Clock, events: NeighbourEvents) {
    this.#on = on;
    this.#own = own;
    this.#table = new NeighbourTable(on, clock, events, (key) => this.#solicit(addressOf(key)));
  }

  /** Sends a frame to a neighbour, as soon as its hardware address is known. */
  send(address: Ipv6Address, frame: Uint8Array): void {
    this.#table.send(keyOf(address), frame);
  }

  /** A message came in whose hop limit and checksum are right: what it tells is noted, and a solicitation answered. */
  received(nd: NdMessage, { source }: Ipv6Header, frame: Uint8Array): void {
    const isFromHost = !isUnspecified(source);
    if (nd.kind === 'neighbor-advertisement') {
      const hardware = nd.options.targetLinkLayer ?? readHardwareAddress(frame, 6);
      if (!this.#isOwn(nd.target)) this.#table.learn(keyOf(nd.target), hardware, false);
      return;
    }
    const hardware = nd.options.sourceLinkLayer;
    const isAsked = nd.kind === 'neighbor-solicitation' && this.#isOwn(nd.target);
    const isNew = isAsked || nd.kind === 'router-solicitation';
    if (hardware !== null && isFromHost && !this.#isOwn(source)) this.#table.learn(keyOf(source), hardware, isNew);
    if (isAsked) this.#answer(nd.target, isFromHost ? source : null, frame);
  }

  /** Forgets everybody; frames that wait are lost. */
  clear(): void {
    this.#table.clear();
  }

  #isOwn(address: Ipv6Address): boolean {
    return sameAddress(address, this.#own.address) || sameAddress(address, this.#own.linkLocal);
  }

  #solicit(target: Ipv6Address): void {
    const options = { ...NO_ND_OPTIONS, sourceLinkLayer: this.#on.hardware };
    this.#transmit({ kind: 'neighbor-solicitation', target, options }, solicitedNode(target));
  }

  /** @param asker - null where somebody probes whether the address is in use */
  #answer(target: Ipv6Address, asker: Ipv6Address | null, frame: Uint8Array): void {
    const advertisement: NdMessage = {
      kind: 'neighbor-advertisement',
      router: true,
      solicited: asker !== null,
      override: true,
      target,
      options: { ...NO_ND_OPTIONS, targetLinkLayer: this.#on.hardware },
    };
    const hardware = this.#on.hardware;
    if (asker === null) this.#transmit(advertisement, ALL_NODES);
    else {
      const ends = { hardware, source: target, destination: asker, to: readHardwareAddress(frame, 6) };
      this.#on.transmit(ndFrame(advertisement, ends));
    }
  }

  #transmit(nd: NdMessage, destination: Ipv6Address): void {
    this.#on.transmit(ndFrame(nd, { hardware: this.#on.hardware, source: this.#own.linkLocal, destination }));
  }
}
