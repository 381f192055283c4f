import { heldPackets } from '../../netx/packet-pool.ts';
import { packetPools } from '../../netx/device-state.ts';
import type { Device } from '../device.ts';

/** Packets that an application allocated or received and has neither released nor handed on. */
export interface Leak {
  readonly device: string;
  readonly pool: string;
  /** The service that gave the packet to the application: `nx_packet_allocate`. */
  readonly service: string;
  readonly thread: string;
  /** `file:line` of the call, where call sites were recorded. */
  readonly site: string | null;
  readonly count: number;
  /** Virtual time of the first of them, in nanoseconds. */
  readonly since: number;
}

/** The packets held by applications, grouped by the place that allocated them, in order of time. */
export function listLeaks(devices: Iterable<Device>): readonly Leak[] {
  const groups = new Map<string, Leak>();
  for (const device of devices) {
    for (const pool of packetPools(device.kernel)) {
      for (const { allocation, holder } of heldPackets(pool)) {
        if (holder !== 'application') continue;
        const { service, thread, time } = allocation;
        const site = allocation.site?.text ?? null;
        const leak: Leak = {
          device: device.name,
          pool: pool.nx_packet_pool_name,
          service,
          thread,
          site,
          count: 1,
          since: time,
        };
        const key = [leak.device, leak.pool, service, thread, site ?? ''].join('\n');
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
  return `${what}, from ${leak.service}() in thread '${leak.thread}'${where}`;
}
