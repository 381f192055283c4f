import type { SimulationEvent, TraceRecord } from './event.ts';

/** Receives the events of a world as they happen. */
export type TraceListener = (record: TraceRecord) => void;

/** The one stream into which everything in a world reports, and from which every exporter reads. */
export class TraceStream {
  readonly #listeners = new Set<TraceListener>();
  readonly #watchers: ((detail: boolean) => void)[] = [];
  #detailed = 0;

  /** Whether some listener asked for the frequent events too. */
  get detail(): boolean {
    return this.#detailed > 0;
  }

  /** Tells somebody, now and whenever it changes, whether the frequent events are wanted. */
  watchDetail(watcher: (detail: boolean) => void): void {
    this.#watchers.push(watcher);
    watcher(this.detail);
  }

  /**
   * Adds a listener; gives a function that takes it away again.
   *
   * @param options - `detail` asks for the frequent events too: thread switches, services, callbacks, packets, queue levels
   */
  listen(listener: TraceListener, options: { readonly detail?: boolean } = {}): () => void {
    const detail = options.detail ?? false;
    this.#listeners.add(listener);
    if (detail) this.#count(1);
    return () => {
      if (this.#listeners.delete(listener) && detail) this.#count(-1);
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
