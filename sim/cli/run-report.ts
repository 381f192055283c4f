import { SimulationError } from '../../kernel/simulation-error.ts';
import type { RunCounters } from '../report/counters.ts';
import { formatLine } from '../report/line-format.ts';
import { threadStats } from '../report/stats.ts';
import { storyLine } from '../report/story.ts';
import { summarize } from '../report/summary.ts';
import type { ScenarioFailure, ScenarioOutcome } from '../scenario/outcome.ts';
import type { TraceListener } from '../trace/stream.ts';
import type { World } from '../world.ts';
import type { RunArguments } from './run-options.ts';
import { STANDARD_OUTPUT } from './run-outputs.ts';

/** Prints the story of a run as it unfolds. */
export function tellStory(world: World): void {
  const names = [...world.devices.keys()];
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const format = { device: Math.max(6, ...names.map((name) => name.length)), thread: 12, colour };
  const places = new Map(names.map((name, place) => [name, place]));
  const tell: TraceListener = (record) => {
    const line = storyLine(record);
    if (line !== null) process.stdout.write(`${formatLine(line, places.get(line.device) ?? -1, format)}\n`);
  };
  world.trace.listen(tell, { frames: 'sent' });
}

/** What the end of a run is told with, besides its outcome. */
export interface RunFacts {
  readonly counters: RunCounters;
  /** Seconds of wall time. */
  readonly wallTime: number;
  /** Files that were written. */
  readonly files: readonly string[];
  /** What the scenario itself tells at the end. */
  readonly summary: readonly string[];
}

/** Prints how a run ended: the summary, and every failure. */
export function tellEnd(
  { world, result, failures, expectations }: ScenarioOutcome,
  facts: RunFacts,
  args: RunArguments,
): void {
  if (result !== null) {
    const lines = [
      ...summarize(world, result, facts.counters, facts.wallTime, facts.files, expectations),
      ...facts.summary,
      ...(args.stats ? threadStats(world) : []),
    ];
    const stream = args.text === STANDARD_OUTPUT ? process.stderr : process.stdout;
    stream.write(`${args.quiet ? '' : '\n'}${lines.join('\n')}\n`);
  }
  for (const failure of failures) tellFailure(failure);
}

function tellFailure({ report, error }: ScenarioFailure): void {
  process.stderr.write(`txsim: ${report.join('\n')}\n`);
  const cause = error instanceof SimulationError ? error.cause : null;
  if (cause instanceof Error && cause.stack !== undefined) process.stderr.write(`${cause.stack}\n`);
}
