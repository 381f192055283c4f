import type { DropReason, Fault } from '../network/network-events.ts';
import type { RouterDrop } from '../network/router/router-options.ts';

/** A port sent a frame into its network. */
export interface FrameSent {
  readonly type: 'frame-sent';
  readonly network: string;
  readonly from: string;
  readonly bytes: Uint8Array;
  /** Why it will not arrive anywhere, where that is decided already. */
  readonly lost: DropReason | null;
  /** What was decided at once on its way to single ports; each is an event of its own as well, right after this one. */
  readonly faults: readonly (FrameDropped | FrameFault)[];
}

/** A frame came out at a port. */
export interface FrameDelivered {
  readonly type: 'frame-delivered';
  readonly network: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
  /** What faults did to it on its way. */
  readonly faults: readonly Fault[];
}

/** A frame, or the copy of it for one port, is gone. */
export interface FrameDropped {
  readonly type: 'frame-dropped';
  readonly network: string;
  readonly from: string;
  /** The port that it does not reach, or null where it reaches none. */
  readonly to: string | null;
  readonly reason: DropReason;
  readonly bytes: Uint8Array;
}

/** A fault touched a frame, which goes on. */
export interface FrameFault {
  readonly type: 'frame-fault';
  readonly network: string;
  readonly from: string;
  readonly to: string;
  readonly fault: Fault;
  /** How much later it arrives, in nanoseconds; 0 where it is not late. */
  readonly by: number;
  /** As it goes on. */
  readonly bytes: Uint8Array;
}

/** A router did not forward a packet. */
export interface RouterDropped {
  readonly type: 'router-dropped';
  readonly router: string;
  readonly reason: RouterDrop;
  /** The packet, without its Ethernet header. */
  readonly bytes: Uint8Array;
}

/** What happens to frames between devices. */
export type FrameEvent = FrameSent | FrameDelivered | FrameDropped | FrameFault | RouterDropped;
