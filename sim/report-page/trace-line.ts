import type { SimulationEvent, TraceRecord } from '../trace/event.ts';

/** What a field of an event has to be. A `?` may also be null. */
type Shape = 'string' | 'string?' | 'number' | 'number?' | 'boolean' | 'strings' | 'list' | 'bytes';

const THREAD = { name: 'string' } as const;
const POOL = { pool: 'string', available: 'number' } as const;
const FRAME = { network: 'string', from: 'string', bytes: 'bytes' } as const;
const SESSION = { role: 'string', peer: 'string' } as const;

/** The fields that this report reads of events; of other events it takes whatever they have. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  'thread-created': { ...THREAD, priority: 'number' },
  'thread-ended': { ...THREAD, state: 'string' },
  'thread-switch': { to: 'string?' },
  'thread-ready': THREAD,
  'thread-blocked': { ...THREAD, waitsFor: 'string' },
  'mutex-held-at-exit': { thread: 'string', mutexes: 'strings' },
  'mutex-cycle': { waits: 'list' },
  'timer-tried-to-wait': { timer: 'string', service: 'string' },
  service: { service: 'string', status: 'number?', began: 'number' },
  'queue-level': { queue: 'string', enqueued: 'number', capacity: 'number' },
  'callback-begin': { callback: 'string' },
  'callback-end': { callback: 'string', began: 'number' },
  'callback-blocked': { callback: 'string', thread: 'string', service: 'string', began: 'number', duration: 'number' },
  'packet-allocated': POOL,
  'packet-released': POOL,
  'packet-misuse': { kind: 'string', pool: 'string', allocated: 'string', again: 'string' },
  'dtls-flight': { ...SESSION, flight: 'number', messages: 'strings', retransmission: 'boolean' },
  'dtls-connected': { ...SESSION, suite: 'string' },
  'dtls-failed': { ...SESSION, reason: 'string' },
  'dtls-closed': { ...SESSION, by: 'string' },
  'dtls-moved': { ...SESSION, from: 'string' },
  'dtls-discarded': { ...SESSION, reason: 'string' },
  'frame-sent': { ...FRAME, lost: 'string?', faults: 'list' },
  'frame-delivered': { ...FRAME, to: 'string', faults: 'strings' },
  'frame-dropped': { ...FRAME, to: 'string?', reason: 'string' },
  'frame-fault': { ...FRAME, to: 'string', fault: 'string', by: 'number' },
  'router-dropped': { router: 'string', reason: 'string', bytes: 'bytes' },
  print: { text: 'string' },
  bridge: { text: 'string' },
};

const EXPECTED: Readonly<Record<Shape, string>> = {
  string: 'a text',
  'string?': 'a text or null',
  number: 'a number',
  'number?': 'a number or null',
  boolean: 'true or false',
  strings: 'a list of texts',
  list: 'a list',
  bytes: 'bytes as hexadecimal digits',
};

const isText = (value: unknown): value is string => typeof value === 'string';

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'string':
      return isText(value);
    case 'string?':
      return value === null || isText(value);
    case 'number':
      return Number.isFinite(value);
    case 'number?':
      return value === null || Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'strings':
      return Array.isArray(value) && value.every(isText);
    case 'list':
      return Array.isArray(value);
    case 'bytes':
      return isText(value) && /^(?:[\da-f]{2})*$/i.test(value);
  }
}

/** A line that is none of a trace: the message says what is wrong with it. */
export class TraceLineError extends Error {
  /** Whether it may be the beginning of one: nothing that is whole. */
  readonly mayBeCut: boolean;

  constructor(message: string, mayBeCut = false) {
    super(message);
    this.mayBeCut = mayBeCut;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Frames of which the bytes are remembered, so that what arrives is known as what was sent. */
const REMEMBERED = 10_000;

/** Reads the lines of a trace in JSON Lines. */
export class TraceLines {
  readonly #frames = new Map<string, Uint8Array>();
  #last = 0;

  /**
   * The event of a line.
   *
   * @throws TraceLineError where the line is none of a trace
   */
  parse(line: string): TraceRecord {
    const { time, device, thread, ...event } = fieldsOf(line);
    if (typeof time !== 'number' || !(time >= 0)) throw wrong('time', 'a number of nanoseconds', time);
    if (device !== null && !isText(device)) throw wrong('device', EXPECTED['string?'], device);
    if (!isText(thread)) throw wrong('thread', EXPECTED.string, thread);
    const { type } = event;
    if (!isText(type)) throw wrong('type', EXPECTED.string, type);
    for (const [name, shape] of Object.entries(FIELDS[type] ?? {})) {
      const value = event[name];
      if (!fits(value, shape)) throw wrong(`${name} of ${type}`, EXPECTED[shape], value);
    }
    if (time < this.#last) throw new TraceLineError(`time goes back: ${time} after ${this.#last}`);
    this.#last = time;
    return { time, device, thread, event: this.#event(type, event) };
  }

  /** The fields have been looked at: what is left is an event as the simulator wrote it. */
  #event(type: string, fields: Fields): SimulationEvent {
    const { bytes } = fields;
    if (!isText(bytes)) return fields as SimulationEvent;
    return { ...fields, bytes: this.#bytes(bytes, type === 'frame-sent') } as SimulationEvent;
  }

  /** The same bytes for what was sent and what arrives. */
  #bytes(digits: string, isNew: boolean): Uint8Array {
    const known = isNew ? undefined : this.#frames.get(digits);
    if (known !== undefined) return known;
    const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (isNew) {
      this.#frames.delete(digits);
      this.#frames.set(digits, bytes);
      const [oldest] = this.#frames.keys();
      if (this.#frames.size > REMEMBERED && oldest !== undefined) this.#frames.delete(oldest);
    }
    return bytes;
  }
}

function fieldsOf(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new TraceLineError('no JSON', true);
  }
  if (!isFields(value)) throw new TraceLineError('no JSON object');
  return value;
}

function wrong(field: string, expected: string, found: unknown): TraceLineError {
  const text = found === undefined ? 'is missing' : `is ${JSON.stringify(found).slice(0, 60)}`;
  return new TraceLineError(`${field} ${text}, expected ${expected}`);
}
