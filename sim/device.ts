import type { Macros } from '../kernel/config.ts';
import { consume } from '../kernel/consume.ts';
import type { CpuModel } from '../kernel/cpu-model.ts';
import { Kernel } from '../kernel/kernel.ts';
import type { Op } from '../kernel/op.ts';
import { ClockEvent } from '../kernel/ports.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import { sizeof } from '../kernel/sizeof.ts';
import { ethernetDriver } from '../netx/ethernet-driver.ts';
import { setNetxTrace } from '../netx/device-state.ts';
import { installSecure } from '../secure/device-state.ts';
import type { CryptoProvider } from '../secure/crypto/provider.ts';
import type { PlannedAddress } from './address-plan.ts';
import { deviceConfig } from './device-config.ts';
import { parseDuration } from './duration.ts';
import type { Board, BoardInterface, Firmware } from './firmware.ts';
import { MacController } from './mac/controller.ts';
import { NetworkInterface } from './network-interface.ts';
import type { SimulationEvent } from './trace/event.ts';
import type { World } from './world.ts';

/** A network interface of a device, and the address planned for it. */
export interface InterfaceParts {
  /** As the firmware knows it. */
  readonly name: string;
  /** As its network knows it. */
  readonly port: string;
  /** Its number in the world, from 1. */
  readonly index: number;
  /** Largest IP packet, or null for what its network carries. */
  readonly mtu: number | null;
  readonly planned: PlannedAddress;
}

/** How a device is built; every field is in force from its boot on. */
export interface DeviceParts {
  readonly name: string;
  readonly firmware: Firmware;
  readonly params: Readonly<Record<string, string>>;
  readonly macros: Macros;
  readonly cpu: CpuModel;
  /** RAM handed to `tx_application_define`, in bytes. */
  readonly memory: number;
  /** At least one. */
  readonly interfaces: readonly [InterfaceParts, ...InterfaceParts[]];
  /** Seconds since 1970 at the start of the world, or 0 for a device without a clock. */
  readonly startTime: number;
  readonly captureSites: boolean;
  readonly crypto: CryptoProvider;
}

/** A line on a device's console. */
export interface OutputLine {
  /** Virtual time in nanoseconds. */
  readonly time: number;
  readonly thread: string;
  readonly text: string;
}

/** What a device printed: an array of lines that can be asked for a text. */
export class ConsoleOutput {
  readonly lines: OutputLine[] = [];

  /** Whether a line holds `text`. */
  includes(text: string): boolean {
    return this.lines.some((line) => line.text.includes(text));
  }

  /** All lines, without their times. */
  toString(): string {
    return this.lines.map((line) => line.text).join('\n');
  }
}

/** One simulated device: a kernel with its own RAM, network interface and console. */
export class Device extends ClockEvent {
  readonly name: string;
  readonly kernel: Kernel;
  /** Its network interfaces, in the order in which they were given. */
  readonly interfaces: readonly NetworkInterface[];
  /** The first of them. */
  readonly nic: NetworkInterface;
  readonly output = new ConsoleOutput();
  readonly #world: World;
  readonly #parts: DeviceParts;

  constructor(world: World, parts: DeviceParts) {
    super();
    this.name = parts.name;
    this.#world = world;
    this.#parts = parts;
    const sink = {
      get detail(): boolean {
        return world.trace.detail;
      },
      record: (event: SimulationEvent): void => this.report(event),
    };
    this.kernel = new Kernel({
      name: parts.name,
      clock: world.clock,
      cpu: parts.cpu,
      random: world.random.stream('device', parts.name),
      macros: parts.macros,
      trace: sink,
      captureSites: parts.captureSites,
    });
    world.trace.watchDetail((detail) => {
      this.kernel.observed = detail;
    });
    setNetxTrace(this.kernel, sink);
    installSecure(this.kernel, parts.crypto, sink);
    const make = ({ port, index, mtu }: InterfaceParts): NetworkInterface =>
      new NetworkInterface(port, index, this.kernel, mtu);
    const [first, ...more] = parts.interfaces;
    this.nic = make(first);
    this.interfaces = [this.nic, ...more.map(make)];
  }

  /** The address of the gateway of the device's first network. */
  get gateway(): number {
    return this.#parts.interfaces[0].planned.gateway;
  }

  /** The thread, or the context, that is running now. */
  get running(): string {
    const { context, current } = this.kernel;
    if (context === 'init' || context === 'isr') return context;
    return current?.tx_thread_name ?? '';
  }

  /** Puts an event of this device into the world's trace. */
  report(event: SimulationEvent): void {
    this.#world.trace.emit(this.#world.clock.now, this.name, this.running, event);
  }

  /** Boots the device. Called by the world clock. */
  fire(): void {
    const image = this.#parts.firmware.boot(this.#board());
    const memory = new Uint8Array(this.#parts.memory);
    const main = image.main === undefined ? null : (): void | Op<unknown> => image.main?.();
    this.kernel.boot(() => image.tx_application_define(memory), main);
  }

  /**
   * Runs an interrupt service routine on the device at the present virtual time: ISR rules apply to the services it
   * calls. What it makes ready runs before this returns, as far as time allows.
   */
  interrupt(routine: () => void | Op<unknown>): void {
    this.kernel.interrupt('an interrupt', routine);
  }

  #print(text: string): void {
    const line: OutputLine = { time: this.#world.clock.now, thread: this.running, text };
    this.output.lines.push(line);
    this.report({ type: 'print', text });
  }

  #board(): Board {
    const parts = this.#parts;
    const { kernel, nic } = this;
    const world = this.#world;
    const interfaceOf = ({ name, planned }: InterfaceParts, nic: NetworkInterface): BoardInterface => ({
      name,
      network_driver: ethernetDriver(nic),
      ip_address: planned.address,
      network_mask: planned.mask,
      gateway_address: planned.gateway,
    });
    const [first, ...more] = parts.interfaces;
    const primary = interfaceOf(first, this.nic);
    let mac: MacController | null = null;
    const interfaces = [primary, ...more.map((one, nth) => interfaceOf(one, this.interfaces[nth + 1] ?? this.nic))];
    return {
      name: parts.name,
      print: (text) => this.#print(text),
      params: parts.params,
      config: deviceConfig(parts.macros),
      network_driver: primary.network_driver,
      network_drivers: interfaces.map(({ network_driver }) => network_driver),
      interfaces,
      ip_address: primary.ip_address,
      network_mask: primary.network_mask,
      gateway_address: primary.gateway_address,
      // Most firmware brings no driver of its own.
      get mac() {
        mac ??= new MacController(kernel, nic);
        return mac;
      },
      sizeof,
      consume: (duration) => consume(parseDuration(duration)),
      random: () => kernel.random.uint32(),
      unix_time: () => (parts.startTime === 0 ? 0 : parts.startTime + Math.floor(world.clock.now / 1e9)),
      file: (name) => {
        const bytes = world.readFile(name);
        if (bytes !== null) return bytes;
        throw new SimulationError({
          kind: 'world',
          what: `device '${parts.name}' asked for the file '${name}', and there is none`,
          fix: 'give the path of a file that exists, relative to the current folder',
        });
      },
    };
  }
}
