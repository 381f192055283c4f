import type { Clock } from '../../../kernel/ports.ts';
import { SimulationError } from '../../../kernel/simulation-error.ts';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../../../netx/wire/ethernet.ts';
import { hasPrefix, maskAddress } from '../../../netx/ipv6/address.ts';
import { parseIpv4 } from '../../ipv4-text.ts';
import { parseIpv6Address, parseIpv6Prefix } from '../../ipv6-text.ts';
import { contains, parseSubnet } from '../../subnet.ts';
import { RouterAdvertiser, type AdvertisementOptions } from '../router-advertiser.ts';
import { Ipv4Forwarder } from './ipv4-forwarder.ts';
import { Ipv6Forwarder } from './ipv6-forwarder.ts';
import { Ipv6Routes } from './ipv6-routes.ts';
import { RouterInterface, type FrameHandler, type RouterInterfaceParts } from './router-interface.ts';
import type { RouteOptions, RouterDrop } from './router-options.ts';
import { RoutingTable } from './routing-table.ts';

/** What a router does with the frames of a protocol besides IPv4. */
export interface RouterProtocol {
  received(on: RouterInterface, frame: Uint8Array, isGroup: boolean): void;
  linkChanged?(of: RouterInterface): void;
}

/** A router between networks: it forwards IPv4 and IPv6 at once, and keeps no state but its neighbours' hardware addresses. */
export class Router implements FrameHandler {
  readonly name: string;
  readonly clock: Clock;
  readonly interfaces: readonly RouterInterface[];
  readonly #routes = new RoutingTable();
  readonly #routes6 = new Ipv6Routes();
  readonly #ipv4: Ipv4Forwarder;
  readonly #advertisers = new Map<RouterInterface, RouterAdvertiser>();
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
    for (const out of this.interfaces) {
      if (out.ipv6 === null) continue;
      const { address, prefixLength } = out.ipv6;
      this.#routes6.add({ prefix: maskAddress(address, prefixLength), prefixLength, via: null, out });
    }
    const solicited = (on: RouterInterface, frame: Uint8Array): void =>
      this.#advertisers.get(on)?.deliver({ bytes: frame, from: on.name });
    const parts = { clock, interfaces: this.interfaces, routes: this.#routes6, dropped, solicited };
    this.handle(ETHERTYPE_IPV6, new Ipv6Forwarder(parts));
  }

  /**
   * Has an interface advertise the router and the interface's prefix, from now on.
   *
   * @throws SimulationError for options that make no sense
   */
  advertise(on: RouterInterface, options: AdvertisementOptions): void {
    if (on.ipv6 === null) return;
    const { address, prefixLength } = on.ipv6;
    const prefix = `${formatIpv6(maskAddress(address, prefixLength))}/${prefixLength}`;
    const advertiser = new RouterAdvertiser(this.clock, { ...options, prefix, hardware: on.hardware });
    this.#advertisers.set(on, advertiser);
    advertiser.plug(on);
  }

  /**
   * Adds a way into other networks; the longest prefix counts.
   *
   * @throws SimulationError where the next router is on none of this one's networks
   */
  route({ to, via }: RouteOptions): void {
    if (via.includes(':')) this.#route6(to, via);
    else this.#route4(to, via);
  }

  #route4(to: string, via: string): void {
    const next = parseIpv4(via);
    const out = this.interfaces.find(({ subnet }) => contains(subnet, next));
    if (out === undefined) throw this.#noNetworkOf(via);
    this.#routes.add({ subnet: parseSubnet(to), via: next, out });
  }

  #route6(to: string, via: string): void {
    const next = parseIpv6Address(via);
    const out = this.interfaces.find(({ ipv6 }) => ipv6 !== null && hasPrefix(next, ipv6.address, ipv6.prefixLength));
    if (out === undefined) throw this.#noNetworkOf(via);
    const { address, prefixLength } = parseIpv6Prefix(to);
    this.#routes6.add({ prefix: maskAddress(address, prefixLength), prefixLength, via: next, out });
  }

  #noNetworkOf(via: string): SimulationError {
    return new SimulationError({
      kind: 'world',
      what: `router '${this.name}': ${via} is on none of its networks`,
      fix: 'name the address of a router on a network that this one has an interface on',
    });
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
    const advertiser = this.#advertisers.get(of);
    if (of.isUp) advertiser?.plug(of);
    else advertiser?.unplug();
  }
}
