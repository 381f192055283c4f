import type { KernelEvent } from '../../kernel/trace.ts';
import type { NetxEvent } from '../../netx/trace.ts';
import type { SecureEvent } from '../../secure/trace.ts';
import type { DropReason, Fault } from '../network/network-events.ts';
import type { RouterDrop } from '../network/router/router-options.ts';

/** What happens to a frame between devices. */
export type FrameEvent =
  | {
      readonly type: 'frame-sent';
      readonly network: string;
      readonly from: string;
      readonly bytes: Uint8Array;
      /** Why it will not arrive anywhere, where that is decided already. */
      readonly lost: DropReason | null;
    }
  | {
      readonly type: 'frame-delivered';
      readonly network: string;
      readonly from: string;
      readonly to: string;
      readonly bytes: Uint8Array;
      /** What faults did to it on its way. */
      readonly faults: readonly Fault[];
    }
  | {
      readonly type: 'frame-dropped';
      readonly network: string;
      readonly from: string;
      /** The port that it does not reach, or null where it reaches none. */
      readonly to: string | null;
      readonly reason: DropReason;
      readonly bytes: Uint8Array;
    }
  | {
      /** A fault touched a frame on its way, which goes on. */
      readonly type: 'frame-fault';
      readonly network: string;
      readonly from: string;
      readonly to: string;
      readonly fault: Fault;
      /** How much later it arrives, in nanoseconds; 0 where it is not late. */
      readonly by: number;
      readonly bytes: Uint8Array;
    }
  | {
      /** A router did not forward a packet. */
      readonly type: 'router-dropped';
      readonly router: string;
      readonly reason: RouterDrop;
      /** The packet, without its Ethernet header. */
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
