import type { World } from '../world.ts';
import { HostBridge } from './bridge.ts';
import type { ConnectRule, ListenRule } from './endpoints.ts';

/** A way into and out of a world. */
export interface Bridge {
  close(): Promise<void>;
}

/**
 * Opens the ways between a world and the host; the world is then run with `runRealTime`.
 *
 * @throws SimulationError (as a rejection) where an address cannot be had or a device is not there
 */
export async function openBridge(
  world: World,
  listens: readonly ListenRule[],
  connects: readonly ConnectRule[],
): Promise<Bridge> {
  if (listens.length === 0 && connects.length === 0) return { close: () => Promise.resolve() };
  const bridge = new HostBridge(world, connects);
  try {
    for (const rule of listens) await bridge.listen(rule);
  } catch (error) {
    await bridge.close();
    throw error;
  }
  return bridge;
}
