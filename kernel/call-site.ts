/** Folder of this library's own code (sources or build), so that frames inside it can be told from the firmware's. */
const LIBRARY = new URL('..', import.meta.url).href;
/** Where source maps say that a build's code is: beside the build. */
const SOURCES = new URL(LIBRARY.endsWith('/dist/') ? '..' : '.', LIBRARY).href;
const OWN_FOLDERS = ['kernel/', 'netx/', 'secure/', 'sim/'].flatMap((folder) => [LIBRARY + folder, SOURCES + folder]);

const FRAME = /^at (?:.*? \()?(?:async )?((?:file|https?):\/\/.+?|\/.+?|[A-Za-z]:[\\/].+?):(\d+):\d+\)?$/;

/** `url:line` of the innermost frame of an error that is not the library's own, or null where its stack does not tell. */
export function callSiteOf({ stack = '' }: Error): string | null {
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line.trim());
    if (match === null) continue;
    const [, found = '', lineNumber = ''] = match;
    const url = found.startsWith('/') ? `file://${found}` : found;
    if (!OWN_FOLDERS.some((folder) => url.startsWith(folder))) return `${url}:${lineNumber}`;
  }
  return null;
}

/**
 * A place in the firmware from which the library was called. Taking one costs a stack capture, so it is done only while
 * a run is repeated for a report, or paced by the wall clock; the text is worked out when somebody reads it.
 */
export class CallSite {
  readonly #stack = new Error();

  /** `url:line` of the innermost frame that is not the library's own, or null where the stack does not tell. */
  get text(): string | null {
    return callSiteOf(this.#stack);
  }
}
