import { deadlockReport } from './diagnostics/deadlock.ts';
import { parseDuration } from './duration.ts';
import type { RunOptions, RunResult } from './world-options.ts';
import type { World } from './world.ts';

/** How often a run asks whether its time by the wall clock is over: every so many events, or nanoseconds. */
const EVENTS_BETWEEN = 1000;
const TIME_BETWEEN = 1e9;

/** Runs a world in virtual time until its options say to stop or nothing is left to happen; throws for a deadlock. */
export function advance({ clock, devices }: World, options: RunOptions): RunResult {
  const until = options.until === undefined ? Infinity : parseDuration(options.until);
  const { stopWhen, expired } = options;
  clock.limit = until;
  for (let events = 0; ; events++) {
    if (stopWhen?.() === true) return { reason: 'stopped', time: clock.now };
    if (expired !== undefined && (events % EVENTS_BETWEEN === 0 || clock.now >= clock.limit)) {
      if (expired()) return { reason: 'expired', time: clock.now };
      // A device that only computes makes no event before the limit: it has to come to one now and then.
      clock.limit = Math.min(until, Math.max(clock.now + TIME_BETWEEN, clock.nextTime));
    }
    if (clock.runNext()) continue;
    if (clock.limit >= until || !clock.pending) break;
    clock.limit = Math.min(until, Math.max(clock.now + TIME_BETWEEN, clock.nextTime));
  }
  if (until !== Infinity && clock.pending) {
    clock.now = Math.max(clock.now, until);
    return { reason: 'until', time: clock.now };
  }
  const deadlock = deadlockReport(devices.values());
  if (deadlock !== null) throw deadlock;
  return { reason: 'idle', time: clock.now };
}
