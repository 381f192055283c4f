import { SimulationError } from '../kernel/simulation-error.ts';
import { advance } from './advance.ts';
import { captureAt } from './capture.ts';
import { listLeaks, type Leak } from './diagnostics/leaks.ts';
import { NoteLog, type Note } from './diagnostics/notes.ts';
import { StallLog, type Stall } from './diagnostics/stalls.ts';
import { Device } from './device.ts';
import { cpuModel } from './device-cpu.ts';
import { planInterfaces, wantedInterfaces } from './device-interfaces.ts';
import { parseDuration } from './duration.ts';
import { parseInstant } from './instant.ts';
import { Doorbell, runPaced } from './host/pace.ts';
import { nodeProvider } from '../secure/crypto/node-provider.ts';
import type { Lan } from './network/lan.ts';
import type { Link } from './network/link.ts';
import type { DeviceOptions, Duration, RunOptions, RunResult, WorldOptions } from './world-options.ts';
import { checkMacros } from './known-macros.ts';
import { runReplica } from './replica.ts';
import { TraceTail } from './trace/tail.ts';
import { WorldNetworks } from './world-networks.ts';
import { checkVerb, performVerb, type TimelineAction } from './scenario/verb.ts';

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
/** Events that an error is told with. */
const TAIL = 20;
const DEFAULT_MEMORY = 256 * 1024;

/** The device in which an error came up, as a list; empty where it does not say. */
function deviceOf({ where }: SimulationError): readonly string[] {
  return [...(where ?? '').matchAll(/device '([^']+)'/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/**
 * A world of devices and networks in virtual time. The same construction, seed and firmware give the same run, byte for
 * byte, on any machine.
 */
export class World extends WorldNetworks {
  readonly devices = new Map<string, Device>();
  /** Rung when something from outside has entered a world that is paced by the wall clock. */
  readonly doorbell = new Doorbell();
  readonly #options: WorldOptions;
  readonly #startTime: number;
  readonly #stalls = new StallLog(this.trace);
  readonly #notes = new NoteLog(this.trace);

  constructor(options: WorldOptions = {}) {
    super(options.seed ?? 1, options.order ?? 'fifo');
    this.#options = options;
    this.#startTime = parseInstant('startTime', options.startTime ?? DEFAULT_START);
  }

  /**
   * Plans something for a virtual time: a verb, such as `reboot('server')`, or a function, such as one that changes the
   * network: `world.at('5s', () => lan.set({ loss: 0.5 }))`. Verbs are checked at once.
   *
   * @throws SimulationError where a verb names something that is not there
   */
  at(time: Duration, action: TimelineAction): void {
    checkVerb(this, action);
    this.construction.record((world) => world.at(time, action));
    this.construction.plan(parseDuration(time), () => performVerb(this, action));
  }

  /** Notes what was done to a device, for repeated runs. @internal */
  repeatable(name: string, step: (device: Device) => void): void {
    this.construction.record((world) => {
      const device = world.devices.get(name);
      if (device !== undefined) step(device);
    });
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
    checkMacros(name, options.config ?? {});
    const wanted = wantedInterfaces(name, options);
    const numbers = wanted.map(({ lan }) => (lan === undefined ? -1 : this.numberOf(lan, `device '${name}'`)));
    const interfaces = planInterfaces(name, wanted, this.topology);
    this.construction.record((world) => {
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
      clock: options.clock ?? {},
      startTime: this.#startTime,
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
      throw this.#explained(error);
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
    const isExpired = (): boolean => options.expired?.() === true;
    const stopWhen = (): boolean => signal?.aborted === true || isExpired() || options.stopWhen?.() === true;
    signal?.addEventListener('abort', () => this.doorbell.ring(), { once: true });
    const reason = await runPaced(this.clock, until, stopWhen, this.doorbell);
    return { reason: reason === 'stopped' && isExpired() ? 'expired' : reason, time: this.clock.now };
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
    const hasPlace = ({ kind }: Note): boolean => kind === 'packet-misuse' || kind === 'initialization-failed';
    if (this.#options.captureSites === true || !notes.some(hasPlace)) return notes;
    // These are told again with file and line.
    const replica = this.#repeat();
    if (replica === null) return notes;
    return [...replica.notes().filter(hasPlace), ...notes.filter((note) => !hasPlace(note))];
  }

  /**
   * The last events up to now, frequent ones too, one line each. The run is repeated for it; where that cannot be done,
   * as when it is paced by the wall clock, there are none.
   *
   * @param devices - a device, or several, whose events are wanted; default: all
   * @param most - how many
   */
  tail(devices: string | readonly string[] = [], most: number = TAIL): readonly string[] {
    if (this.#options.captureSites === true) return [];
    const replica = this.#replica();
    const tail = new TraceTail(replica.trace, typeof devices === 'string' ? [devices] : devices, most);
    runReplica(this.construction, replica, this.clock.now);
    return tail.lines();
  }

  /** The same world built anew, call sites recorded, run to the present time; null where it does not come that far. */
  #repeat(): World | null {
    const replica = this.#replica();
    return runReplica(this.construction, replica, this.clock.now) === null ? replica : null;
  }

  /** A world of the same options that records call sites. */
  #replica(): World {
    return new World({ ...this.#options, captureSites: true });
  }

  /** What a run threw, with what repeating the run can tell. @internal */
  explained(error: unknown): unknown {
    return this.#explained(error);
  }

  /** An error with what repeating the run can tell: file and line, and the last events before it. */
  #explained(error: unknown): unknown {
    if (!(error instanceof SimulationError) || error.kind === 'world' || this.#options.captureSites === true)
      return error;
    // Twenty million calls of one service tell nothing more when they are seen one by one.
    if (error.kind === 'livelock') return error;
    const replica = error.kind === 'forgotten-yield' ? this.#replica() : new World(this.#options);
    const tail = new TraceTail(replica.trace, deviceOf(error), TAIL);
    const repeated = runReplica(this.construction, replica, this.clock.now + 1);
    const isSame = repeated instanceof SimulationError && repeated.kind === error.kind;
    const told = isSame && error.kind === 'forgotten-yield' ? repeated : error;
    return isSame ? told.withTail(tail.lines()) : told;
  }
}
