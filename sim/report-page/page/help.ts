import { button, h } from './dom.ts';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['j  k', 'next event, event before (in the list, filtered)'],
  ['n  p', 'next problem, problem before'],
  ['h  l', 'move along the time line (also ← →)'],
  ['J  K', 'scroll the lanes'],
  ['+  −', 'zoom in, zoom out (also the wheel)'],
  ['f', 'fit: show the whole run'],
  ['z', 'zoom to the selected event'],
  ['t', 'time true to scale, or idle time squeezed'],
  ['c', 'fold or unfold all devices'],
  ['/', 'filter'],
  ['d', 'dark or light'],
  ['Esc', 'leave the filter, close this, select nothing'],
  ['?', 'this help'],
];

const MOUSE: readonly (readonly [string, string])[] = [
  ['drag', 'zoom to what is marked'],
  ['Shift + drag', 'move along; also drag on the scale'],
  ['wheel', 'zoom where the mouse is'],
  ['Shift + wheel', 'move along'],
  ['wheel on the names', 'scroll the lanes'],
  ['double click', 'zoom in'],
  ['click on a device', 'fold or unfold its lanes'],
];

const FILTERS: readonly (readonly [string, string])[] = [
  ['hello', 'the word anywhere; "two words"; /expression/'],
  ['device:server', 'of frames, who sends or gets them'],
  ['thread:"IP thread"', 'values with blanks in quotes'],
  ['type:frame-*,dtls-*', 'one of several; * is anything'],
  ['service:nx_udp_*', 'also callback:, pool:, queue:, network:'],
  ['status:!=0', 'also status:0x10C, status:NX_NO_PACKET'],
  ['duration:>5ms', 'how long it took; time:1.5s..2s, time:<2s'],
  ['-type:packet-*', 'all but these'],
];

function list(title: string, rows: readonly (readonly [string, string])[]): HTMLElement {
  return h(
    'section',
    {},
    h('h3', {}, title),
    h('dl', {}, ...rows.flatMap(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)])),
  );
}

/** The help, over the page. */
export function helpDialog(): HTMLDialogElement {
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' });
  const close = button('Close', 'Close the help', () => dialog.close());
  dialog.append(
    h('header', {}, h('h2', { id: 'help-title' }, 'How to read this page'), close),
    h('div', { class: 'columns' }, list('Keys', KEYS), list('Mouse', MOUSE), list('Filter', FILTERS)),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
