import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { PageAssets } from './assets.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { REPORT_FORMAT, type ReportChunk, type ReportHead, type ReportLane, type ReportSummary } from './data.ts';

/** Default of {@link ReportStore}: what a browser shows with ease. */
export const REPORT_LIMIT = 1_000_000;

/** Bytes of compressed chunks that are kept at most, whatever the number of events: frames may be large. */
const BYTE_LIMIT = 192 * 1024 * 1024;

interface Packed {
  readonly bytes: Buffer;
  readonly events: number;
  readonly lanes: readonly ReportLane[];
}

/** Keeps the chunks of a report, compressed; beyond a limit the oldest go. */
export class ReportStore {
  readonly #limit: number;
  readonly #chunks: Packed[] = [];
  /** Lanes of the chunks that were dropped: the later ones refer to them. */
  readonly #lanes: ReportLane[] = [];
  #events = 0;
  #bytes = 0;
  #cut = 0;

  /** @param limit - events that are kept, as near as whole chunks come to that */
  constructor(limit = REPORT_LIMIT) {
    this.#limit = limit;
  }

  /** Events that were dropped, all of them from the start of the run. */
  get cut(): number {
    return this.#cut;
  }

  get events(): number {
    return this.#events;
  }

  readonly add = (chunk: ReportChunk): void => {
    const bytes = deflateSync(JSON.stringify(chunk), { level: 6 });
    this.#chunks.push({ bytes, events: chunk.time.length, lanes: chunk.lanes });
    this.#events += chunk.time.length;
    this.#bytes += bytes.length;
    while (this.#chunks.length > 1 && (this.#events > this.#limit || this.#bytes > BYTE_LIMIT)) this.#drop();
  };

  /** The page, piece by piece. */
  *html(assets: PageAssets, head: ReportHead, summary: ReportSummary): Generator<string> {
    yield pageStart(assets, head.title, 'file');
    yield dataElement('head', deflateSync(JSON.stringify(head)));
    if (this.#lanes.length > 0) {
      const empty = new ChunkWriter(this.#cut, 0);
      for (const lane of this.#lanes) empty.lane(lane);
      yield dataElement('chunk', deflateSync(JSON.stringify(empty.finish())));
    }
    for (const { bytes } of this.#chunks) yield dataElement('chunk', bytes);
    yield dataElement('summary', deflateSync(JSON.stringify(summary)));
    yield pageEnd(assets);
  }

  #drop(): void {
    const oldest = this.#chunks.shift();
    if (oldest === undefined) return;
    this.#lanes.push(...oldest.lanes);
    this.#events -= oldest.events;
    this.#bytes -= oldest.bytes.length;
    this.#cut += oldest.events;
  }
}

/** Base64 holds no `<`, so that nothing in the data can end the element. */
function dataElement(part: string, bytes: Buffer): string {
  return `<script type="application/octet-stream" data-part="${part}">${bytes.toString('base64')}</script>\n`;
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What a browser must not take for the end of the script: in JavaScript a backslash there changes nothing. */
const guarded = (script: string): string => script.replaceAll(/<(?=\/script|!--)/gi, '\\x3c');

/**
 * The beginning of a page. Its content security policy lets it run its own script and nothing else, and load nothing.
 *
 * @param mode - `live`: it may talk to where it came from
 */
export function pageStart(assets: PageAssets, title: string, mode: 'file' | 'live'): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(guarded(assets.script))}`,
    `style-src ${hashOf(assets.style)}`,
    'img-src data:',
    `connect-src ${mode === 'live' ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en" data-mode="${mode}" data-format="${REPORT_FORMAT}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeText(title)} · txsim</title>
<style>${assets.style}</style>
</head>
<body>
<noscript>This report is drawn by a script, and scripts are off in this browser.</noscript>
`;
}

/** The end of a page. */
export function pageEnd(assets: PageAssets): string {
  return `<script>${guarded(assets.script)}</script>\n</body>\n</html>\n`;
}
