import type { SimulationEvent, TraceRecord } from './event.ts';

/** Receives the events of a world as they happen. */
export type TraceListener = (record: TraceRecord) => void;

/** The one stream into which everything in a world reports, and from which every exporter reads. */
export class TraceStream {
  readonly #listeners = new Set<TraceListener>();
  readonly #watchers: ((detail: boolean) => void)[] = [];
  #detailed = 0;
  #framed = 0;
  #delivered = 0;

  /** Whether some listener asked for the frequent events too. */
  get detail(): boolean {
    return this.#detailed > 0;
  }

  /** Tells somebody, now and whenever it changes, whether the frequent events are wanted. */
  watchDetail(watcher: (detail: boolean) => void): void {
    this.#watchers.push(watcher);
    watcher(this.detail);
  }

  /** Whether some listener wants to know of frames; where none does, networks do not make their events. */
  get frames(): boolean {
    return this.#framed > 0;
  }

  /** Whether some listener wants to know of each port that a frame came out at. */
  get deliveries(): boolean {
    return this.#delivered > 0;
  }

  /**
   * Adds a listener; gives a function that takes it away again.
   *
   * @param options - `detail` asks for the frequent events too: thread switches, services, callbacks, packets, queue levels;
   *   `frames: false` tells that frames do not matter, though they may still be reported; `frames: 'sent'` that it does not
   *   matter where they came out, which a frame to everybody does many times
   */
  listen(
    listener: TraceListener,
    options: { readonly detail?: boolean; readonly frames?: boolean | 'sent' } = {},
  ): () => void {
    const detail = options.detail ?? false;
    const frames = options.frames ?? true;
    this.#listeners.add(listener);
    if (detail) this.#count(1);
    if (frames !== false) this.#framed++;
    if (frames === true) this.#delivered++;
    return () => {
      if (!this.#listeners.delete(listener)) return;
      if (detail) this.#count(-1);
      if (frames !== false) this.#framed--;
      if (frames === true) this.#delivered--;
    };
  }

  #count(more: 1 | -1): void {
    const before = this.detail;
    this.#detailed += more;
    if (this.detail !== before) for (const watcher of this.#watchers) watcher(this.detail);
  }

  /** Hands an event to every listener. */
  emit(time: number, device: string | null, thread: string, event: SimulationEvent): void {
    if (this.#listeners.size === 0) return;
    const record: TraceRecord = { time, device, thread, event };
    for (const listener of this.#listeners) listener(record);
  }
}
