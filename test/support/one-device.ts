import { defineFirmware, World, type Board, type DeviceOptions, type RunOptions } from 'txsim';
import {
  TX_AUTO_START,
  TX_THREAD,
  tx_thread_create,
  type Op,
  type Suspension,
  type Thread,
  type ThreadEntry,
} from 'txsim/tx_api';
import type { Device } from '../../sim/device.ts';

/** What a test's firmware has at hand. */
export interface Bench {
  readonly board: Board;
  /** Notes what happened, in order. */
  readonly log: (text: string) => void;
  /** Creates a thread that is ready at once. */
  readonly thread: (name: string, priority: number, body: () => Thread, more?: ThreadParts) => Op<TX_THREAD>;
  /** Memory that nobody else has. */
  readonly memory: (bytes: number) => Uint8Array;
}

export interface ThreadParts {
  readonly threshold?: number;
  readonly autoStart?: number;
  readonly timeSlice?: number;
  readonly entry?: ThreadEntry;
}

/** A finished run of one device. */
export interface BenchRun {
  readonly log: readonly string[];
  readonly world: World;
  readonly device: Device;
}

/** Runs a firmware on a device of its own; everything it logs is given back in order. */
export function runOnDevice(
  define: (bench: Bench) => Op<void>,
  options: Partial<DeviceOptions> & RunOptions = {},
): BenchRun {
  const { until, stopWhen, ...device } = options;
  const log: string[] = [];
  const world = new World();
  const firmware = defineFirmware((board) => ({
    *tx_application_define(first_unused_memory) {
      let free = first_unused_memory;
      const memory = (bytes: number): Uint8Array => {
        const taken = free.subarray(0, bytes);
        free = free.subarray(bytes);
        return taken;
      };
      function* thread(
        name: string,
        priority: number,
        body: () => Thread,
        more: ThreadParts = {},
      ): Generator<Suspension, TX_THREAD, unknown> {
        const block = new TX_THREAD();
        const { threshold = priority, autoStart = TX_AUTO_START, entry = () => body(), timeSlice = 0 } = more;
        const status = yield* tx_thread_create(
          block,
          name,
          entry,
          0,
          memory(512),
          512,
          priority,
          threshold,
          timeSlice,
          autoStart,
        );
        if (status !== 0) throw new Error(`tx_thread_create gave ${status}`);
        return block;
      }
      yield* define({ board, log: (text) => log.push(text), thread, memory });
    },
  }));
  const built = world.device('device', { firmware, cpu: 'instant', ...device });
  world.run({ ...(until === undefined ? {} : { until }), ...(stopWhen === undefined ? {} : { stopWhen }) });
  return { log, world, device: built };
}
