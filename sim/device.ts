import { isExecuting } from '../kernel/caller-context.ts';
import { Kernel } from '../kernel/kernel.ts';
import type { Op } from '../kernel/op.ts';
import { ClockEvent } from '../kernel/ports.ts';
import { setNetxTrace } from '../netx/device-state.ts';
import { installSecure } from '../secure/device-state.ts';
import { makeBoard } from './board.ts';
import { ConsoleOutput } from './console-output.ts';
import type { Duration } from './world-options.ts';
import { DeviceObjects } from './device-objects.ts';
import { DeviceClock } from './device-clock.ts';
import type { DeviceParts, InterfaceParts } from './device-parts.ts';
import { parseSignedDuration } from './duration.ts';
import { MacController } from './mac/controller.ts';
import { saltOf } from './network/dice.ts';
import { NetworkInterface } from './network-interface.ts';
import { PlannedAction } from './planned-action.ts';
import type { SimulationEvent } from './trace/event.ts';
import type { World } from './world.ts';

export type { OutputLine } from './console-output.ts';

/** One simulated device: a kernel with its own RAM, network interfaces and console. */
export class Device extends ClockEvent {
  readonly name: string;
  /** Its network interfaces, in the order in which they were given. */
  readonly interfaces: readonly NetworkInterface[];
  /** The first of them. */
  readonly nic: NetworkInterface;
  /** What it printed, in all its boots. */
  readonly output = new ConsoleOutput();
  /** Its time of day. */
  readonly clock: DeviceClock;
  readonly #world: World;
  readonly #parts: DeviceParts;
  readonly #more: readonly NetworkInterface[];
  #kernel: Kernel;
  #mac: MacController | null = null;
  #boots = 0;
  #isOn = false;

