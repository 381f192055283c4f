import type { TraceRecord } from '../trace/event.ts';
import type { RecordFilter } from '../trace/filter.ts';
import type { TraceStream } from '../trace/stream.ts';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A record as one line of JSON: time (ns), device, thread, and the event's own fields; bytes as hexadecimal digits. */
export function jsonLine({ time, device, thread, event }: TraceRecord): string {
  const replacer = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? hex(value) : value);
  return `${JSON.stringify({ time, device, thread, ...event }, replacer)}\n`;
}

/**
 * Writes every event of a world as JSON Lines; gives a function that ends it.
 *
 * @param filter - which records are written; all of them where there is none
 */
export function exportJsonLines(
  trace: TraceStream,
  sink: (line: string) => void,
  filter?: RecordFilter<TraceRecord>,
): () => void {
  const hear = (record: TraceRecord): void => {
    if (filter === undefined || filter(record)) sink(jsonLine(record));
  };
  return trace.listen(hear, { detail: true });
}
