import assert from 'node:assert/strict';
import { defineFirmware, World, type Board } from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  type Op,
  type Suspension,
  type Thread,
} from 'txsim/tx_api';
import { IP_ADDRESS } from 'txsim/nx_api';
import type { Lan } from '../../sim/network/lan.ts';
import type { SimulationEvent } from '../../sim/trace/event.ts';
import { bootNetwork, type TestNetwork } from './dtls-firmware.ts';
import { IpStation } from './ip-station.ts';

/** Address and hardware of a bench's device, and of its station. */
export const DEVICE = IP_ADDRESS(192, 168, 1, 10);
export const DEVICE_HARDWARE = { msw: 0x0200, lsw: 1 };
export const STATION = IP_ADDRESS(192, 168, 1, 20);
export const STATION_HARDWARE = { msw: 0x02aa, lsw: 7 };

/** One device with a network, a thread, and a station beside it. */
export interface NetworkBench {
  readonly world: World;
  readonly lan: Lan;
  readonly station: IpStation;
  readonly network: TestNetwork;
  readonly events: SimulationEvent[];
  readonly log: string[];
  /** Starts another thread of the device. */
  readonly spawn: (name: string, body: () => Thread) => Op<number>;
}

export interface BenchOptions {
  /** The device's macros. */
  readonly config?: Readonly<Record<string, number | boolean>>;
  readonly until?: string;
  readonly packets?: number;
  readonly payload?: number;
  readonly seed?: number;
  /** Called during initialisation, after the network is defined. */
  readonly define?: (network: TestNetwork, log: string[]) => Generator<Suspension, void>;
  /** Called once the world is there, before it runs. */
  readonly onWorld?: (bench: Omit<NetworkBench, 'network' | 'spawn'>) => void;
  /** Bytes and mask that the device's firmware takes its address from; 0 for none. */
  readonly address?: number;
}

/** Runs a thread on a device with a station beside it; nothing may leak. */
export function runNetwork(body: (bench: NetworkBench) => Thread, options: BenchOptions = {}): NetworkBench {
  const world = new World({ seed: options.seed ?? 1 });
  const lan = world.lan({ latency: '100us' });
  const log: string[] = [];
  const events: SimulationEvent[] = [];
  world.trace.listen(({ event }) => events.push(event));
  const benches: NetworkBench[] = [];
  const firmware = defineFirmware((plain: Board) => {
    const board: Board = options.address === undefined ? plain : { ...plain, ip_address: options.address };
    const network = bootNetwork(board, options.packets ?? 30, options.payload ?? 1536);
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        if (options.define !== undefined) yield* options.define(network, log);
        const spawn = (name: string, entry: () => Thread): Op<number> =>
          tx_thread_create(
            new TX_THREAD(),
            name,
            entry,
            0,
            network.take(512),
            512,
            4,
            4,
            TX_NO_TIME_SLICE,
            TX_AUTO_START,
          );
        const bench = { world, lan, station, network, events, log, spawn };
        benches.push(bench);
        yield* spawn('main', () => body(bench));
      },
    };
  });
  const station = new IpStation(lan, STATION, STATION_HARDWARE, () => world.clock.now);
  options.onWorld?.({ world, lan, station, events, log });
  world.device('device', { firmware, lan, ...(options.config === undefined ? {} : { config: options.config }) });
  world.run({ until: options.until ?? '5s' });
  assert.deepEqual(world.leaks(), []);
  const [bench] = benches;
  assert(bench !== undefined);
  return bench;
}
