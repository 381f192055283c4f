import { ChunkWriter } from '../report-page/chunk-writer.ts';
import type { ReportChunk, ReportLane } from '../report-page/data.ts';

/** Characters of events that are kept for browsers that come late. */
const LIMIT = 64 * 1024 * 1024;

/** The events of a run so far, as text, for every browser to read at its own pace; beyond a limit the oldest go. */
export class Backlog {
  readonly #limit: number;
  readonly #chunks: { readonly text: string; readonly lanes: readonly ReportLane[]; readonly events: number }[] = [];
  readonly #lanes: ReportLane[] = [];
  #size = 0;
  #first = 0;
  #cut = 0;

  /** @param limit - characters that are kept */
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** The number of the first chunk that is still there, counted from the start of the run. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next chunk gets. */
  get end(): number {
    return this.#first + this.#chunks.length;
  }

  /** Events that are no longer there. */
  get cut(): number {
    return this.#cut;
  }

  readonly add = (chunk: ReportChunk): void => {
    const text = JSON.stringify(chunk);
    this.#chunks.push({ text, lanes: chunk.lanes, events: chunk.time.length });
    this.#size += text.length;
    while (this.#size > this.#limit && this.#chunks.length > 1) this.#drop();
  };

  /** A chunk by its number; undefined where it is gone, or has not come. */
  at(number: number): string | undefined {
    return this.#chunks[number - this.#first]?.text;
  }

  /** What a browser needs before the first chunk that is there: the lanes that those before it have told of. */
  preface(): string | null {
    if (this.#lanes.length === 0) return null;
    const writer = new ChunkWriter(this.#cut, 0);
    for (const lane of this.#lanes) writer.lane(lane);
    return JSON.stringify(writer.finish());
  }

  #drop(): void {
    const oldest = this.#chunks.shift();
    if (oldest === undefined) return;
    this.#first++;
    this.#size -= oldest.text.length;
    this.#cut += oldest.events;
    this.#lanes.push(...oldest.lanes);
  }
}
