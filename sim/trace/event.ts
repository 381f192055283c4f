import type { KernelEvent } from '../../kernel/trace.ts';
import type { NetxEvent } from '../../netx/trace.ts';
import type { SecureEvent } from '../../secure/trace.ts';

/** What happens to a frame between devices. */
export type FrameEvent =
  | {
      readonly type: 'frame-sent';
      readonly network: string;
      readonly from: string;
      readonly bytes: Uint8Array;
      /** Why it will not arrive anywhere, where that is decided already. */
      readonly lost: string | null;
    }
  | {
      readonly type: 'frame-delivered';
      readonly network: string;
      readonly from: string;
      readonly to: string;
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: 'frame-dropped';
      readonly network: string;
      readonly from: string;
      readonly reason: string;
      readonly bytes: Uint8Array;
    };

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
