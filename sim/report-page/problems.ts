import { SimulationError } from '../../kernel/simulation-error.ts';
import { describeLeak, type Leak } from '../diagnostics/leaks.ts';
import { describeNote, type Note } from '../diagnostics/notes.ts';
import { describeStall, type Stall } from '../diagnostics/stalls.ts';
import { storyLine } from '../report/story.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { ReportProblem } from './data.ts';

/** Problems of one kind that are listed one by one; of those beyond, their number is told. */
const LISTED = 100;

/** What was found in a run. */
export interface Found {
  /** What ended it, where that was an error. */
  readonly error?: unknown;
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
  /** When something that becomes a note happened first on a device. */
  readonly #noted = new Map<string, { readonly time: number; readonly thread: string }>();
  #more = 0;

  readonly listener = (record: TraceRecord): void => {
    const { time, event, thread } = record;
    const device = record.device ?? '';
    switch (event.type) {
      case 'dtls-failed': {
        if (this.#failed.length >= LISTED) {
          this.#more++;
          break;
        }
        const text = storyLine(record)?.text ?? '';
        this.#failed.push({ severity: 'warning', kind: 'DTLS failed', text, device, thread, time });
        break;
      }
      case 'packet-misuse':
      case 'mutex-held-at-exit':
      case 'mutex-cycle':
      case 'timer-tried-to-wait': {
        const key = `${device}\n${event.type}`;
        if (!this.#noted.has(key)) this.#noted.set(key, { time, thread });
        break;
      }
      default:
        break;
    }
  };

  /** Everything that a reader should look at, the worst first. */
  list(found: Found): readonly ReportProblem[] {
    const place = `file://${found.root}/`;
    return this.#all(found).map((one) => ({ ...one, text: one.text.replaceAll(place, '') }));
  }

  #all(found: Found): readonly ReportProblem[] {
    const { error, leaks, stalls, notes, time } = found;
    const more =
      this.#more === 0 ? [] : [problem('note', 'DTLS failed', `and ${this.#more} more sessions failed`, '', '', -1)];
    return [
      ...(error === undefined ? [] : [errorProblem(error, time)]),
      ...stalls.slice(0, LISTED).map(stallProblem),
      ...leaks.map((leak) => problem('warning', 'leak', describeLeak(leak), leak.device, leak.thread, leak.since)),
      ...notes.map((note) => this.#noteProblem(note)),
      ...this.#failed,
      ...more,
    ];
  }

  #noteProblem(note: Note): ReportProblem {
    const place = this.#noted.get(`${note.device}\n${note.kind}`);
    return problem('warning', note.kind, describeNote(note), note.device, place?.thread ?? '', place?.time ?? -1);
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

function stallProblem(stall: Stall): ReportProblem {
  return problem('warning', 'stall', describeStall(stall), stall.device, stall.thread, stall.began);
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
