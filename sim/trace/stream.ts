import type { SimulationEvent, TraceRecord } from './event.ts';

/** Receives the events of a world as they happen. */
export type TraceListener = (record: TraceRecord) => void;

/** The one stream into which everything in a world reports, and from which every exporter reads. */
export class TraceStream {
  readonly #listeners = new Set<TraceListener>();
  #detailed = 0;

  /** Whether some listener asked for the frequent events too. */
  get detail(): boolean {
    return this.#detailed > 0;
  }

  /**
   * Adds a listener; gives a function that takes it away again.
   *
   * @param options - `detail` asks for thread switches and packet allocations too
   */
  listen(listener: TraceListener, options: { readonly detail?: boolean } = {}): () => void {
    const detail = options.detail ?? false;
    this.#listeners.add(listener);
    if (detail) this.#detailed++;
    return () => {
      if (this.#listeners.delete(listener) && detail) this.#detailed--;
    };
  }

  /** Hands an event to every listener. */
  emit(time: number, device: string | null, thread: string, event: SimulationEvent): void {
    if (this.#listeners.size === 0) return;
    const record: TraceRecord = { time, device, thread, event };
    for (const listener of this.#listeners) listener(record);
  }
}
