import { SimulationError } from '../kernel/simulation-error.ts';
import { WorldClock } from './clock.ts';
import { Construction } from './construction.ts';
import type { DhcpServerOptions } from './network/dhcp-options.ts';
import { DhcpServer } from './network/dhcp-server.ts';
import type { Lan, LanOptions, PortLinkOptions } from './network/lan.ts';
import type { Link } from './network/link.ts';
import { advertiserHardware, RouterAdvertiser, type RouterAdvertiserOptions } from './network/router-advertiser.ts';
import type { RouterOptions } from './network/router/router-options.ts';
import type { Router } from './network/router/router.ts';
import { Topology } from './network/topology.ts';
import { precedenceOf, type Order } from './order.ts';
import { RandomSource } from './random.ts';
import { networkEvents } from './trace/network-events.ts';
import { TraceStream } from './trace/stream.ts';

/** The networks of a world, and what stands in them that is no device. */
export abstract class WorldNetworks {
  readonly seed: number | string;
  readonly clock: WorldClock;
  readonly random: RandomSource;
  readonly trace = new TraceStream();
  /** How this world was built, so that a failed run can be repeated with call sites recorded. */
  protected readonly construction: Construction;
  protected readonly topology: Topology;
  #advertisers = 0;

  constructor(seed: number | string, order: Order) {
    this.seed = seed;
    this.clock = new WorldClock(precedenceOf(order, seed));
    this.construction = new Construction(this.clock);
    this.random = new RandomSource(seed);
    this.topology = new Topology({
      clock: this.clock,
      random: this.random,
      events: (network) => networkEvents(this, network),
      routerDropped: (router, reason, bytes) => {
        if (this.trace.frames) {
          this.trace.emit(this.clock.now, null, '', { type: 'router-dropped', router, reason, bytes });
        }
      },
      changed: (lan, change) => {
        const number = this.lans.indexOf(lan);
        this.construction.record((world) => {
          const counterpart = world.lans[number];
          if (counterpart !== undefined) change(counterpart);
        });
      },
    });
  }

  /** Its networks, in the order in which they were added. */
  get lans(): readonly Lan[] {
    return this.topology.lans;
  }

  /** Its routers by name. */
  get routers(): ReadonlyMap<string, Router> {
    return this.topology.routers;
  }

  /**
   * Adds a local network: its options hold between any two of its ports.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  lan(options: LanOptions & { readonly name?: string } = {}): Lan {
    const name = options.name ?? this.#nextName('lan');
    this.construction.record((world) => world.lan({ ...options, name }));
    return this.topology.addLan(name, options);
  }

  /**
   * Adds a switch: its options hold for the link of each of its ports, both ways, and the switch itself takes no time. A
   * port's own link options go before them.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  switch(options: PortLinkOptions & { readonly name?: string; readonly subnet?: string } = {}): Lan {
    const { name = this.#nextName('switch'), subnet, ...link } = options;
    this.construction.record((world) => world.switch({ ...options, name }));
    return this.topology.addLan(name, { latency: 0, link, ...(subnet === undefined ? {} : { subnet }) });
  }

  /**
   * Adds a point-to-point link: a network with room for two ports.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  link(options: LanOptions & { readonly name?: string } = {}): Lan {
    const name = options.name ?? this.#nextName('link');
    this.construction.record((world) => world.link({ ...options, name }));
    return this.topology.addLan(name, options, 2);
  }

  /**
   * Joins two networks by a trunk, so that they are one to their devices, with one subnet. Join them before devices are
   * plugged in.
   *
   * @param options - of the trunk's link; `up` is from `other` to `one`
   * @returns the trunk's link, to change it or to unplug it
   * @throws SimulationError where that closes a loop, or the networks have devices of two subnets
   */
  trunk(one: Lan, other: Lan, options: PortLinkOptions = {}): Link {
    const [here, there] = [this.numberOf(one, 'a trunk'), this.numberOf(other, 'a trunk')];
    const link = this.topology.join(one, other, options);
    this.construction.record((world) => {
      const [first, second] = [world.lans[here], world.lans[there]];
      if (first !== undefined && second !== undefined) world.trunk(first, second, options);
    });
    return link;
  }

  /**
   * Adds a router between networks.
   *
   * @throws SimulationError for addresses that make no sense, or a name that is taken
   */
  router(name: string, options: RouterOptions<Lan>): Router {
    const numbers = options.interfaces.map(({ lan }) => this.numberOf(lan, `router '${name}'`));
    const router = this.topology.addRouter(name, options);
    this.construction.record((world) => {
      const interfaces = options.interfaces.flatMap((one, nth) => {
        const lan = world.lans[numbers[nth] ?? -1];
        return lan === undefined ? [] : [{ ...one, lan }];
      });
      world.router(name, { ...options, interfaces });
    });
    return router;
  }

  /**
   * The network of that name.
   *
   * @throws SimulationError where there is none
   */
  network(name: string): Lan {
    return this.topology.network(name);
  }

  /**
   * Adds a DHCP server to a network.
   *
   * @throws SimulationError for options that make no sense, or a network of another world
   */
  dhcpServer(lan: Lan, options: DhcpServerOptions = {}): DhcpServer {
    const number = this.numberOf(lan, 'a DHCP server');
    this.construction.record((world) => {
      const counterpart = world.lans[number];
      if (counterpart !== undefined) world.dhcpServer(counterpart, options);
    });
    return new DhcpServer(lan, this.clock, options);
  }

  /**
   * Adds a port to a network that advertises an IPv6 router and its prefixes, and passes nothing on. It advertises for as
   * long as the world runs: give `run` an end.
   *
   * @throws SimulationError for options that make no sense, or a network of another world
   */
  routerAdvertiser(lan: Lan, options: RouterAdvertiserOptions): RouterAdvertiser {
    const number = this.numberOf(lan, 'a router advertiser');
    const hardware = advertiserHardware(++this.#advertisers);
    const advertiser = new RouterAdvertiser(this.clock, { hardware, ...options });
    this.construction.record((world) => {
      const counterpart = world.lans[number];
      if (counterpart !== undefined) world.routerAdvertiser(counterpart, options);
    });
    advertiser.plug(lan.attach(advertiser));
    return advertiser;
  }

  #nextName(kind: string): string {
    return this.lans.length === 0 ? kind : `${kind}${this.lans.length + 1}`;
  }

  /** The place of a network in this world. */
  protected numberOf(lan: Lan, whose: string): number {
    const number = this.lans.indexOf(lan);
    if (number >= 0) return number;
    throw new SimulationError({ kind: 'world', what: `${whose}: its lan belongs to another world` });
  }
}
