import type { ReportChunk, ReportHead, ReportSummary } from '../data.ts';
import { REPORT_FORMAT } from '../data.ts';
import type { ReportSink, ReportSource } from '../source.ts';

/** The text of a part of the report: base64 of what zlib made of it. */
async function unpack(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}

/** Gives the browser a chance to show how far it is. */
const breathe = (): Promise<void> => new Promise((done) => setTimeout(done));

/** The data inside of a report's own file. */
export const fileSource: ReportSource = {
  mode: 'file',
  async open(sink: ReportSink): Promise<void> {
    const parts = document.querySelectorAll<HTMLScriptElement>('script[data-part]');
    try {
      for (const part of parts) {
        const json: unknown = JSON.parse(await unpack(part.textContent));
        part.remove();
        hand(sink, part.dataset['part'] ?? '', json);
        await breathe();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      sink.failed(`This report cannot be read: its file is not whole, or this browser is too old (${why}).`);
    }
  },
};

/** The parts were written by the simulator that made this page: what they are is known by their names. */
function hand(sink: ReportSink, part: string, json: unknown): void {
  if (part === 'head') {
    const head = json as ReportHead;
    const { format }: { readonly format: number } = head;
    if (format !== REPORT_FORMAT) throw new Error(`format ${format}, expected ${REPORT_FORMAT}`);
    sink.head(head);
  } else if (part === 'chunk') {
    sink.append(json as ReportChunk);
  } else if (part === 'summary') {
    sink.summary(json as ReportSummary);
  }
}
