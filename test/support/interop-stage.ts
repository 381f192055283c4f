import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Firmware, World } from 'txsim';
import type { SimulationEvent } from '../../sim/trace/event.ts';
import { PEER } from './peer-client.ts';
import { Running, udpPortOpen } from './process.ts';
import { startRealTime, type RealTimeWorld } from './real-time-world.ts';

let nextPort = 24_448 + (process.pid % 120) * 64;

/** Ports of the loopback interface that nobody uses: as many as asked for, one after the other. */
export function freePorts(count = 1): number {
  const used = readFileSync('/proc/net/udp', 'latin1');
  const isUsed = (port: number): boolean => used.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `);
  for (;;) {
    const first = nextPort;
    nextPort += count;
    if (!Array.from({ length: count }, (_, index) => first + index).some(isUsed)) return first;
  }
}

type Macros = Parameters<typeof startRealTime>[2]['config'];

/** A device on a stage, and what its DTLS did. */
export interface Actor extends RealTimeWorld {
  readonly events: readonly SimulationEvent[];
}

/** One test's devices and programs. When it ends they are stopped, and no device may hold a packet. */
export class Stage {
  readonly #programs: Running[] = [];
  readonly #devices: RealTimeWorld[] = [];

  /** Starts a program. */
  run(command: string, args: readonly string[]): Running {
    const program = new Running(command, args);
    this.#programs.push(program);
    return program;
  }

  /** Starts a program that listens on a UDP port, and waits until it does. */
  async serve(port: number, command: string, args: readonly string[]): Promise<Running> {
    const program = this.run(command, args);
    await udpPortOpen(port);
    return program;
  }

  /** Starts a server device behind a port of the host. */
  async server(port: number, firmware: Firmware, config: Macros = {}): Promise<Actor> {
    const device = await this.#start(firmware, { listen: `127.0.0.1:${port}=device:4443`, config });
    await device.until('listening');
    return device;
  }

  /** Starts a client device that finds its server on a port of the host. */
  client(port: number, firmware: Firmware, config: Macros = {}): Promise<Actor> {
    return this.#start(firmware, { connect: `${PEER}=127.0.0.1:${port}`, config });
  }

  async #start(firmware: Firmware, ways: Parameters<typeof startRealTime>[2]): Promise<Actor> {
    const events: SimulationEvent[] = [];
    const prepare = ({ trace }: World): void => void trace.listen(({ event }) => events.push(event));
    const device = await startRealTime(firmware, {}, { ...ways, prepare });
    this.#devices.push(device);
    return { ...device, events };
  }

  async clear(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill()));
    for (const device of this.#devices) await device.stop();
  }

  checkLeaks(): void {
    for (const { world } of this.#devices) assert.deepEqual(world.leaks(), []);
  }
}

/** A test with devices and programs of its own. */
export const onStage = (body: (stage: Stage) => Promise<void>) => async (): Promise<void> => {
  const stage = new Stage();
  try {
    await body(stage);
  } finally {
    await stage.clear();
  }
  stage.checkLeaks();
};
