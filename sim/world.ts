import { SimulationError } from '../kernel/simulation-error.ts';
import { advance } from './advance.ts';
import { captureAt } from './capture.ts';
import { WorldClock } from './clock.ts';
import { listLeaks, type Leak } from './diagnostics/leaks.ts';
import { NoteLog, type Note } from './diagnostics/notes.ts';
import { StallLog, type Stall } from './diagnostics/stalls.ts';
import { Construction } from './construction.ts';
import { Device } from './device.ts';
import { cpuModel } from './device-cpu.ts';
import { planInterfaces, wantedInterfaces } from './device-interfaces.ts';
import { parseDuration } from './duration.ts';
import { Doorbell, runPaced } from './host/pace.ts';
import { nodeProvider } from '../secure/crypto/node-provider.ts';
import type { DhcpServerOptions } from './network/dhcp-options.ts';
import { DhcpServer } from './network/dhcp-server.ts';
import type { Lan, LanOptions, PortLinkOptions } from './network/lan.ts';
import type { Link } from './network/link.ts';
import { advertiserHardware, RouterAdvertiser, type RouterAdvertiserOptions } from './network/router-advertiser.ts';
import type { DeviceOptions, Duration, RunOptions, RunResult, WorldOptions } from './world-options.ts';
import type { RouterOptions } from './network/router/router-options.ts';
import type { Router } from './network/router/router.ts';
import { Topology } from './network/topology.ts';
import { RandomSource } from './random.ts';
import { runReplica } from './replica.ts';
import { networkEvents } from './trace/network-events.ts';
import { TraceStream } from './trace/stream.ts';

export type {
  DeviceOptions,
  Duration,
  InterfaceOptions,
  RunOptions,
  RunResult,
  WorldOptions,
} from './world-options.ts';

/** 2026-01-01 00:00:00 UTC. */
const DEFAULT_START = 1_767_225_600;
const DEFAULT_MEMORY = 256 * 1024;

/**
 * A world of devices and networks in virtual time. The same construction, seed and firmware give the same run, byte for
 * byte, on any machine.
 */
