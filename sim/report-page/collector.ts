import { storyLine } from '../report/story.ts';
import { describeFrame } from '../trace/describe-frame.ts';
import type { SimulationEvent, TraceRecord } from '../trace/event.ts';
import { ChunkWriter, type Row } from './chunk-writer.ts';
import type { ReportChunk, ReportProblem, ReportSummary } from './data.ts';
import { Flights } from './flights.ts';
import { Lanes, ownerOf } from './lanes.ts';
import { givesStatus, StatusMeanings } from './status-meanings.ts';
import { Tables } from './tables.ts';

/** How a {@link ReportCollector} works. */
export interface CollectorOptions {
  /** Events to a chunk. Default: 16,384. */
  readonly chunkEvents?: number;
  /** Folder whose name is left out of call sites, such as the current one. */
  readonly root?: string;
}

/** How a summary ends a report. */
export interface SummaryParts {
  readonly ending: string;
  readonly time: number;
  readonly cut: number;
  readonly remarks: readonly string[];
  readonly problems: readonly ReportProblem[];
}

const CHUNK_EVENTS = 16_384;

type Of<T extends SimulationEvent['type']> = Extract<SimulationEvent, { type: T }>;

/** Turns the events of a world into the data of a report page, chunk by chunk. */
export class ReportCollector {
  readonly #sink: (chunk: ReportChunk) => void;
  readonly #chunkEvents: number;
  readonly #root: string;
  readonly #lanes: Lanes;
  readonly #flights = new Flights();
  readonly #tables: Tables;
  readonly #statuses = new StatusMeanings();
  /** The event in which a frame was sent, and the number of its bytes. */
  readonly #sent = new WeakMap<Uint8Array, { readonly event: number; readonly frame: number }>();
  /** The thread created last on each device: `nx_ip_create` tells afterwards that it is the IP thread. */
  readonly #created = new Map<string, string>();
  #chunk = new ChunkWriter(0, 0);

  /** @param sink - receives every chunk as it is full, or flushed */
  constructor(sink: (chunk: ReportChunk) => void, options: CollectorOptions = {}) {
    this.#sink = sink;
    this.#chunkEvents = options.chunkEvents ?? CHUNK_EVENTS;
    this.#root = `file://${options.root ?? ''}/`;
    this.#lanes = new Lanes((lane) => this.#chunk.lane(lane));
    this.#tables = new Tables(this.#lanes);
  }

  /** Events so far. */
  get events(): number {
    return this.#chunk.next;
  }

