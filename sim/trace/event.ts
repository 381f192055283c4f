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

/** Everything a world reports, by the layer it comes from. */
export type SimulationEvent = KernelEvent | NetxEvent | SecureEvent | FrameEvent | PrintEvent | BridgeEvent;

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
