import type { KernelEvent } from '../../kernel/trace.ts';
import type { NetxEvent } from '../../netx/trace.ts';
import type { SecureEvent } from '../../secure/trace.ts';
import type { FrameEvent } from './frame-event.ts';

export type { FrameEvent } from './frame-event.ts';

/** What a device's console shows. */
export interface PrintEvent {
  readonly type: 'print';
  readonly text: string;
}

/** What the way to the host reports. */
export interface BridgeEvent {
  readonly type: 'bridge';
  readonly text: string;
}

/** A device lost its power, or booted again. */
export interface PowerEvent {
  readonly type: 'device-power';
  readonly isOn: boolean;
  /** How often it has booted by now. */
  readonly boots: number;
}

/** Something that was planned for this time has been done: `reboot server`. */
export interface WorldEvent {
  readonly type: 'world-event';
  readonly text: string;
  /** The devices that it was done to; none where it was done to a network. */
  readonly devices: readonly string[];
}

/** Everything a world reports, by the layer it comes from. */
export type SimulationEvent =
  KernelEvent | NetxEvent | SecureEvent | FrameEvent | PrintEvent | BridgeEvent | PowerEvent | WorldEvent;

/** An event with the place and the time at which it happened. */
export interface TraceRecord {
  /** Virtual time in nanoseconds. */
  readonly time: number;
  /** The device, or null for what happens between devices. */
  readonly device: string | null;
  /** The thread that ran, or the context (`init`, `isr`), or '' between devices. */
  readonly thread: string;
  readonly event: SimulationEvent;
}
