import type { CpuModel } from '../kernel/cpu-model.ts';
import { CPU_PROFILES, isCpuProfile, type CpuProfileName } from '../kernel/cpu-profiles.ts';
import type { Macros } from '../kernel/config.ts';
import { ClockEvent } from '../kernel/ports.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import { WorldClock } from './clock.ts';
import { deadlockReport } from './diagnostics/deadlock.ts';
import { listLeaks, type Leak } from './diagnostics/leaks.ts';
import { NoteLog, type Note } from './diagnostics/notes.ts';
import { StallLog, type Stall } from './diagnostics/stalls.ts';
import { Device, type InterfaceParts } from './device.ts';
import { parseDuration } from './duration.ts';
import type { Firmware } from './firmware.ts';
import { Doorbell, runPaced } from './host/pace.ts';
import { nodeProvider } from '../secure/crypto/node-provider.ts';
import type { CryptoProvider } from '../secure/crypto/provider.ts';
import type { Lan, LanOptions, PortLinkOptions } from './network/lan.ts';
import type { Link } from './network/link.ts';
import type { RouterOptions } from './network/router/router-options.ts';
import type { Router } from './network/router/router.ts';
import { Topology } from './network/topology.ts';
import { RandomSource } from './random.ts';
import { networkEvents } from './trace/network-events.ts';
import { TraceStream } from './trace/stream.ts';

/** A duration: a number of nanoseconds, or a text such as `'10s'`, `'5ms'`, `'200us'`. */
export type Duration = number | string;

export interface WorldOptions {
  /** Everything random in the world follows from it. */
  readonly seed?: number | string;
  /** What the devices' clocks show at the start, in seconds since 1970. Default: 2026-01-01 00:00:00 UTC. */
  readonly startTime?: number;
  /** Gives firmware the files it asks for by name; null where there is none. */
  readonly readFile?: (name: string) => Uint8Array | null;
  /** The devices' cryptography. Default: `node:crypto`. */
  readonly crypto?: CryptoProvider;
  /** Record the source line of every service call (slow): see {@link World.run}. */
  readonly captureSites?: boolean;
}

/** What a network interface of a device is plugged into. */
export interface InterfaceOptions<Network> {
  readonly lan?: Network;
  /** The planned address (`'192.168.1.150'`, or `'10.0.0.5/16'` for one outside its network). Default: the next free one. */
  readonly address?: string;
  /** How the firmware knows it. Default: `eth0`, `eth1` and so on. */
  readonly name?: string;
  /** Largest IP packet that its controller takes, in bytes. Default: what its network carries, 1500 at most. */
  readonly mtu?: number;
  /** Options of its own link, over those of its network. */
  readonly link?: PortLinkOptions;
}

export interface DeviceOptions {
  readonly firmware: Firmware;
  /** The network the device's interface is plugged into. */
  readonly lan?: Lan;
  /** Options of its own link, over those of its network. */
  readonly link?: PortLinkOptions;
  /** Largest IP packet that its controller takes, in bytes. Default: what its network carries, 1500 at most. */
  readonly mtu?: number;
  /** Several network interfaces, in place of `lan`, `address`, `link` and `mtu`. */
  readonly interfaces?: readonly InterfaceOptions<Lan>[];
  readonly params?: Readonly<Record<string, string>>;
  /** Macros of `tx_user.h`, `nx_user.h` and `nx_secure_user.h`, by name. */
  readonly config?: Macros;
  /** A CPU profile by name (`'default'`, `'instant'`, `'cortex-m4-120mhz'`, `'cortex-m0plus-64mhz'`), or one of your own. */
  readonly cpu?: CpuProfileName | CpuModel;
  /** The planned address (`'192.168.1.150'`), which the firmware reads as `board.ip_address`. Default: the next free one. */
  readonly address?: string;
  /** RAM handed to `tx_application_define`, in bytes. Default: 256 KiB. */
  readonly memory?: number;
  /** The device's cryptography. Default: the world's. */
  readonly crypto?: CryptoProvider;
  /** When the device boots. Default: at the start. */
  readonly bootAt?: Duration;
}

export interface RunOptions {
  /** Virtual time at which the run ends at the latest. Without it a world runs until nothing can happen any more. */
  readonly until?: Duration;
  /** Asked after every event; true ends the run. */
  readonly stopWhen?: () => boolean;
}

export interface RunResult {
  /** `stopped` by stopWhen, `until` the time given, or `idle`: nothing is left that could happen. */
  readonly reason: 'stopped' | 'until' | 'idle';
  /** Virtual time at the end, in nanoseconds. */
  readonly time: number;
}

/** Something that was planned for a time. */
class PlannedAction extends ClockEvent {
  readonly #action: () => void;

  constructor(action: () => void) {
    super();
    this.#action = action;
  }

  fire(): void {
    this.#action();
  }
}

/** 2026-01-01 00:00:00 UTC. */
const DEFAULT_START = 1_767_225_600;
const DEFAULT_MEMORY = 256 * 1024;

