import { SimulationError } from '../../kernel/simulation-error.ts';
import type { SimulationEvent, TraceRecord } from './event.ts';
import type { TraceStream } from './stream.ts';

/** The name of a kind of event: `dtls-flight`, `print`, `service`. */
export type EventType = SimulationEvent['type'];

/** The events of one type. */
export type EventOf<T extends EventType> = Extract<SimulationEvent, { readonly type: T }>;

/** An event of one type, with its time, device and thread. */
export type RecordOf<T extends EventType> = TraceRecord & { readonly event: EventOf<T> };

/** Which events are meant: all of their type where it is left out. */
export type EventFilter<T extends EventType> = (record: RecordOf<T>) => boolean;

/** Kept unless more is asked for: what happens seldom and tells much. */
const USUAL: readonly EventType[] = [
  'print',
  'dtls-flight',
  'dtls-connected',
  'dtls-failed',
  'dtls-closed',
  'dtls-moved',
  'dtls-discarded',
  'thread-created',
  'thread-ended',
  'mutex-held-at-exit',
  'mutex-cycle',
  'timer-tried-to-wait',
  'callback-blocked',
  'packet-misuse',
  'address-duplicate',
  'device-power',
  'world-event',
];

/** Told only where somebody asked for the frequent events. */
const FREQUENT: readonly EventType[] = [
  'service',
  'thread-switch',
  'queue-level',
  'callback-begin',
  'callback-end',
  'packet-allocated',
  'packet-released',
  'frame-not-received',
];

/** The events of a world so far, to be counted and looked at. */
export class TraceLog {
  readonly #records: TraceRecord[] = [];
  readonly #kept: ReadonlySet<EventType>;

  /**
   * Keeps the events that happen from now on.
   *
   * @param more - types to be kept beside the usual ones, which leave out frames, services and other frequent events
   */
  constructor(trace: TraceStream, more: readonly EventType[] = []) {
    const kept = new Set([...USUAL, ...more]);
    this.#kept = kept;
    const detail = FREQUENT.some((type) => kept.has(type));
    const frames = more.some((type) => type.startsWith('frame-') || type === 'router-dropped');
    trace.listen(
      (record) => {
        if (kept.has(record.event.type)) this.#records.push(record);
      },
      { detail, frames },
    );
  }

  /** Every event that was kept, in order. */
  get records(): readonly TraceRecord[] {
    return this.#records;
  }

  /**
   * The events of a type, in order.
   *
   * @throws SimulationError for a type that is not kept
   */
  all<T extends EventType>(type: T, filter: EventFilter<T> = () => true): readonly RecordOf<T>[] {
    this.#check(type);
    const isMeant = (record: TraceRecord): record is RecordOf<T> => record.event.type === type;
    return this.#records.filter(isMeant).filter(filter);
  }

  /**
   * How many events of a type there were.
   *
   * @throws SimulationError for a type that is not kept
   */
  count<T extends EventType>(type: T, filter?: EventFilter<T>): number {
    return this.all(type, filter).length;
  }

  /**
   * The last event of a type, or undefined.
   *
   * @throws SimulationError for a type that is not kept
   */
  last<T extends EventType>(type: T, filter?: EventFilter<T>): RecordOf<T> | undefined {
    return this.all(type, filter).at(-1);
  }

  #check(type: EventType): void {
    if (this.#kept.has(type)) return;
    throw new SimulationError({
      kind: 'world',
      what: `events of type '${type}' are not kept`,
      fix: `they are many: ask for them with the expectation's option trace: ['${type}']`,
    });
  }
}
