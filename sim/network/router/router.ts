import type { Clock } from '../../../kernel/ports.ts';
import { SimulationError } from '../../../kernel/simulation-error.ts';
import { ETHERTYPE_ARP, ETHERTYPE_IPV4 } from '../../../netx/wire/ethernet.ts';
import { parseIpv4 } from '../../ipv4-text.ts';
import { contains, parseSubnet } from '../../subnet.ts';
import { Ipv4Forwarder } from './ipv4-forwarder.ts';
import { RouterInterface, type FrameHandler, type RouterInterfaceParts } from './router-interface.ts';
import type { RouteOptions, RouterDrop } from './router-options.ts';
import { RoutingTable } from './routing-table.ts';

/** What a router does with the frames of a protocol besides IPv4. */
export interface RouterProtocol {
  received(on: RouterInterface, frame: Uint8Array, isGroup: boolean): void;
  linkChanged?(of: RouterInterface): void;
}

/** A router between networks: it forwards IPv4 at once, and keeps no state but its neighbours' hardware addresses. */
export class Router implements FrameHandler {
  readonly name: string;
  readonly clock: Clock;
  readonly interfaces: readonly RouterInterface[];
  readonly #routes = new RoutingTable();
  readonly #ipv4: Ipv4Forwarder;
  readonly #protocols = new Map<number, RouterProtocol>();

  /** @param dropped - called with every packet that is not forwarded */
  constructor(
    name: string,
    clock: Clock,
    interfaces: readonly RouterInterfaceParts[],
    dropped: (reason: RouterDrop, packet: Uint8Array) => void,
  ) {
    this.name = name;
    this.clock = clock;
    this.interfaces = interfaces.map((parts) => new RouterInterface(parts, this));
    for (const out of this.interfaces) this.#routes.add({ subnet: out.subnet, via: null, out });
    this.#ipv4 = new Ipv4Forwarder({ clock, interfaces: this.interfaces, routes: this.#routes, dropped });
  }

  /**
   * Adds a way into other networks; the longest prefix counts.
   *
   * @throws SimulationError where the next router is on none of this one's networks
   */
  route({ to, via }: RouteOptions): void {
    const next = parseIpv4(via);
    const out = this.interfaces.find(({ subnet }) => contains(subnet, next));
    if (out === undefined) {
      throw new SimulationError({
        kind: 'world',
        what: `router '${this.name}': ${via} is on none of its networks`,
        fix: 'name the address of a router on a network that this one has an interface on',
      });
    }
    this.#routes.add({ subnet: parseSubnet(to), via: next, out });
  }

  /** Hands the frames of a protocol to something that knows it. */
  handle(etherType: number, protocol: RouterProtocol): void {
    this.#protocols.set(etherType, protocol);
  }

  received(on: RouterInterface, etherType: number, frame: Uint8Array, isGroup: boolean): void {
    if (etherType === ETHERTYPE_IPV4) this.#ipv4.received(on, frame, isGroup);
    else if (etherType === ETHERTYPE_ARP) this.#ipv4.receivedArp(on, frame);
    else this.#protocols.get(etherType)?.received(on, frame, isGroup);
  }

  linkChanged(of: RouterInterface): void {
    this.#ipv4.linkChanged(of);
    for (const protocol of this.#protocols.values()) protocol.linkChanged?.(of);
  }
}
