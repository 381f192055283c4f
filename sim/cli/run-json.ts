import type { ScenarioOutcome } from '../scenario/outcome.ts';
import { reproduceCommand } from './reproduce.ts';
import type { RunArguments } from './run-options.ts';
import type { RunFacts } from './run-report.ts';

/** What `txsim run --json` prints: everything about a run that a program may want to know. Times are nanoseconds. */
export function outcomeAsJson(
  { seed, result, failures, expectations, world }: ScenarioOutcome,
  { counters, wallTime, files, summary }: RunFacts,
  args: RunArguments,
  exitCode: number,
): object {
  const { framesSent, framesDropped, handshakes, flights, retransmissions, discarded } = counters;
  return {
    ok: exitCode === 0,
    exitCode,
    file: args.file,
    seed,
    result: result === null ? 'error' : result.reason,
    virtualTime: world.clock.now,
    wallSeconds: wallTime,
    reproduce: reproduceCommand(args, seed),
    failures: failures.map(({ kind, title, time, report }) => ({ kind, title, time, report })),
    expectations,
    counters: { framesSent, framesDropped, handshakes, flights, retransmissions, discarded },
    leaks: world.leaks(),
    stalls: world.stalls(),
    notes: world.notes(),
    devices: [...world.devices.values()].map(({ name, boots, isOn, output }) => ({
      name,
      boots,
      isOn,
      output: output.lines,
    })),
    summary,
    written: files,
  };
}
