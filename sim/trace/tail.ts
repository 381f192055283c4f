import { formatLine } from '../report/line-format.ts';
import { concerned } from './concerned.ts';
import { eventWords } from './event-words.ts';
import type { TraceRecord } from './event.ts';
import type { TraceStream } from './stream.ts';

/** Events that say little to a person, or what another one says too. */
const SILENT: ReadonlySet<TraceRecord['event']['type']> = new Set([
  'thread-switch',
  'thread-ready',
  'thread-blocked',
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

/** A record, and which of all it was. */
interface Heard {
  readonly order: number;
  readonly record: TraceRecord;
}

/** The newest of a device's records; the oldest of them is at `next` once it is full. */
interface Ring {
  readonly heard: Heard[];
  next: number;
}

/** What belongs to no device: it is everybody's. */
const WORLD = '';

/** The last events of a world, as lines for people. */
export class TraceTail {
  readonly #devices: ReadonlySet<string>;
  readonly #most: number;
  readonly #rings = new Map<string, Ring>();
  #order = 0;

  /**
   * @param devices - whose events are kept; none for all
   * @param most - how many of each device
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
   * @param devices - whose events, of those kept; none for all
   */
  lines(until = Infinity, devices: readonly string[] = []): readonly string[] {
    const shown = this.#newest(until, devices).map((record) => {
      const [whose = ''] = concerned(record);
      return { time: record.time, device: whose, thread: record.thread, text: eventWords(record) };
    });
    const widest = (of: (line: (typeof shown)[number]) => string): number =>
      Math.max(0, ...shown.map((line) => of(line).length));
    const format = { device: widest((one) => one.device), thread: widest((one) => one.thread), colour: false };
    return shown.map((line) => formatLine(line, -1, format).trimEnd());
  }

  #newest(until: number, devices: readonly string[]): readonly TraceRecord[] {
    const names = devices.length === 0 ? [...this.#rings.keys()] : [...devices, WORLD];
    // A frame is in the rings of both ends.
    const heard = new Map(
      names.flatMap((name) => this.#rings.get(name)?.heard ?? []).map(({ order, record }) => [order, record]),
    );
    return [...heard]
      .filter(([, { time }]) => time <= until)
      .sort(([a], [b]) => a - b)
      .slice(-this.#most)
      .map(([, record]) => record);
  }

  #hear(record: TraceRecord): void {
    if (this.#most === 0 || isSilent(record)) return;
    const whose = concerned(record);
    const isTheirs = this.#devices.size === 0 || whose.some((name) => this.#devices.has(name));
    if (!isTheirs && record.event.type !== 'world-event') return;
    const heard = { order: this.#order++, record };
    if (whose.length === 0) this.#keep(WORLD, heard);
    for (const name of whose) this.#keep(name, heard);
  }

  #keep(name: string, heard: Heard): void {
    let ring = this.#rings.get(name);
    if (ring === undefined) this.#rings.set(name, (ring = { heard: [], next: 0 }));
    ring.heard[ring.next] = heard;
    ring.next = (ring.next + 1) % this.#most;
  }
}
