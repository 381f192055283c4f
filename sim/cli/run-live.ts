import type { RunOptions } from '../world-options.ts';
import type { World } from '../world.ts';
import { LiveHost, type LiveTitle } from '../live/host.ts';
import type { SteppedEnding } from '../live/stepper.ts';
import type { ScenarioOutcome } from '../scenario/outcome.ts';
import { UsageError } from './exit-codes.ts';

/** A run that is ready to be watched, with the files that it writes. */
export interface WatchedRun {
  readonly world: World;
  readonly options: RunOptions;
  /** Ends its files. */
  close(): void;
}

/** What a run needs that is watched in a browser. */
export interface LiveParts<R extends WatchedRun> {
  readonly title: LiveTitle;
  readonly port: number;
  /** Builds the world, anew where somebody restarts it. */
  open(): Promise<R>;
  /** Judges how a run ended, or that somebody ended it. */
  judge(run: R, ending: SteppedEnding, isInterrupted: boolean): ScenarioOutcome;
  /** Tells what became of a run; gives the exit code. */
  tell(run: R, outcome: ScenarioOutcome): number;
}

/**
 * The port that `--ui` names; 0 for any that is free, null where no page is wanted.
 *
 * @throws UsageError where it is none
 */
export function uiPort(asked: string | undefined): number | null {
  if (asked === undefined) return null;
  if (asked === '') return 0;
  const port = Number(asked);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--ui ${asked}: expected a port from 0 to 65535, or nothing for any that is free`);
}

const note = (text: string): boolean => process.stderr.write(`${text}\n`);

async function openHost({ title, port }: Pick<LiveParts<WatchedRun>, 'title' | 'port'>): Promise<LiveHost> {
  try {
    return await LiveHost.open(title, port);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new UsageError(`--ui ${port}: that port cannot be had (${error.message})`);
  }
}

/** Shows a run to browsers, from its start to Ctrl-C; gives the exit code of the run that ended last. */
export async function runLive<R extends WatchedRun>(parts: LiveParts<R>): Promise<number> {
  const host = await openHost(parts);
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    host.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  note(`watch at ${host.url}`);
  try {
    for (;;) {
      const run = await parts.open();
      const { ending, session } = await host.watch(run.world, run.options).finally(() => run.close());
      if (ending.kind === 'restart') continue;
      const outcome = parts.judge(run, ending, isStopped);
      host.judged(outcome.failures);
      const code = parts.tell(run, outcome);
      const { done } = session;
      if (done.length > 0) note(['done by hand, as the timeline of a scenario:', ...done].join('\n  '));
      note('the page stays until Ctrl-C');
      if ((await host.afterwards()) === 'closed') return code;
    }
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await host.close();
  }
}
