import type { CpuModel } from '../kernel/cpu-model.ts';
import { CPU_PROFILES, isCpuProfile, type CpuProfileName } from '../kernel/cpu-profiles.ts';
import type { Macros } from '../kernel/config.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import { WorldClock } from './clock.ts';
import { deadlockReport } from './diagnostics/deadlock.ts';
import { listLeaks, type Leak } from './diagnostics/leaks.ts';
import { NoteLog, type Note } from './diagnostics/notes.ts';
import { StallLog, type Stall } from './diagnostics/stalls.ts';
import { Device } from './device.ts';
import { parseDuration } from './duration.ts';
import type { Firmware } from './firmware.ts';
import { Doorbell, runPaced } from './host/pace.ts';
import { nodeProvider } from '../secure/crypto/node-provider.ts';
import type { CryptoProvider } from '../secure/crypto/provider.ts';
import { AddressPlan, parseIpv4 } from './address-plan.ts';
import type { DhcpServerOptions } from './network/dhcp-options.ts';
import { DhcpServer } from './network/dhcp-server.ts';
import { Lan, type LanOptions } from './network/lan.ts';
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

export interface DeviceOptions {
  readonly firmware: Firmware;
  /** The network the device's interface is plugged into. */
  readonly lan?: Lan;
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
  readonly lans: Lan[] = [];
  readonly devices = new Map<string, Device>();
  /** Rung when something from outside has entered a world that is paced by the wall clock. */
  readonly doorbell = new Doorbell();
  readonly #options: WorldOptions;
  readonly #plan = new AddressPlan();
  readonly #stalls = new StallLog(this.trace);
  readonly #notes = new NoteLog(this.trace);
  /** How this world was built, so that a failed run can be repeated with call sites recorded. */
  readonly #construction: ((world: World) => void)[] = [];

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.seed = options.seed ?? 1;
    this.random = new RandomSource(this.seed);
  }

  /** Adds a local network. */
  lan(options: LanOptions & { readonly name?: string } = {}): Lan {
    this.#construction.push((world) => world.lan(options));
    const name = options.name ?? (this.lans.length === 0 ? 'lan' : `lan${this.lans.length + 1}`);
    const lan = new Lan(name, this.clock, this.random.stream('network', name), options, networkEvents(this, name));
    this.lans.push(lan);
    return lan;
  }

  /**
   * Adds a DHCP server to a network.
   *
   * @throws SimulationError for options that make no sense, or a network of another world
   */
  dhcpServer(lan: Lan, options: DhcpServerOptions = {}): DhcpServer {
    const number = this.lans.indexOf(lan);
    if (number < 0)
      throw new SimulationError({ kind: 'world', what: 'a DHCP server: its lan belongs to another world' });
    this.#construction.push((world) => {
      const counterpart = world.lans[number];
      if (counterpart !== undefined) world.dhcpServer(counterpart, options);
    });
    return new DhcpServer(lan, this.clock, options);
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
    const lanIndex = options.lan === undefined ? -1 : this.lans.indexOf(options.lan);
    if (options.lan !== undefined && lanIndex < 0) {
      throw new SimulationError({ kind: 'world', what: `device '${name}': its lan belongs to another world` });
    }
    this.#construction.push((world) => {
      const { lan, ...rest } = options;
      const counterpart = lan === undefined ? undefined : world.lans[lanIndex];
      world.device(name, counterpart === undefined ? rest : { ...rest, lan: counterpart });
    });
    const planned = this.#plan.take(options.address === undefined ? null : parseIpv4(options.address));
    const device = new Device(this, {
      name,
      firmware: options.firmware,
      params: options.params ?? {},
      macros: options.config ?? {},
      cpu: cpuModel(name, options.cpu ?? 'default'),
      memory: options.memory ?? DEFAULT_MEMORY,
      ...planned,
      startTime: this.#options.startTime ?? DEFAULT_START,
      index: this.devices.size + 1,
      captureSites: this.#options.captureSites ?? false,
      crypto: options.crypto ?? this.#options.crypto ?? nodeProvider,
    });
    this.devices.set(name, device);
    if (options.lan !== undefined) device.nic.plug(options.lan.attach(device.nic));
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
      for (const step of this.#construction) step(replica);
      replica.#advance({ until: this.clock.now });
      return replica;
    } catch {
      return null;
    }
  }

  #withSite(error: unknown): unknown {
    if (!(error instanceof SimulationError) || error.kind !== 'forgotten-yield') return error;
    if (this.#options.captureSites === true) return error;
    const replica = new World({ ...this.#options, captureSites: true });
    try {
      for (const step of this.#construction) step(replica);
      replica.#advance({ until: this.clock.now + 1 });
    } catch (repeated) {
      if (repeated instanceof SimulationError && repeated.kind === error.kind) return repeated;
    }
    return error;
  }
}
