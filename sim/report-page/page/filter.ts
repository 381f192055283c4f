import { FilterError, parseFilter, type RecordFilter } from '../../trace/filter.ts';
import { FilteredEvents, type FilteredEvent } from './filtered-event.ts';
import type { Model } from './model.ts';

/** The filter of a page: which of its events are let through. */
export class PageFilter {
  readonly #model: Model;
  readonly #events: FilteredEvents;
  #passes: RecordFilter<FilteredEvent> | null = null;
  /** Larger than there are events, as a run that goes on has more of them soon. */
  #marks = new Uint8Array(0);
  /** Events that have been looked at. */
  #seen = 0;
  /** Why the text set last is no filter; '' where it is one. */
  complaint = '';

  constructor(model: Model) {
    this.#model = model;
    this.#events = new FilteredEvents(model);
  }

  /** Takes another filter. Where that cannot be read, as it may be half written, the one before goes on. */
  set(text: string): void {
    try {
      this.#passes = text.trim() === '' ? null : parseFilter(text, this.#events.words);
      this.complaint = '';
      this.#seen = 0;
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      this.complaint = error.message;
    }
  }

  /** A mark for each event, 1 where it is let through; null where all are. */
  mask(): Uint8Array | null {
    const passes = this.#passes;
    if (passes === null) return null;
    const { count } = this.#model;
    if (this.#marks.length < count) {
      const larger = new Uint8Array(Math.ceil(count * 1.5));
      larger.set(this.#marks);
      this.#marks = larger;
    }
    for (; this.#seen < count; this.#seen++) this.#marks[this.#seen] = passes(this.#events.at(this.#seen)) ? 1 : 0;
    return this.#marks;
  }
}
