import { World, defineFirmware, type Board, type Lan } from 'txsim';
import { TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import {
  NX_IP,
  NX_IP_DRIVER,
  NX_PACKET_POOL,
  nx_arp_enable,
  nx_ip_create,
  nx_packet_pool_create,
  nx_udp_enable,
  type NetworkDriver,
  type NX_PACKET,
} from 'txsim/nx_api';
import type { Device } from '../../sim/device.ts';

/** What a driver's test has at hand. */
export interface DriverBench {
  readonly board: Board;
  readonly ip: NX_IP;
  readonly pool: NX_PACKET_POOL;
  readonly log: (text: string) => void;
}

export interface DriverBenchOptions {
  readonly config?: Readonly<Record<string, number | boolean>>;
  /** The driver to use in place of the board's own. */
  readonly driver?: (bench: DriverBench) => NetworkDriver;
  /** Runs in a thread once the interface is up. */
  readonly main?: (bench: DriverBench) => Thread;
  /** Called before the world runs. */
  readonly onWorld?: (world: World, lan: Lan, device: Device) => void;
  readonly until?: string;
  /** Bytes of the pool's packets. */
  readonly payload?: number;
}

export interface DriverRun {
  readonly log: readonly string[];
  readonly world: World;
  readonly device: Device;
  readonly bench: DriverBench;
}

/** Runs one device, 192.168.1.10 with the hardware address 02:00:00:00:00:01, with a driver to be tested. */
export function runDriver(options: DriverBenchOptions): DriverRun {
  const log: string[] = [];
  const benches: DriverBench[] = [];
  const world = new World();
  const lan = world.lan();
  const firmware = defineFirmware((board) => {
    const [ip, pool] = [new NX_IP(), new NX_PACKET_POOL()];
    const bench: DriverBench = { board, ip, pool, log: (text) => log.push(text) };
    benches.push(bench);
    const thread = new TX_THREAD();
    const driver = options.driver?.(bench) ?? board.network_driver;
    return {
      *tx_application_define(memory) {
        const size = 20 * ((options.payload ?? 1536) + 60);
        const { ip_address, network_mask } = board;
        yield* nx_packet_pool_create(pool, 'pool', options.payload ?? 1536, memory.subarray(8192), size);
        yield* nx_ip_create(ip, 'IP', ip_address, network_mask, pool, driver, memory.subarray(0, 2048), 2048, 1);
        yield* nx_arp_enable(ip, memory.subarray(2048, 3072), 1024);
        yield* nx_udp_enable(ip);
        const main = (): Thread => options.main?.(bench) ?? nothing();
        const stack = memory.subarray(3072, 4096);
        yield* tx_thread_create(thread, 'main', main, 0, stack, 1024, 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
  const device = world.device('device', { firmware, lan, config: options.config ?? {} });
  options.onWorld?.(world, lan, device);
  world.run({ until: options.until ?? '3s' });
  const [bench] = benches;
  if (bench === undefined) throw new Error('the device did not boot');
  return { log, world, device, bench };
}

function* nothing(): Thread {
  // A device that only receives.
}

/** A request of the stack to the first interface's driver. */
export function requestOf(
  { ip }: DriverBench,
  command: number,
  parts: { readonly value?: number; readonly msw?: number; readonly lsw?: number; readonly packet?: NX_PACKET } = {},
): NX_IP_DRIVER {
  const [one] = ip.nx_ip_interface;
  if (one === undefined) throw new Error('the instance has no interface');
  const request = new NX_IP_DRIVER(command, ip, one);
  request.nx_ip_driver_return_ptr = { value: parts.value ?? 0xdead };
  request.nx_ip_driver_physical_address_msw = parts.msw ?? 0;
  request.nx_ip_driver_physical_address_lsw = parts.lsw ?? 0;
  request.nx_ip_driver_packet = parts.packet ?? null;
  return request;
}
