import { eventWords } from '../trace/event-words.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { RecordFilter } from '../trace/filter.ts';
import type { TraceStream } from '../trace/stream.ts';

/** Least widths of the columns, in characters. */
const THREAD = 12;
const TYPE = 15;

/**
 * A record as one line of text, its columns two spaces apart: time, device, thread, type, and the event in words. What
 * happens between devices has `-` for its device.
 *
 * @param width - of the device's column, in characters
 */
export function textLine(record: TraceRecord, width = 8): string {
  const { time, device, thread, event } = record;
  const at = `${(time / 1e9).toFixed(9).padStart(15)} s`;
  const who = `${(device ?? '-').padEnd(width)}  ${(thread === '' ? '-' : thread).padEnd(THREAD)}`;
  return `${at}  ${who}  ${event.type.padEnd(TYPE)}  ${eventWords(record)}\n`;
}

/**
 * Writes every event of a world as a line of text; gives a function that ends it.
 *
 * @param filter - which records are written; all of them where there is none
 */
export function exportText(
  world: { readonly trace: TraceStream; readonly devices: ReadonlyMap<string, unknown> },
  sink: (line: string) => void,
  filter?: RecordFilter<TraceRecord>,
): () => void {
  const width = Math.max(...[...world.devices.keys()].map((name) => name.length), 1);
  const hear = (record: TraceRecord): void => {
    if (filter === undefined || filter(record)) sink(textLine(record, width));
  };
  return world.trace.listen(hear, { detail: true });
}
