import { readFileSync } from 'node:fs';
import { defineScenario, buildWorld, type DeviceOptions, type Firmware, type World } from 'txsim';
import { parseConnect, parseListen } from '../../sim/host/endpoints.ts';
import { openBridge } from '../../sim/host/open-bridge.ts';

/** A world with one device that runs at the wall clock's pace, joined to the host. */
export interface RealTimeWorld {
  readonly world: World;
  /** What the device printed. */
  output(): string;
  /** Ends the run. */
  stop(): Promise<void>;
  /** Waits until the device has printed a text. */
  until(text: string | RegExp, milliseconds?: number): Promise<void>;
}

export async function startRealTime(
  firmware: Firmware,
  params: Readonly<Record<string, string>>,
  ways: {
    readonly listen?: string;
    readonly connect?: string;
    readonly config?: DeviceOptions['config'];
    /** Called before the device boots, so that nothing it does is missed. */
    readonly prepare?: (world: World) => void;
  },
): Promise<RealTimeWorld> {
  const readFile = (name: string): Uint8Array => new Uint8Array(readFileSync(name));
  const config = ways.config ?? {};
  const world = buildWorld(defineScenario({ devices: { device: { firmware, params, config } } }), { readFile });
  const bridge = await openBridge(
    world,
    ways.listen === undefined ? [] : [parseListen(ways.listen)],
    ways.connect === undefined ? [] : [parseConnect(ways.connect)],
  );
  ways.prepare?.(world);
  const controller = new AbortController();
  const running = world.runRealTime({ signal: controller.signal });
  const output = (): string => world.devices.get('device')?.output.toString() ?? '';
  return {
    world,
    output,
    stop: async () => {
      controller.abort();
      await running;
      await bridge.close();
    },
    until: async (text, milliseconds = 15_000) => {
      const end = Date.now() + milliseconds;
      const holds = (): boolean => (typeof text === 'string' ? output().includes(text) : text.test(output()));
      while (!holds()) {
        if (Date.now() > end) throw new Error(`the device never printed '${String(text)}':\n${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
