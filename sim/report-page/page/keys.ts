import type { ReportPage } from './page.ts';

/** What keys do. */
export interface KeyActions {
  readonly step: (by: number) => void;
  readonly problem: (by: number) => void;
  readonly pan: (part: number) => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly zoomToSelected: () => void;
  readonly axis: () => void;
  readonly foldAll: () => void;
  readonly scroll: (pages: number) => void;
  readonly filter: () => void;
  readonly theme: () => void;
  readonly help: () => void;
  readonly escape: () => void;
}

const ZOOM = 1.6;
const PAN = 0.15;
const PAGE = 15;

/** Joins the keyboard to the page. Keys that are typed into a field are left to it. */
export function listenToKeys(page: ReportPage, actions: KeyActions): void {
  const keys: Readonly<Record<string, () => void>> = {
    j: () => actions.step(1),
    k: () => actions.step(-1),
    ArrowDown: () => actions.step(1),
    ArrowUp: () => actions.step(-1),
    PageDown: () => actions.step(PAGE),
    PageUp: () => actions.step(-PAGE),
    Home: () => actions.step(-Infinity),
    End: () => actions.step(Infinity),
    n: () => actions.problem(1),
    p: () => actions.problem(-1),
    h: () => actions.pan(-PAN),
    l: () => actions.pan(PAN),
    ArrowLeft: () => actions.pan(-PAN),
    ArrowRight: () => actions.pan(PAN),
    '+': () => actions.zoom(1 / ZOOM),
    '=': () => actions.zoom(1 / ZOOM),
    '-': () => actions.zoom(ZOOM),
    J: () => actions.scroll(1),
    K: () => actions.scroll(-1),
    f: actions.fit,
    z: actions.zoomToSelected,
    t: actions.axis,
    c: actions.foldAll,
    '/': actions.filter,
    d: actions.theme,
    '?': actions.help,
    Escape: actions.escape,
  };
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector('dialog[open]') !== null) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    // A list of choices has arrow keys, and letters, of its own.
    if (target instanceof HTMLSelectElement) return;
    const isElsewhere =
      target instanceof Element && target.closest('[role=tab], .table-box, .hex, .detail, [role=separator]') !== null;
    if (isElsewhere && /^(Arrow|Page|Home|End)/.test(event.key)) return;
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  page.timeline.canvas.addEventListener('focus', () => page.timeline.redraw());
}
