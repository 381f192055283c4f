import { clamp } from './numbers.ts';
import { overviewEnds } from './overview.ts';
import type { Model } from './model.ts';
import type { Pointed, Timeline } from './timeline.ts';

/** What the mouse asks of the page. */
export interface PointerActions {
  /** Something was clicked; -1 for nothing. */
  readonly select: (event: number) => void;
  readonly fold: (owner: string) => void;
  /** The mouse is over something, or nowhere. */
  readonly point: (pointed: Pointed | null, x: number, y: number) => void;
  /** What is in sight has changed. */
  readonly moved: () => void;
}

const CLICK = 4;

/** Joins the mouse, the wheel and touch to the time line. */
export function listenToPointer(timeline: Timeline, model: Model, actions: PointerActions): void {
  const { canvas, view } = timeline;
  let start: { x: number; y: number; area: Pointed['area']; pans: boolean; from: number; to: number } | null = null;

  const at = (event: MouseEvent): readonly [number, number] => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const moved = (): void => {
    timeline.redraw();
    actions.moved();
  };
  const goTo = (x: number): void => {
    const [first, last] = overviewEnds(model, view);
    const part = clamp((x - timeline.gutter) / (timeline.width - timeline.gutter), 0, 1);
    const half = (view.to - view.from) / 2;
    const middle = first + part * (last - first);
    view.show(middle - half, middle + half);
    moved();
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    const [x, y] = at(event);
    const { area } = timeline.pointAt(x, y);
    const pans = event.shiftKey || event.button === 1 || area === 'axis' || event.pointerType === 'touch';
    start = { x, y, area, pans, from: view.from, to: view.to };
    canvas.setPointerCapture(event.pointerId);
    if (area === 'overview') goTo(x);
  });
  canvas.addEventListener('pointermove', (event) => {
    const [x, y] = at(event);
    if (start === null) {
      const pointed = timeline.pointAt(x, y);
      canvas.style.cursor = pointed.event >= 0 ? 'pointer' : pointed.area === 'lanes' ? 'crosshair' : 'default';
      actions.point(pointed, event.clientX, event.clientY);
      return;
    }
    if (start.area === 'overview') {
      goTo(x);
    } else if (start.area === 'gutter') {
      timeline.scrollBy(start.y - y);
      start.y = y;
    } else if (start.pans) {
      const by = ((start.x - x) / (timeline.width - timeline.gutter)) * (start.to - start.from);
      view.show(start.from + by, start.to + by);
      if (event.pointerType === 'touch') {
        timeline.scrollBy(start.y - y);
        start.y = y;
      }
      moved();
    } else if (Math.abs(x - start.x) > CLICK) {
      timeline.selection = [start.x, clamp(x, timeline.gutter, timeline.width)];
      timeline.redraw();
    }
  });
  canvas.addEventListener('pointerup', (event) => {
    const [x, y] = at(event);
    const began = start;
    start = null;
    const { selection } = timeline;
    timeline.selection = null;
    if (selection !== null) {
      const [a, b] = selection;
      view.show(timeline.place(Math.min(a, b)), timeline.place(Math.max(a, b)));
      moved();
      return;
    }
    if (began === null || Math.abs(x - began.x) + Math.abs(y - began.y) > CLICK) return;
    const pointed = timeline.pointAt(x, y);
    if (pointed.area === 'gutter' && pointed.row?.kind === 'owner') actions.fold(pointed.row.owner);
    else if (pointed.area === 'lanes') actions.select(pointed.event);
  });
  canvas.addEventListener('pointercancel', () => {
    start = null;
    timeline.selection = null;
    timeline.redraw();
  });
  canvas.addEventListener('pointerleave', () => actions.point(null, 0, 0));
  canvas.addEventListener('dblclick', (event) => {
    const [x] = at(event);
    view.zoom(0.25, timeline.place(x));
    moved();
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const [x, y] = at(event);
      const { area } = timeline.pointAt(x, y);
      const lines = event.deltaMode === 1 ? 16 : 1;
      const [across, down] = [event.deltaX * lines, event.deltaY * lines];
      if (area === 'gutter') {
        timeline.scrollBy(down);
      } else if (event.shiftKey || Math.abs(across) > Math.abs(down)) {
        view.pan((across === 0 ? down : across) / (timeline.width - timeline.gutter));
      } else {
        view.zoom(Math.exp(clamp(down, -120, 120) * 0.0022), timeline.place(Math.max(x, timeline.gutter)));
      }
      moved();
    },
    { passive: false },
  );
}
