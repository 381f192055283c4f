import { formatLine } from '../report/line-format.ts';
import { concerned, describeEvent } from './describe-event.ts';
import type { TraceRecord } from './event.ts';
import type { TraceStream } from './stream.ts';

/** Events that say little to a person, or what another one says too. */
const SILENT: ReadonlySet<TraceRecord['event']['type']> = new Set([
  'thread-switch',
  'callback-end',
  'packet-released',
  'queue-level',
  'key-log',
]);

function isSilent({ event }: TraceRecord): boolean {
  if (SILENT.has(event.type)) return true;
  // A boot prints its line.
  if (event.type === 'device-power') return event.isOn;
  // That it is lost is the next event; and the stack's own timer comes every second.
  if (event.type === 'frame-sent') return event.lost !== null;
  return event.type === 'callback-begin' && event.callback.endsWith(' periodic timer');
}

/** The last events of a world, as lines for people. */
export class TraceTail {
  readonly #devices: ReadonlySet<string>;
  readonly #most: number;
  /** A ring: the oldest record is at `#next` once it is full. */
  readonly #records: TraceRecord[] = [];
  #next = 0;

  /**
   * @param devices - whose events; none for all
   * @param most - how many are kept
   */
  constructor(trace: TraceStream, devices: readonly string[], most: number) {
    this.#devices = new Set(devices);
    this.#most = most;
    trace.listen((record) => this.#hear(record), { detail: true });
  }

  /**
   * The lines: time, device, thread, and what happened.
   *
   * @param until - leaves out what is later, in virtual nanoseconds
   */
  lines(until = Infinity): readonly string[] {
    const records = [...this.#records.slice(this.#next), ...this.#records.slice(0, this.#next)];
    const shown = records
      .filter(({ time }) => time <= until)
      .map((record) => {
        const [whose = ''] = concerned(record);
        return { time: record.time, device: whose, thread: record.thread, text: describeEvent(record) ?? '' };
      });
    const widest = (of: (line: (typeof shown)[number]) => string): number =>
      Math.max(0, ...shown.map((line) => of(line).length));
    const format = { device: widest((one) => one.device), thread: widest((one) => one.thread), colour: false };
    return shown.map((line) => formatLine(line, -1, format).trimEnd());
  }

  #hear(record: TraceRecord): void {
    if (this.#most === 0 || isSilent(record)) return;
    const isTheirs = this.#devices.size === 0 || concerned(record).some((name) => this.#devices.has(name));
    if (!isTheirs && record.event.type !== 'world-event') return;
    this.#records[this.#next] = record;
    this.#next = (this.#next + 1) % this.#most;
  }
}