  /** Takes an event. Made to be handed to `trace.listen(…, { detail: true })`. */
  readonly listener = (record: TraceRecord): void => {
    // Secrets have no place in a page that is passed around.
    if (record.event.type === 'key-log') return;
    this.#flights.announce(record);
    this.#tables.hear(record);
    this.#chunk.add(this.#row(record));
    if (this.#chunk.length >= this.#chunkEvents) this.flush();
  };

  /** Hands on what there is, also where a chunk is not full. */
  flush(): void {
    const chunk = this.#chunk;
    if (chunk.length === 0 && !chunk.hasLanes) return;
    this.#chunk = new ChunkWriter(chunk.next, chunk.nextFrame);
    this.#sink(chunk.finish());
  }

  /** What is known at the end, or so far. */
  summary(parts: SummaryParts): ReportSummary {
    const { time } = parts;
    return { ...parts, events: this.events, ...this.#tables.rows(time), statuses: this.#statuses.all() };
  }

  #row(record: TraceRecord): Row {
    const { time, event } = record;
    const { type } = event;
    switch (event.type) {
      case 'service':
        return this.#service(record, event);
      case 'thread-switch':
      case 'thread-ready':
      case 'thread-blocked':
      case 'thread-created':
      case 'thread-ended':
        return this.#thread(record, event);
      case 'packet-allocated':
      case 'packet-released': {
        const text = `${event.available} free`;
        return { time, type, lane: this.#laneOf(record), name: event.pool, text, value: event.available };
      }
      case 'queue-level': {
        const { queue: name, enqueued: value, capacity: other } = event;
        return { time, type, lane: this.#laneOf(record), name, text: `${value} of ${other}`, value, other };
      }
      case 'callback-begin':
        return { time, type, lane: this.#laneOf(record), name: event.callback };
      case 'callback-end':
        return { time, type, lane: this.#laneOf(record), name: event.callback, duration: time - event.began };
      case 'callback-blocked': {
        const { callback: name, duration } = event;
        const text = storyLine(record)?.text ?? '';
        return { time, type, lane: this.#laneOf(record), name, text, duration, fields: fieldsOf(event) };
      }
      case 'frame-sent':
      case 'frame-delivered':
      case 'frame-dropped':
      case 'frame-fault':
        return this.#frame(time, event);
      case 'router-dropped': {
        const value = this.#chunk.frame(event.bytes);
        const lane = this.#lanes.wire(event.router);
        return { time, type, lane, name: event.reason, text: storyLine(record)?.text ?? '', value };
      }
      case 'print':
        return { time, type, lane: this.#laneOf(record), text: event.text };
      default:
        return this.#other(record);
    }
  }

  /** An event that is shown for what it says: also one that this page knows nothing of. */
  #other(record: TraceRecord): Row {
    const { time, event } = record;
    const text = storyLine(record)?.text ?? plainText(event);
    return { time, type: event.type, lane: this.#laneOf(record), text, fields: fieldsOf(event) };
  }

  #laneOf({ device, thread }: TraceRecord): number {
    return device === null ? this.#lanes.world() : this.#lanes.thread(device, thread).id;
  }

  #service(record: TraceRecord, event: Of<'service'>): Row {
    const { time, device } = record;
    const { type, service: name, status: result, began, site } = event;
    if (name === 'nx_ip_create' && device !== null) {
      const thread = this.#created.get(device);
      if (thread !== undefined) this.#lanes.change(device, thread, { kind: 'ip' });
    }
    const base = { time, type, lane: this.#laneOf(record), name, duration: time - began };
    const placed = site === undefined ? base : { ...base, site: this.#place(site) };
    if (result === null) return placed;
    if (!givesStatus(name)) return { ...placed, value: result, text: result === 0 ? '' : String(result) };
    return { ...placed, status: result, text: this.#statuses.nameOf(name, result) };
  }

  #thread(
    record: TraceRecord,
    event: Of<'thread-switch' | 'thread-ready' | 'thread-blocked' | 'thread-created' | 'thread-ended'>,
  ): Row {
    const { time, device } = record;
    const owner = device ?? '';
    const { type } = event;
    if (event.type === 'thread-switch') {
      const to = event.to === null ? -1 : this.#lanes.thread(owner, event.to).id;
      const lane = to < 0 ? this.#lanes.thread(owner, '').id : to;
      return { time, type, lane, name: event.to ?? '', text: event.to === null ? 'idle' : 'runs', value: to };
    }
    const { name } = event;
    if (event.type === 'thread-created') {
      this.#created.set(owner, name);
      const { id } = this.#lanes.change(owner, name, { priority: event.priority });
      return { time, type, lane: id, name, text: `priority ${event.priority}`, value: id };
    }
    const { id } = this.#lanes.thread(owner, name);
    const text = event.type === 'thread-ended' ? event.state : event.type === 'thread-blocked' ? event.waitsFor : '';
    // It stands in the lane of the thread it is about, whoever caused it.
    return { time, type, lane: id, name, text, value: id };
  }

  #frame(time: number, event: Of<'frame-sent' | 'frame-delivered' | 'frame-dropped' | 'frame-fault'>): Row {
    const { type, bytes, network: name } = event;
    const description = describeFrame(bytes);
    const sent = this.#sent.get(bytes);
    const fields = fieldsOf(event);
    if (event.type === 'frame-sent') {
      const value = this.#chunk.frame(bytes);
      this.#sent.set(bytes, { event: this.#chunk.next, frame: value });
      const flight = this.#flights.nameOf(event.from, description);
      const text = flight === '' ? description : `DTLS ${flight}, ${addressesOf(description)}`;
      return { time, type, lane: this.#lanes.wire(event.from), name, text, value, fields };
    }
    // A frame that was garbled on its way has bytes of its own.
    const value = sent?.frame ?? this.#chunk.frame(bytes);
    const other = sent?.event ?? -1;
    const lane = this.#lanes.wire(event.type === 'frame-delivered' ? event.to : event.from);
    switch (event.type) {
      case 'frame-delivered':
        return { time, type, lane, name, text: description, value, other, fields };
      case 'frame-dropped':
        return { time, type, lane, name, text: `lost (${event.reason}): ${description}`, value, other, fields };
      case 'frame-fault': {
        const late = event.by === 0 ? '' : ` by ${event.by / 1e6} ms`;
        const text = `${event.fault}${late} on its way to ${ownerOf(event.to)}: ${description}`;
        return { time, type, lane, name, text, value, other, fields };
      }
    }
  }

  #place(site: string): string {
    return site.startsWith(this.#root) ? site.slice(this.#root.length) : site.replace(/^file:\/\//, '');
  }
}

/** The addresses at the end of a description. */
function addressesOf(description: string): string {
  return description.slice(description.lastIndexOf(', ') + 2);
}

/** An event's fields beside its type, without bytes, as JSON. */
function fieldsOf(event: SimulationEvent): string {
  const { type: _, ...fields } = event;
  const text = JSON.stringify(fields, (key, value: unknown) =>
    value instanceof Uint8Array || key === 'bytes' ? undefined : value,
  );
  return text === '{}' ? '' : text;
}

/** Some text on an event of which nobody has said how it reads. */
function plainText(event: SimulationEvent): string {
  const { type: _, ...fields } = event;
  const plain = Object.entries(fields).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return plain.map(([key, value]) => (key === 'text' ? String(value) : `${key} ${String(value)}`)).join(', ');
}
