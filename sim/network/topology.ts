import type { Clock } from '../../kernel/ports.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { AddressPlan, type PlannedAddress, type SubnetPlan } from '../address-plan.ts';
import { IPV6_MINIMUM_MTU } from '../../netx/wire/ipv6.ts';
import { parseInterfaceAddress6 } from '../ipv6-text.ts';
import type { RandomSource } from '../random.ts';
import { Lan, type LanOptions, type NetworkEvents, type PortLinkOptions } from './lan.ts';
import type { Link } from './link.ts';
import type { RouterDrop, RouterInterfaceOptions, RouterOptions } from './router/router-options.ts';
import type { RouterInterface } from './router/router-interface.ts';
import { Router } from './router/router.ts';
import { joinLans } from './trunk.ts';

/** What networks need of their world. */
export interface TopologyParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly events: (network: string) => NetworkEvents;
  readonly routerDropped: (router: string, reason: RouterDrop, packet: Uint8Array) => void;
  readonly changed: (network: Lan, change: (lan: Lan) => void) => void;
}

const misuse = (what: string, fix: string): SimulationError => new SimulationError({ kind: 'world', what, fix });

/** The networks of a world, what joins them, and their addresses. */
export class Topology {
  readonly lans: Lan[] = [];
  readonly routers = new Map<string, Router>();
  readonly #parts: TopologyParts;
  readonly #addresses = new AddressPlan();
  readonly #nobody = new AddressPlan().add('', undefined);
  readonly #plans = new Map<Lan, SubnetPlan>();
  /** For each network those that trunks join it with, itself included. */
  readonly #joined = new Map<Lan, ReadonlySet<Lan>>();
  #interfaces = 0;
  #routerInterfaces = 0;

  constructor(parts: TopologyParts) {
    this.#parts = parts;
  }

  /**
   * Adds a network.
   *
   * @param most - how many ports it has room for
   */
  addLan(name: string, options: LanOptions, most?: number): Lan {
    if (this.lans.some((lan) => lan.name === name)) {
      throw misuse(`there is a network '${name}' already`, 'give it another name');
    }
    const { clock, random, events, changed } = this.#parts;
    const world = {
      clock,
      events: events(name),
      random: (...names: readonly string[]) => random.stream('network', name, ...names),
    };
    const lan = new Lan(name, world, options, most);
    this.#plans.set(lan, this.#addresses.add(name, options.subnet));
    lan.journal = (change) => changed(lan, change);
    this.#joined.set(lan, new Set([lan]));
    this.lans.push(lan);
    return lan;
  }

  /**
   * The network of that name.
   *
   * @throws SimulationError where there is none
   */
  network(name: string): Lan {
    const found = this.lans.find((lan) => lan.name === name);
    if (found !== undefined) return found;
    const known = this.lans.map((lan) => lan.name).join(', ');
    throw misuse(`there is no network '${name}'`, `name one of: ${known}`);
  }

  /** Joins two networks by a trunk. */
  join(one: Lan, other: Lan, options: PortLinkOptions): Link {
    const [here, there] = [this.#joined.get(one), this.#joined.get(other)];
    if (here === undefined || there === undefined) throw misuse('a network to be joined belongs to another world', '');
    if (here === there) {
      throw misuse(
        `a trunk from '${one.name}' to '${other.name}' would close a loop, in which frames circle for ever`,
        'leave it out: the switches here run no spanning tree protocol',
      );
    }
    this.#share(one, other);
    const all = new Set([...here, ...there]);
    for (const lan of all) this.#joined.set(lan, all);
    return joinLans(one, other, options);
  }

  /** Adds a router. */
  addRouter(name: string, { interfaces, routes }: RouterOptions<Lan>): Router {
    if (this.routers.has(name)) throw misuse(`there is a router '${name}' already`, 'give it another name');
    const parts = interfaces.map(({ lan, address, address6, mtu }, nth) => {
      const own = this.planOf(lan).takeRouter(address ?? null);
      const index = ++this.#routerInterfaces;
      const { address: own32, network, prefix } = own;
      return {
        name: this.portName(name, interfaces, nth),
        index,
        address: own32,
        subnet: { network, prefix },
        mtu: mtu ?? null,
        address6: address6 === undefined ? null : parseInterfaceAddress6(address6),
      };
    });
    const dropped = (reason: RouterDrop, packet: Uint8Array): void => this.#parts.routerDropped(name, reason, packet);
    const router = new Router(name, this.#parts.clock, parts, dropped);
    interfaces.forEach(({ lan, link, advertise }, nth) => {
      const port = router.interfaces[nth];
      if (port === undefined) return;
      port.plug(lan.attach(port, link));
      this.#beginIpv6(router, port, lan, advertise);
    });
    for (const route of routes ?? []) router.route(route);
    this.routers.set(name, router);
    return router;
  }

  /** Has an interface advertise itself where it speaks IPv6, which not every network carries. */
  #beginIpv6(
    router: Router,
    port: RouterInterface,
    lan: Lan,
    advertise: RouterInterfaceOptions<Lan>['advertise'],
  ): void {
    if (port.ipv6 === null) {
      if (advertise === undefined || advertise === false) return;
      throw misuse(
        `router '${router.name}' has nothing to advertise on network '${lan.name}'`,
        "give that interface an IPv6 address: address6: 'fd00:1::1/64'",
      );
    }
    if (port.mtu < IPV6_MINIMUM_MTU) {
      throw misuse(
        `router '${router.name}' cannot speak IPv6 on network '${lan.name}', which carries ${port.mtu} bytes`,
        'give it an mtu of 1280 or more, or leave address6 out',
      );
    }
    if (advertise !== false) router.advertise(port, advertise ?? {});
  }

  /** The addresses of a network. */
  planOf(lan: Lan): SubnetPlan {
    const plan = this.#plans.get(lan);
    if (plan === undefined) throw misuse(`network '${lan.name}' belongs to another world`, 'use one of this world');
    return plan;
  }

  /** An address for a device that is plugged into no network. */
  addressOfNobody(wanted: string | null): PlannedAddress {
    return this.#nobody.take(wanted);
  }

  /** The number of the next device interface, from 1. */
  nextInterface(): number {
    return ++this.#interfaces;
  }

  /** The name of an interface's port: its owner's, and a number where the owner is on that network already. */
  portName(owner: string, interfaces: readonly { readonly lan?: Lan }[], nth: number): string {
    const lan = interfaces[nth]?.lan;
    const isSecond = interfaces.slice(0, nth).some((earlier) => earlier.lan === lan);
    return isSecond ? `${owner}.${nth}` : owner;
  }

  /** Two joined networks are one to IP: they share their addresses. */
  #share(one: Lan, other: Lan): void {
    const [ours, theirs] = [this.planOf(one), this.planOf(other)];
    const [keeper, joiner] = ours.join(theirs) ? [ours, theirs] : [theirs, ours];
    if (keeper === theirs && !theirs.join(ours)) {
      throw misuse(
        `networks '${one.name}' and '${other.name}' are to be joined, but their devices have addresses of two subnets`,
        'join networks before devices are plugged in, or give both the same subnet',
      );
    }
    for (const [lan, plan] of this.#plans) if (plan === joiner) this.#plans.set(lan, keeper);
  }
}
