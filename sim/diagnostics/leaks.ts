import { heldPackets } from '../../netx/packet-pool.ts';
import { packetPools } from '../../netx/device-state.ts';
import type { Device } from '../device.ts';

/** A packet that a driver has had this long, in nanoseconds, is none on its way out any more. */
const LOST_IN_DRIVER = 1e9;

/** Packets that an application allocated or received, or a driver was given, and that were neither released nor handed on. */
export interface Leak {
  readonly device: string;
  readonly pool: string;
  /** The service that gave the packet to the application: `nx_packet_allocate`. */
  readonly service: string;
  readonly thread: string;
  /** `file:line` of the call, where call sites were recorded. */
  readonly site: string | null;
  readonly count: number;
  /** Whether a driver has them: it was given them to send. */
  readonly inDriver: boolean;
  /** Virtual time of the first of them, in nanoseconds. */
  readonly since: number;
}

/**
 * The packets held by applications, grouped by the place that allocated them, in order of time.
 *
 * @param isOver - nothing more happens: what a driver has not released by now it never will
 */
export function listLeaks(devices: Iterable<Device>, isOver: boolean): readonly Leak[] {
  const groups = new Map<string, Leak>();
  for (const device of devices) {
    for (const pool of packetPools(device.kernel)) {
      for (const { allocation, holder } of heldPackets(pool)) {
        const { service, thread, time } = allocation;
        const inDriver = holder === 'driver';
        const mayComeBack = inDriver && !isOver && device.kernel.now - time < LOST_IN_DRIVER;
        if (mayComeBack || (!inDriver && holder !== 'application')) continue;
        const site = allocation.site?.text ?? null;
        const leak: Leak = {
          device: device.name,
          pool: pool.nx_packet_pool_name,
          service,
          thread,
          site,
          count: 1,
          inDriver,
          since: time,
        };
        const key = [leak.device, leak.pool, service, thread, site ?? '', inDriver].join('\n');
        const known = groups.get(key);
        groups.set(key, known === undefined ? leak : { ...known, count: known.count + 1 });
      }
    }
  }
  return [...groups.values()].sort((a, b) => a.since - b.since);
}

/** `3 packets of pool 'main' of device 'server', from nx_packet_allocate() in thread 'echo' at apps/x/main.ts:31`. */
export function describeLeak(leak: Leak): string {
  const what = `${leak.count} packet${leak.count === 1 ? '' : 's'} of pool '${leak.pool}' of device '${leak.device}'`;
  const where = leak.site === null ? '' : ` at ${leak.site}`;
  const fate = leak.inDriver ? '; given to the driver, which has not released them' : '';
  return `${what}, from ${leak.service}() in thread '${leak.thread}'${where}${fate}`;
}
