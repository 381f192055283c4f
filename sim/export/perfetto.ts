import { storyLine } from '../report/story.ts';
import { statusName } from '../status-names.ts';
import { describeFrame } from '../trace/describe-frame.ts';
import type { SimulationEvent, TraceRecord } from '../trace/event.ts';
import type { TraceStream } from '../trace/stream.ts';
import { NETWORK, PerfettoTracks, type PerfettoEvent, type Track } from './perfetto-tracks.ts';

/** The track of what the timeline does. */
const TIMELINE = 'timeline';

/** Shown length of what takes no time: 1 us. */
const BRIEF = 1;

const microseconds = (nanoseconds: number): number => nanoseconds / 1000;

type FrameSent = Extract<SimulationEvent, { type: 'frame-sent' }>;
type FrameDelivered = Extract<SimulationEvent, { type: 'frame-delivered' }>;
type Service = Extract<SimulationEvent, { type: 'service' }>;

/**
 * Turns a world's events into a trace for Perfetto (ui.perfetto.dev): a process for each device, a track for each of its
 * threads with services and callbacks as slices, one that shows who has the processor, one for its frames, with an arrow
 * from where a frame was sent to where it arrived; pool and queue levels as counters.
 */
class PerfettoExporter {
  readonly #emit: (event: PerfettoEvent) => void;
  readonly #tracks: PerfettoTracks;
  /** Who has each device's processor, and since when. */
  readonly #running = new Map<string, { readonly thread: string; readonly since: number }>();
  /** Where the arrows of the frames that are on their way begin. */
  readonly #senders = new WeakMap<Uint8Array, Track & { readonly ts: number }>();
  #nextFlow = 1;

  constructor(emit: (event: PerfettoEvent) => void) {
    this.#emit = emit;
    this.#tracks = new PerfettoTracks(emit);
  }

  record(record: TraceRecord): void {
    const { time, device, thread, event } = record;
    switch (event.type) {
      case 'frame-sent':
        this.#sent(time, event);
        return;
      case 'frame-delivered':
        this.#delivered(time, event);
        return;
      case 'frame-dropped':
        this.#instant(
          this.#tracks.track(event.from, NETWORK),
          time,
          `lost: ${event.reason}`,
          describeFrame(event.bytes),
        );
        return;
      case 'world-event':
        this.#instant(this.#tracks.track('world', TIMELINE), time, event.text, event.devices.join(', '));
        return;
      default:
        if (device !== null) this.#onDevice(record, device, thread === '' ? 'idle' : thread);
    }
  }

  /** Ends what is still going on. */
  end(time: number): void {
    for (const device of this.#running.keys()) this.#switch(device, time, null);
  }

  #onDevice(record: TraceRecord, device: string, thread: string): void {
    const { time, event } = record;
    switch (event.type) {
      case 'thread-switch':
        this.#switch(device, time, event.to);
        return;
      case 'service':
        this.#service(device, thread, time, event);
        return;
      case 'callback-end':
        this.#slice(this.#tracks.track(device, thread), event.began, time, event.callback, 'callback', {});
        return;
      case 'packet-allocated':
      case 'packet-released':
        this.#counter(device, time, `pool '${event.pool}': free`, event.available);
        return;
      case 'queue-level':
        this.#counter(device, time, `queue '${event.queue}': messages`, event.enqueued);
        return;
      case 'device-power':
        if (!event.isOn) this.#switch(device, time, null);
        this.#instant(
          this.#tracks.track(device, 'power'),
          time,
          event.isOn ? `boot ${event.boots}` : 'power off',
          event.type,
        );
        return;
      default: {
        const line = storyLine(record);
        if (line !== null) this.#instant(this.#tracks.track(device, thread), time, line.text, event.type);
      }
    }
  }

  #service(device: string, thread: string, time: number, { service, status, began }: Service): void {
    const family = service.startsWith('tx_') ? 'tx' : 'nx';
    const args = status === null ? {} : { status: statusName(status, family) };
    this.#slice(this.#tracks.track(device, thread), began, time, service, 'service', args);
  }

  #switch(device: string, time: number, to: string | null): void {
    const before = this.#running.get(device);
    if (before !== undefined) {
      this.#slice(this.#tracks.cpu(device), before.since, time, before.thread, 'running', {});
      this.#running.delete(device);
    }
    if (to !== null) this.#running.set(device, { thread: to, since: time });
  }

  #sent(time: number, { from, network, bytes }: FrameSent): void {
    const track = this.#tracks.track(from, NETWORK);
    const name = describeFrame(bytes);
    const ts = microseconds(time);
    this.#senders.set(bytes, { ...track, ts });
    this.#emit({ ph: 'X', name, cat: 'frame', ...track, ts, dur: BRIEF, args: { network, bytes: bytes.length } });
  }

  #delivered(time: number, { to, network, bytes }: FrameDelivered): void {
    const track = this.#tracks.track(to, NETWORK);
    const ts = microseconds(time);
    const args = { network, bytes: bytes.length };
    this.#emit({ ph: 'X', name: describeFrame(bytes), cat: 'frame', ...track, ts, dur: BRIEF, args });
    // A frame that was garbled on its way is another one: it has no arrow.
    const sender = this.#senders.get(bytes);
    if (sender === undefined) return;
    // An arrow has one end: a frame for several receivers has several arrows, and a lost one has none.
    const arrow = { name: 'frame', cat: 'frame', id: this.#nextFlow++ } as const;
    this.#emit({ ph: 's', ...arrow, ...sender });
    this.#emit({ ph: 'f', bp: 'e', ...arrow, ...track, ts });
  }

  #slice(
    track: Track,
    from: number,
    to: number,
    name: string,
    cat: string,
    args: Readonly<Record<string, string | number | null>>,
  ): void {
    this.#emit({ ph: 'X', name, cat, ...track, ts: microseconds(from), dur: microseconds(to - from), args });
  }

  #instant(track: Track, time: number, name: string, detail: string): void {
    this.#emit({ ph: 'i', s: 't', name, ...track, ts: microseconds(time), args: { detail } });
  }

  #counter(device: string, time: number, name: string, value: number): void {
    const { pid } = this.#tracks.cpu(device);
    this.#emit({ ph: 'C', name, pid, ts: microseconds(time), args: { value } });
  }
}

/**
 * Writes a world's events for Perfetto, piece by piece.
 *
 * @param sink - receives the file
 * @param now - the virtual time, asked at the end, in nanoseconds
 * @returns a function that ends the file
 */
export function exportPerfetto(trace: TraceStream, sink: (text: string) => void, now: () => number): () => void {
  let separator = '{"displayTimeUnit":"ns","traceEvents":[\n';
  const exporter = new PerfettoExporter((event) => {
    sink(`${separator}${JSON.stringify(event)}`);
    separator = ',\n';
  });
  const stop = trace.listen((record) => exporter.record(record), { detail: true });
  return () => {
    stop();
    exporter.end(now());
    sink(separator === ',\n' ? '\n]}\n' : `${separator}]}\n`);
  };
}
