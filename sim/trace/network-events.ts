import type { NetworkEvents } from '../network/lan.ts';
import type { World } from '../world.ts';

/** Puts what happens on a network into the world's trace. */
export function networkEvents(world: World, network: string): NetworkEvents {
  const emit = (event: Parameters<typeof world.trace.emit>[3]): void => {
    world.trace.emit(world.clock.now, null, '', event);
  };
  return {
    transmitted: ({ from, bytes, lost }) => emit({ type: 'frame-sent', network, from, bytes, lost }),
    delivered: ({ from, to, bytes }) => emit({ type: 'frame-delivered', network, from, to, bytes }),
    dropped: ({ from, bytes, reason }) => emit({ type: 'frame-dropped', network, from, reason, bytes }),
  };
}