export class World {
  readonly seed: number | string;
  readonly clock = new WorldClock();
  readonly random: RandomSource;
  readonly trace = new TraceStream();
  readonly devices = new Map<string, Device>();
  /** Rung when something from outside has entered a world that is paced by the wall clock. */
  readonly doorbell = new Doorbell();
  readonly #options: WorldOptions;
  readonly #topology: Topology;
  readonly #stalls = new StallLog(this.trace);
  readonly #notes = new NoteLog(this.trace);
  /** How this world was built, so that a failed run can be repeated with call sites recorded. */
  readonly #construction = new Construction(this);
  #advertisers = 0;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.seed = options.seed ?? 1;
    this.random = new RandomSource(this.seed);
    this.#topology = new Topology({
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
        this.#construction.record((world) => {
          const counterpart = world.lans[number];
          if (counterpart !== undefined) change(counterpart);
        });
      },
    });
  }

  /** Its networks, in the order in which they were added. */
  get lans(): readonly Lan[] {
    return this.#topology.lans;
  }

  /** Its routers by name. */
  get routers(): ReadonlyMap<string, Router> {
    return this.#topology.routers;
  }

  /**
   * Adds a local network: its options hold between any two of its ports.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  lan(options: LanOptions & { readonly name?: string } = {}): Lan {
    const name = options.name ?? this.#nextName('lan');
    this.#construction.record((world) => world.lan({ ...options, name }));
    return this.#topology.addLan(name, options);
  }

  /**
   * Adds a switch: its options hold for the link of each of its ports, both ways, and the switch itself takes no time. A
   * port's own link options go before them.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  switch(options: PortLinkOptions & { readonly name?: string; readonly subnet?: string } = {}): Lan {
    const { name = this.#nextName('switch'), subnet, ...link } = options;
    this.#construction.record((world) => world.switch({ ...options, name }));
    return this.#topology.addLan(name, { latency: 0, link, ...(subnet === undefined ? {} : { subnet }) });
  }

  /**
   * Adds a point-to-point link: a network with room for two ports.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  link(options: LanOptions & { readonly name?: string } = {}): Lan {
    const name = options.name ?? this.#nextName('link');
    this.#construction.record((world) => world.link({ ...options, name }));
    return this.#topology.addLan(name, options, 2);
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
    const [here, there] = [this.#numberOf(one, 'a trunk'), this.#numberOf(other, 'a trunk')];
    const link = this.#topology.join(one, other, options);
    this.#construction.record((world) => {
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
    const numbers = options.interfaces.map(({ lan }) => this.#numberOf(lan, `router '${name}'`));
    const router = this.#topology.addRouter(name, options);
    this.#construction.record((world) => {
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
    return this.#topology.network(name);
  }

  /** Plans something for a virtual time, such as a change of the network: `world.at('5s', () => lan.set({ loss: 0.5 }))`. */
  at(time: Duration, action: (world: World) => void): void {
    this.#construction.record((world) => world.at(time, action));
    this.#construction.plan(parseDuration(time), action);
  }

  /**
   * Adds a DHCP server to a network.
   *
   * @throws SimulationError for options that make no sense, or a network of another world
   */
  dhcpServer(lan: Lan, options: DhcpServerOptions = {}): DhcpServer {
    const number = this.#numberOf(lan, 'a DHCP server');
    this.#construction.record((world) => {
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
    const number = this.#numberOf(lan, 'a router advertiser');
    const hardware = advertiserHardware(++this.#advertisers);
    const advertiser = new RouterAdvertiser(this.clock, { hardware, ...options });
    this.#construction.record((world) => {
      const counterpart = world.lans[number];
      if (counterpart !== undefined) world.routerAdvertiser(counterpart, options);
    });
    advertiser.plug(lan.attach(advertiser));
    return advertiser;
  }

  /**
   * Captures the frames of one network, or those that one port sends and gets (`lan.link('server')`), as pcapng with the
   * DTLS secrets inside, from now on.
   *
   * @param sink - receives the file piece by piece
   * @returns a function that ends the capture
   */
  capture(where: Lan | Link, sink: (chunk: Uint8Array) => void): () => void {
    return captureAt(this.trace, where, sink);
  }

  /** Adds a device, which boots when the world runs. */
  device(name: string, options: DeviceOptions): Device {
    if (this.devices.has(name)) {
      throw new SimulationError({
        kind: 'world',
        what: `there is a device '${name}' already`,
        fix: 'give it another name',
      });
    }
    const wanted = wantedInterfaces(name, options);
    const numbers = wanted.map(({ lan }) => (lan === undefined ? -1 : this.#numberOf(lan, `device '${name}'`)));
    const interfaces = planInterfaces(name, wanted, this.#topology);
    this.#construction.record((world) => {
      const { lan: _lan, address: _address, link: _link, mtu: _mtu, ...rest } = options;
      const counterparts = wanted.map(({ lan: _, ...one }, nth) => {
        const lan = world.lans[numbers[nth] ?? -1];
        return lan === undefined ? one : { ...one, lan };
      });
      world.device(name, { ...rest, interfaces: counterparts });
    });
    const device = new Device(this, {
      name,
      firmware: options.firmware,
      params: options.params ?? {},
      macros: options.config ?? {},
      cpu: cpuModel(name, options.cpu ?? 'default'),
      memory: options.memory ?? DEFAULT_MEMORY,
      interfaces,
      startTime: this.#options.startTime ?? DEFAULT_START,
      captureSites: this.#options.captureSites ?? false,
      crypto: options.crypto ?? this.#options.crypto ?? nodeProvider,
    });
    this.devices.set(name, device);
    wanted.forEach(({ lan, link }, nth) => {
      const nic = device.interfaces[nth];
      if (lan !== undefined && nic !== undefined) nic.plug(lan.attach(nic, link));
    });
    this.clock.schedule(this.clock.now + parseDuration(options.bootAt ?? 0), device);
    return device;
  }

  /** The bytes of a file that a firmware asked for, or null. */
  readFile(name: string): Uint8Array | null {
    return this.#options.readFile?.(name) ?? null;
  }

  /**
   * Runs the world in virtual time, as fast as the machine goes, synchronously.
   *
   * @throws SimulationError for misuse of the simulator, deadlock or livelock. Where a source line would help, the run is
   *   repeated with call sites recorded, so that the error names it.
   */
  run(options: RunOptions = {}): RunResult {
    try {
      return advance(this, options);
    } catch (error) {
      throw this.#withSite(error);
    }
  }

  /**
   * Runs the world paced by the wall clock, for people and for real peers.
   *
   * @param options - `signal` ends the run early, with reason `stopped`
   */
  async runRealTime(options: RunOptions & { readonly signal?: AbortSignal } = {}): Promise<RunResult> {
    const until = options.until === undefined ? Infinity : parseDuration(options.until);
    const { signal } = options;
    const stopWhen = (): boolean => signal?.aborted === true || options.stopWhen?.() === true;
    signal?.addEventListener('abort', () => this.doorbell.ring(), { once: true });
    const reason = await runPaced(this.clock, until, stopWhen, this.doorbell);
    return { reason, time: this.clock.now };
  }

  /**
   * The packets that applications still hold, by the place that allocated them. File and line are there where this
   * world can be repeated, or records call sites.
   */
  leaks(): readonly Leak[] {
    const leaks = listLeaks(this.devices.values(), !this.clock.pending);
    if (leaks.length === 0 || this.#options.captureSites === true) return leaks;
    const replica = this.#repeat();
    return replica === null ? leaks : listLeaks(replica.devices.values(), !replica.clock.pending);
  }

  /** The callbacks that blocked the thread that ran them, longest first. */
  stalls(): readonly Stall[] {
    return this.#stalls.list(this.devices.values(), this.clock.now);
  }

  /** What happened so far that is probably a mistake and ended nothing: starvation, mutexes held at exit, and the like. */
  notes(): readonly Note[] {
    const notes = this.#notes.list(this.devices.values());
    const isMisuse = ({ kind }: Note): boolean => kind === 'packet-misuse';
    if (this.#options.captureSites === true || !notes.some(isMisuse)) return notes;
    // What was done to packets is told again with file and line.
    const replica = this.#repeat();
    if (replica === null) return notes;
    return [...replica.notes().filter(isMisuse), ...notes.filter((note) => !isMisuse(note))];
  }

  /** The same world built anew, call sites recorded, run to the present time; null where it does not come that far. */
  #repeat(): World | null {
    const replica = this.#replica();
    return runReplica(this.#construction, replica, this.clock.now) === null ? replica : null;
  }

  /** A world of the same options that records call sites. */
  #replica(): World {
    return new World({ ...this.#options, captureSites: true });
  }

  #nextName(kind: string): string {
    return this.lans.length === 0 ? kind : `${kind}${this.lans.length + 1}`;
  }

  /** The place of a network in this world. */
  #numberOf(lan: Lan, whose: string): number {
    const number = this.lans.indexOf(lan);
    if (number >= 0) return number;
    throw new SimulationError({ kind: 'world', what: `${whose}: its lan belongs to another world` });
  }

  /** What a run threw, with the source line where that helps. @internal */
  explained(error: unknown): unknown {
    return this.#withSite(error);
  }

  #withSite(error: unknown): unknown {
    if (!(error instanceof SimulationError) || error.kind !== 'forgotten-yield') return error;
    if (this.#options.captureSites === true) return error;
    const repeated = runReplica(this.#construction, this.#replica(), this.clock.now + 1);
    if (repeated instanceof SimulationError && repeated.kind === error.kind) return repeated;
    return error;
  }
}
