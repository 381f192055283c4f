/** Folder of this library's own code (sources or build), so that frames inside it can be told from the firmware's. */
const LIBRARY = new URL('..', import.meta.url).href;
const OWN_FOLDERS = ['kernel/', 'netx/', 'secure/', 'sim/'].map((folder) => LIBRARY + folder);

const FRAME = /((?:file|https?):\/\/\S+?|\/[^\s()]+|[A-Za-z]:[^\s()]+?):(\d+):\d+\)?$/;

/**
 * The place in the firmware from which the library was called, as `url:line`, or null where the stack does not tell.
 * Costs a stack capture; called only while a run is repeated for a report.
 */
export function callSite(): string | null {
  const stack = new Error().stack ?? '';
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line.trim());
    if (match === null) continue;
    const [, found = '', lineNumber = ''] = match;
    const url = found.startsWith('/') ? `file://${found}` : found;
    if (!OWN_FOLDERS.some((folder) => url.startsWith(folder))) return `${url}:${lineNumber}`;
  }
  return null;
}
