import { advance } from './advance.ts';
import type { Construction } from './construction.ts';
import type { World } from './world.ts';

/**
 * Repeats a run in another world, up to a time.
 *
 * @returns what ended it before that; null where it came that far
 */
export function runReplica(construction: Construction, replica: World, until: number): unknown {
  try {
    construction.repeat(replica, (time) => advance(replica, { until: time }));
    advance(replica, { until });
    return null;
  } catch (error) {
    return error;
  }
}