  constructor(world: World, parts: DeviceParts) {
    super();
    this.name = parts.name;
    this.#world = world;
    this.#parts = parts;
    this.clock = new DeviceClock(parts.name, parts.clock, parts.startTime);
    this.#kernel = this.#newKernel(1);
    world.trace.watchDetail((detail) => {
      this.#kernel.observed = detail;
    });
    const make = ({ port, index, mtu }: InterfaceParts): NetworkInterface =>
      new NetworkInterface(port, index, this.#kernel, mtu);
    const [first, ...more] = parts.interfaces;
    this.nic = make(first);
    this.#more = more.map(make);
    this.interfaces = [this.nic, ...this.#more];
  }

  /** Its kernel: another one after each loss of power, which has nothing in it until the device boots. */
  get kernel(): Kernel {
    return this.#kernel;
  }

  /** How often it booted. */
  get boots(): number {
    return this.#boots;
  }

  /** Whether it has booted and has power. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** The names of its interfaces as its firmware knows them: `eth0`, `eth1` and so on unless they have others. */
  get interfaceNames(): readonly string[] {
    return this.#parts.interfaces.map(({ name }) => name);
  }

  /** What its firmware has created, by name. */
  get objects(): DeviceObjects {
    return new DeviceObjects(this.#kernel);
  }

  /** The address of the gateway of the device's first network. */
  get gateway(): number {
    return this.#parts.interfaces[0].planned.gateway;
  }

  /** The address planned for its first interface. */
  get plannedAddress(): number {
    return this.#parts.interfaces[0].planned.address;
  }

  /** The thread, or the context, that is running now. */
  get running(): string {
    const { context, current } = this.#kernel;
    if (context === 'init' || context === 'isr') return context;
    return current?.tx_thread_name ?? '';
  }

  /** Puts an event of this device into the world's trace. */
  report(event: SimulationEvent): void {
    this.#world.trace.emit(this.#world.clock.now, this.name, this.running, event);
  }

  /** Boots the device. Called by the world clock. */
  fire(): void {
    this.#boots++;
    this.#isOn = true;
    for (const nic of this.interfaces) nic.isPowered = true;
    if (this.#boots > 1) {
      this.#print(`--- boot ${this.#boots} ---`);
      this.report({ type: 'device-power', isOn: true, boots: this.#boots });
    }
    const kernel = this.#kernel;
    const world = this.#world;
    const board = makeBoard(this.#parts, {
      kernel,
      mac: () => (this.#mac ??= new MacController(kernel, this.nic)),
      interfaces: [this.nic, ...this.#more],
      print: (text) => this.#print(text),
      unixTime: () => this.clock.unixTime(world.clock.now),
      readFile: (name) => world.readFile(name),
    });
    const image = this.#parts.firmware.boot(board);
    const memory = new Uint8Array(this.#parts.memory);
    const main = image.main === undefined ? null : (): void | Op<unknown> => image.main?.();
    kernel.boot(() => image.tx_application_define(memory), main);
  }

  /**
   * Takes the power away: no thread of it runs any more, its RAM, threads, packets and sockets are gone, it sends nothing,
   * and frames to it are lost. Its console and its time of day stay. A device that is off stays off, also one that was
   * still to boot. Called by what the device itself does, it comes as the next thing of the same virtual time.
   */
  powerOff(): void {
    const wasOn = this.#isOn;
    const boots = this.#boots;
    this.#world.repeatable(this.name, (device) => {
      if (device.#boots === boots && device.#isOn === wasOn) device.powerOff();
    });
    if (isExecuting(this.#kernel)) {
      const { clock } = this.#world;
      clock.schedule(
        clock.now,
        new PlannedAction(() => {
          if (this.#boots === boots) this.#cutPower();
        }),
      );
    } else {
      this.#cutPower();
    }
  }

  /** Gives the power back: the device boots, as the next thing of the same virtual time. One that is on stays on. */
  powerOn(): void {
    const boots = this.#boots;
    this.#world.repeatable(this.name, (device) => {
      if (device.#boots === boots) device.powerOn();
    });
    const { clock } = this.#world;
    const boot = new PlannedAction(() => {
      if (this.#isOn) return;
      clock.cancel(this);
      this.fire();
    });
    clock.schedule(clock.now, boot);
  }

  /** Takes the power away and gives it back at once. */
  reboot(): void {
    this.powerOff();
    this.powerOn();
  }

  /**
   * Sets its time of day forward, or back where negative; its ticks and timers go on as they are.
   *
   * @param by - nanoseconds, or a text such as `'1h'`, `'-90s'`
   * @throws SimulationError where it is neither
   */
  clockJump(by: Duration): void {
    this.clock.jump(parseSignedDuration(by));
    this.#world.repeatable(this.name, (device) => device.clockJump(by));
  }

  /**
   * Runs an interrupt service routine on the device at the present virtual time: ISR rules apply to the services it
   * calls. What it makes ready runs before this returns, as far as time allows. A device without power does nothing.
   */
  interrupt(routine: () => void | Op<unknown>): void {
    if (this.#isOn) this.#kernel.interrupt('an interrupt', routine);
  }

  /** A kernel with nothing in it; each boot has a random stream of its own. */
  #newKernel(boot: number): Kernel {
    const parts = this.#parts;
    const world = this.#world;
    const sink = {
      get detail(): boolean {
        return world.trace.detail;
      },
      record: (event: SimulationEvent): void => this.report(event),
    };
    const kernel = new Kernel({
      name: parts.name,
      clock: world.clock,
      cpu: parts.cpu,
      random: world.random.stream('device', parts.name, ...(boot === 1 ? [] : [`boot ${boot}`])),
      macros: parts.macros,
      trace: sink,
      captureSites: parts.captureSites,
      oscillator: 1 + this.clock.skew,
      precedence: world.clock.precedence,
    });
    this.#nameSources(kernel);
    kernel.observed = world.trace.detail;
    setNetxTrace(kernel, sink);
    installSecure(kernel, parts.crypto, sink);
    return kernel;
  }

  #cutPower(): void {
    this.#world.clock.cancel(this);
    for (const nic of this.interfaces) nic.powerOff();
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#kernel.halt();
    this.#mac?.powerOff();
    this.#mac = null;
    this.report({ type: 'device-power', isOn: false, boots: this.#boots });
    this.#kernel = this.#newKernel(this.#boots + 1);
    for (const nic of this.interfaces) nic.kernel = this.#kernel;
  }

  /** Where the order of equal times is varied, the device's boot, its ticks and its processor each have their own turn. */
  #nameSources({ ticks, timeSlice, cpu }: Kernel): void {
    if (this.#world.clock.precedence === null) return;
    this.source = saltOf(`${this.name} boot`);
    ticks.source = timeSlice.source = saltOf(`${this.name} tick`);
    cpu.source = saltOf(`${this.name} cpu`);
  }

  #print(text: string): void {
    const line = { time: this.#world.clock.now, thread: this.running, text };
    this.output.lines.push(line);
    this.report({ type: 'print', text });
  }
}
