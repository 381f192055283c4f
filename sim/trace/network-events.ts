import type { DropReason, Fault, NetworkEvents } from '../network/network-events.ts';
import type { WorldNetworks } from '../world-networks.ts';
import type { FrameDropped, FrameEvent, FrameFault } from './frame-event.ts';

const NO_FAULTS: readonly never[] = [];

/** A frame that is being sent, until everything that is decided at once is known. */
interface Sending {
  readonly from: string;
  readonly bytes: Uint8Array;
  readonly lost: DropReason | null;
  readonly faults: (FrameDropped | FrameFault)[];
}

/** Puts what happens on a network into the world's trace; nothing is made where nobody listens for frames. */
export function networkEvents(world: Pick<WorldNetworks, 'trace' | 'clock'>, network: string): NetworkEvents {
  const { trace } = world;
  let sending: Sending | null = null;
  const emit = (event: FrameEvent): void => {
    trace.emit(world.clock.now, null, '', event);
  };
  const decide = (event: FrameDropped | FrameFault): void => {
    if (sending === null) emit(event);
    else sending.faults.push(event);
  };
  const settled = (): void => {
    if (sending === null) return;
    const { from, bytes, lost, faults } = sending;
    sending = null;
    const ofPorts = faults.filter(({ to }) => to !== null);
    emit({ type: 'frame-sent', network, from, bytes, lost, faults: ofPorts.length === 0 ? NO_FAULTS : ofPorts });
    for (const fault of faults) emit(fault);
  };
  return {
    transmitted: (from, bytes, lost) => {
      settled();
      if (trace.frames) sending = { from, bytes, lost, faults: [] };
    },
    settled,
    delivered: (from, to, bytes, faults: readonly Fault[]) => {
      if (trace.deliveries) emit({ type: 'frame-delivered', network, from, to, bytes, faults });
    },
    dropped: (from, to, bytes, reason) => {
      if (trace.frames) decide({ type: 'frame-dropped', network, from, to, reason, bytes });
    },
    faulted: (from, to, bytes, fault, by) => {
      if (trace.frames) decide({ type: 'frame-fault', network, from, to, fault, by, bytes });
    },
  };
}
