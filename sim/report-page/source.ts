import type { ReportChunk, ReportHead, ReportSummary } from './data.ts';

/** What a page can be given. Everything may come in pieces; `append` costs about as much as its events. */
export interface ReportSink {
  head(head: ReportHead): void;
  append(chunk: ReportChunk): void;
  summary(summary: ReportSummary): void;
  /** Shown in place of a page that cannot be filled. */
  failed(reason: string): void;
}

/**
 * Where a page gets its data. A report file is one such source; to watch a run as it goes on, write another: it hands on
 * the head, then a chunk every so often (a `ReportCollector` makes them, with `flush()` for what it has so far), and a
 * summary now and then.
 */
export interface ReportSource {
  /** `live`: the page follows the newest events and shows the slot for live controls. */
  readonly mode: 'file' | 'live';
  open(sink: ReportSink): void | Promise<void>;
}
