import type { Kernel } from '../kernel/kernel.ts';
import { numericMacro } from '../kernel/config.ts';
import type { Trace } from '../kernel/trace.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET_POOL } from './packet-pool.ts';
import type { NetxEvent } from './trace.ts';

/** What the C library keeps in globals, and the device's macros: one of it per device. */
export interface NetxState {
  readonly pools: Set<NX_PACKET_POOL>;
  readonly ips: Set<NX_IP>;
  trace: Trace<NetxEvent> | null;
  /** Ticks a second. */
  readonly periodicRate: number;
  /** Seconds between ARP requests for one address. */
  readonly arpUpdateRate: number;
  readonly arpMaximumRetries: number;
  readonly arpMaxQueueDepth: number;
}

const states = new WeakMap<Kernel, NetxState>();

/** The device's network state. */
export function netxState(kernel: Kernel): NetxState {
  let state = states.get(kernel);
  if (state === undefined) {
    const { macros } = kernel;
    const rate = kernel.config.TX_TIMER_TICKS_PER_SECOND;
    state = {
      pools: new Set(),
      ips: new Set(),
      trace: null,
      periodicRate: numericMacro(macros, 'NX_IP_PERIODIC_RATE', rate),
      arpUpdateRate: numericMacro(macros, 'NX_ARP_UPDATE_RATE', 10),
      arpMaximumRetries: numericMacro(macros, 'NX_ARP_MAXIMUM_RETRIES', 18),
      arpMaxQueueDepth: numericMacro(macros, 'NX_ARP_MAX_QUEUE_DEPTH', 4),
    };
    states.set(kernel, state);
  }
  return state;
}

/** Gives a device's network stack the place to report to. */
export function setNetxTrace(kernel: Kernel, trace: Trace<NetxEvent> | null): void {
  netxState(kernel).trace = trace;
}

/** The packet pools of a device. */
export function packetPools(kernel: Kernel): ReadonlySet<NX_PACKET_POOL> {
  return netxState(kernel).pools;
}

/** The IP instances of a device, in order of creation. */
export function ipInstances(kernel: Kernel): ReadonlySet<NX_IP> {
  return netxState(kernel).ips;
}