/** The CPU model that a device asks for; the name may come from a scenario that no compiler has seen. */
function cpuModel(device: string, cpu: CpuModel | string): CpuModel {
  if (typeof cpu === 'object') return cpu;
  if (isCpuProfile(cpu)) return CPU_PROFILES[cpu];
  throw new SimulationError({
    kind: 'world',
    what: `device '${device}': there is no CPU profile '${cpu}'`,
    fix: `give one of ${Object.keys(CPU_PROFILES).join(', ')}`,
  });
}

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
  readonly #construction: { readonly time: number; readonly step: (world: World) => void }[] = [];
  /** Whether something planned with {@link World.at} happens, which a repeated run does by itself. */
  #isScripted = false;

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
        this.#record((world) => {
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
    this.#record((world) => world.lan({ ...options, name }));
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
    this.#record((world) => world.switch({ ...options, name }));
    return this.#topology.addLan(name, { latency: 0, link, ...(subnet === undefined ? {} : { subnet }) });
  }

  /**
   * Adds a point-to-point link: a network with room for two ports.
   *
   * @throws SimulationError for options that make no sense, or a name that is taken
   */
  link(options: LanOptions & { readonly name?: string } = {}): Lan {
    const name = options.name ?? this.#nextName('link');
    this.#record((world) => world.link({ ...options, name }));
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
    this.#record((world) => {
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
    this.#record((world) => {
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
    this.#record((world) => world.at(time, action));
    const planned = new PlannedAction(() => {
      this.#isScripted = true;
      try {
        action(this);
      } finally {
        this.#isScripted = false;
      }
    });
    this.clock.schedule(Math.max(this.clock.now, parseDuration(time)), planned);
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
    const wanted = this.#interfacesOf(name, options);
    const numbers = wanted.map(({ lan }) => (lan === undefined ? -1 : this.#numberOf(lan, `device '${name}'`)));
    const [first, ...more] = wanted.map((one, nth): InterfaceParts => {
      const address = one.address ?? null;
      return {
        name: one.name ?? `eth${nth}`,
        port: this.#topology.portName(name, wanted, nth),
        index: this.#topology.nextInterface(),
        mtu: one.mtu ?? null,
        planned:
          one.lan === undefined
            ? this.#topology.addressOfNobody(address)
            : this.#topology.planOf(one.lan).take(address),
      };
    });
    if (first === undefined) throw new SimulationError({ kind: 'world', what: `device '${name}' has no interface` });
    this.#record((world) => {
      const { lan: _lan, address: _address, link: _link, mtu: _mtu, ...rest } = options;
      const interfaces = wanted.map(({ lan: _, ...one }, nth) => {
        const lan = world.lans[numbers[nth] ?? -1];
        return lan === undefined ? one : { ...one, lan };
      });
      world.device(name, { ...rest, interfaces });
    });
    const device = new Device(this, {
      name,
      firmware: options.firmware,
      params: options.params ?? {},
      macros: options.config ?? {},
      cpu: cpuModel(name, options.cpu ?? 'default'),
      memory: options.memory ?? DEFAULT_MEMORY,
      interfaces: [first, ...more],
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
      return this.#advance(options);
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
    const leaks = listLeaks(this.devices.values());
    if (leaks.length === 0 || this.#options.captureSites === true) return leaks;
    const replica = this.#repeat();
    return replica === null ? leaks : listLeaks(replica.devices.values());
  }

  /** The callbacks that blocked the thread that ran them, longest first. */
  stalls(): readonly Stall[] {
    return this.#stalls.list(this.devices.values(), this.clock.now);
  }

  /** What happened so far that is probably a mistake and ended nothing: starvation, mutexes held at exit, and the like. */
  notes(): readonly Note[] {
    return this.#notes.list(this.devices.values());
  }

  #advance(options: RunOptions): RunResult {
    const { clock } = this;
    const until = options.until === undefined ? Infinity : parseDuration(options.until);
    clock.limit = until;
    for (;;) {
      if (options.stopWhen?.() === true) return { reason: 'stopped', time: clock.now };
      if (!clock.runNext()) break;
    }
    if (until !== Infinity && clock.pending) {
      clock.now = Math.max(clock.now, until);
      return { reason: 'until', time: clock.now };
    }
    const deadlock = deadlockReport(this.devices.values());
    if (deadlock !== null) throw deadlock;
    return { reason: 'idle', time: clock.now };
  }

  /** The same world built anew, call sites recorded, run to the present time; null where it does not come that far. */
  #repeat(): World | null {
    const replica = new World({ ...this.#options, captureSites: true });
    try {
      this.#rebuild(replica);
      replica.#advance({ until: this.clock.now });
      return replica;
    } catch {
      return null;
    }
  }

  /** Does to another world what was done to this one, each thing at its time. */
  #rebuild(replica: World): void {
    for (const { time, step } of this.#construction) {
      if (time > replica.clock.now) replica.#advance({ until: time });
      step(replica);
    }
  }

  #record(step: (world: World) => void): void {
    if (!this.#isScripted) this.#construction.push({ time: this.clock.now, step });
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

  #interfacesOf(name: string, options: DeviceOptions): readonly InterfaceOptions<Lan>[] {
    const { interfaces, lan, address, link, mtu } = options;
    const one = {
      ...(lan === undefined ? {} : { lan }),
      ...(address === undefined ? {} : { address }),
      ...(link === undefined ? {} : { link }),
      ...(mtu === undefined ? {} : { mtu }),
    };
    if (interfaces === undefined || interfaces.length === 0) return [one];
    const [both] = Object.keys(one);
    if (both === undefined) return interfaces;
    throw new SimulationError({
      kind: 'world',
      what: `device '${name}' has both 'interfaces' and '${both}'`,
      fix: `put '${both}' into one of the interfaces`,
    });
  }

  #withSite(error: unknown): unknown {
    if (!(error instanceof SimulationError) || error.kind !== 'forgotten-yield') return error;
    if (this.#options.captureSites === true) return error;
    const replica = new World({ ...this.#options, captureSites: true });
    try {
      this.#rebuild(replica);
      replica.#advance({ until: this.clock.now + 1 });
    } catch (repeated) {
      if (repeated instanceof SimulationError && repeated.kind === error.kind) return repeated;
    }
    return error;
  }
}
