import type { NetworkEvents } from '../network/lan.ts';
import type { World } from '../world.ts';
import type { FrameEvent } from './event.ts';

/** Puts what happens on a network into the world's trace; nothing is made where nobody listens for frames. */
export function networkEvents(world: World, network: string): NetworkEvents {
  const { trace } = world;
  const emit = (event: FrameEvent): void => {
    trace.emit(world.clock.now, null, '', event);
  };
  return {
    transmitted: (from, bytes, lost) => {
      if (trace.frames) emit({ type: 'frame-sent', network, from, bytes, lost });
    },
    delivered: (from, to, bytes, faults) => {
      if (trace.frames) emit({ type: 'frame-delivered', network, from, to, bytes, faults });
    },
    dropped: (from, to, bytes, reason) => {
      if (trace.frames) emit({ type: 'frame-dropped', network, from, to, reason, bytes });
    },
    faulted: (from, to, bytes, fault, by) => {
      if (trace.frames) emit({ type: 'frame-fault', network, from, to, fault, by, bytes });
    },
  };
}
