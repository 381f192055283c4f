import { deadlockReport } from './diagnostics/deadlock.ts';
import { parseDuration } from './duration.ts';
import type { RunOptions, RunResult } from './world-options.ts';
import type { World } from './world.ts';

/** Runs a world in virtual time until its options say to stop or nothing is left to happen; throws for a deadlock. */
export function advance({ clock, devices }: World, options: RunOptions): RunResult {
  const until = options.until === undefined ? Infinity : parseDuration(options.until);
  clock.limit = until;
  for (;;) {
    if (options.stopWhen?.() === true) return { reason: 'stopped', time: clock.now };
    if (!clock.runNext()) break;
  }
  if (until !== Infinity && clock.pending) {
    clock.now = Math.max(clock.now, until);
    return { reason: 'until', time: clock.now };
  }
  const deadlock = deadlockReport(devices.values());
  if (deadlock !== null) throw deadlock;
  return { reason: 'idle', time: clock.now };
}
