import type { NetworkRow, ReportSummary, SessionRow, ThreadRow } from '../data.ts';
import { formatDuration, formatExact } from './axis.ts';
import { button, h } from './dom.ts';

type Cell = Node | string;

/** What a table asks of the page. */
export interface TableActions {
  /** Shows a time. */
  readonly goTo: (time: number, device: string) => void;
  readonly filter: (text: string) => void;
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'empty' }, `${caption}: none in this run.`);
  const head = h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, name)));
  const body = rows.map((cells) =>
    h('tr', {}, ...cells.map((cell) => h('td', { class: isNumber(cell) ? 'number' : null }, cell))),
  );
  return h(
    'div',
    { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', {}, h('caption', {}, caption), h('thead', {}, head), h('tbody', {}, ...body)),
  );
}

/** A value of a filter, whatever is in it. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const isNumber = (cell: Cell): boolean =>
  typeof cell === 'string' && /^[-–\d]/.test(cell) && !/\d+\.\d+\.\d+/.test(cell);

const percent = (part: number, whole: number): string => (whole <= 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`);

const duration = (nanoseconds: number): string => (nanoseconds < 0 ? '–' : formatDuration(nanoseconds));

/** What every thread did. */
export function threadsTable({ threads, time }: ReportSummary, actions: TableActions): HTMLElement {
  const row = (one: ThreadRow): readonly Cell[] => [
    one.device,
    button(
      one.thread,
      `Show the events of ${one.thread}`,
      () => actions.filter(`device:${quoted(one.device)} thread:${quoted(one.thread)}`),
      'link',
    ),
    one.priority < 0 ? '–' : String(one.priority),
    one.state,
    share(one.running, time),
    duration(one.running),
    duration(one.ready),
    duration(one.longestReady),
    String(one.runs),
    String(one.waits),
    String(one.services),
  ];
  const heads = [
    'device',
    'thread',
    'priority',
    'at the end',
    'CPU share',
    'CPU time',
    'ready, not running',
    'longest',
    'runs',
    'waits',
    'services',
  ];
  return table('Threads', heads, threads.map(row));
}

/** A share with a bar. */
function share(part: number, whole: number): Node {
  const bar = h('span', { class: 'bar' });
  bar.style.width = `${whole <= 0 ? 0 : Math.min(100, (part / whole) * 100)}%`;
  return h('span', { class: 'share' }, h('span', { class: 'track', 'aria-hidden': 'true' }, bar), percent(part, whole));
}

/** Every DTLS session, from each end. */
export function sessionsTable({ sessions }: ReportSummary, actions: TableActions): HTMLElement {
  const row = (one: SessionRow): readonly Cell[] => [
    one.device,
    one.role,
    one.peer,
    one.suite === '' ? '–' : one.suite,
    button(`${formatExact(one.began)} s`, 'Go to its first message', () => actions.goTo(one.began, one.device), 'link'),
    one.connected < 0 ? '–' : duration(one.connected - one.began),
    String(one.datagrams),
    String(one.retransmissions),
    String(one.discarded),
    one.state,
  ];
  const heads = [
    'device',
    'role',
    'peer',
    'cipher suite',
    'began',
    'handshake took',
    'datagrams',
    'sent again',
    'discarded',
    'state',
  ];
  return table('DTLS sessions', heads, sessions.map(row));
}

/** What every network carried. */
export function networksTable({ networks }: ReportSummary): HTMLElement {
  const counts = (all: Readonly<Record<string, number>>): string =>
    Object.entries(all)
      .map(([why, number]) => `${number} ${why}`)
      .join(', ') || '–';
  const row = (one: NetworkRow): readonly Cell[] => [
    one.network,
    String(one.sent),
    String(one.bytes),
    String(one.delivered),
    counts(one.lost),
    counts(one.faults),
  ];
  return table('Networks', ['network', 'frames sent', 'bytes', 'arrived', 'lost', 'faults'], networks.map(row));
}
