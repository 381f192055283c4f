import { SimulationError } from '../../kernel/simulation-error.ts';
import { describeLeak, type Leak } from '../diagnostics/leaks.ts';
import { describeNote, type Note } from '../diagnostics/notes.ts';
import { groupStalls, type Stall, type StallGroup } from '../diagnostics/stalls.ts';
import { storyLine } from '../report/story.ts';
import type { ScenarioFailure } from '../scenario/outcome.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { ReportProblem } from './data.ts';

/** Problems of one kind that are listed one by one; of those beyond, their number is told. */
const LISTED = 100;

/** What was found in a run. */
export interface Found {
  /** What ended it, where that was an error. */
  readonly error?: unknown;
  /** What it failed to do. */
  readonly failures?: readonly ScenarioFailure[];
  readonly leaks: readonly Leak[];
  readonly stalls: readonly Stall[];
  readonly notes: readonly Note[];
  /** Virtual time at the end, in nanoseconds. */
  readonly time: number;
  /** Folder whose name is left out of call sites. */
  readonly root: string;
}

/** Collects what of a trace belongs at the top of a report, with its place on the time line. */
export class ProblemLog {
  readonly #failed: ReportProblem[] = [];
  #more = 0;

  readonly listener = (record: TraceRecord): void => {
    const { time, event, thread } = record;
    const device = record.device ?? '';
    if (event.type !== 'dtls-failed') return;
    if (this.#failed.length >= LISTED) {
      this.#more++;
      return;
    }
    const text = storyLine(record)?.text ?? '';
    this.#failed.push({ severity: 'warning', kind: 'DTLS failed', text, device, thread, time });
  };

  /**
   * Everything that a reader should look at: what ended the run, then what was found to be wrong, then what came of it,
   * which are expectations that did not hold and sessions that failed.
   */
  list(found: Found): readonly ReportProblem[] {
    const place = `file://${found.root}/`;
    return this.#all(found).map((one) => ({ ...one, text: one.text.replaceAll(place, '') }));
  }

  #all(found: Found): readonly ReportProblem[] {
    const { error, failures = [], leaks, stalls, notes, time } = found;
    const more =
      this.#more === 0 ? [] : [problem('note', 'DTLS failed', `and ${this.#more} more sessions failed`, '', '', -1)];
    return [
      ...(error === undefined ? [] : [errorProblem(error, time)]),
      ...groupStalls(stalls).slice(0, LISTED).map(stallProblem),
      ...leaks.map((leak) => problem('warning', 'leak', describeLeak(leak), leak.device, leak.thread, leak.since)),
      ...notes.map(noteProblem),
      ...failures.flatMap(failureProblem),
      ...this.#failed,
      ...more,
    ];
  }
}

function problem(
  severity: ReportProblem['severity'],
  kind: string,
  text: string,
  device: string,
  thread: string,
  time: number,
): ReportProblem {
  return { severity, kind, text, device, thread, time };
}

function stallProblem({ longest, text }: StallGroup): ReportProblem {
  return problem('warning', 'stall', text, longest.device, longest.thread, longest.began);
}

function noteProblem(note: Note): ReportProblem {
  return problem('warning', note.kind, describeNote(note), note.device, note.thread, note.since);
}

/** What of a failed run belongs at the top of the page; errors are told in a way of their own. */
function failureProblem({ kind, report, time, error }: ScenarioFailure): readonly ReportProblem[] {
  if (error !== undefined) return [];
  return [problem('error', kind, report.join('\n'), '', '', time)];
}

/** What ended the run. Where it happened is at the end of the time line. */
function errorProblem(error: unknown, time: number): ReportProblem {
  const text = error instanceof Error ? error.message : String(error);
  const kind = error instanceof SimulationError ? error.kind : 'error';
  const where = error instanceof SimulationError ? (error.where ?? '') : '';
  const device = /of device '([^']*)'/.exec(where)?.[1] ?? '';
  const thread = /^thread '([^']*)'/.exec(where)?.[1] ?? '';
  return problem('error', kind, text, device, thread, time);
}
