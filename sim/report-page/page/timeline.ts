import { formatDuration, formatExact } from './axis.ts';
import { h } from './dom.ts';
import { drawLabels } from './draw-frame-labels.ts';
import { drawFrames } from './draw-frames.ts';
import { drawLane, drawOpenStates, drawStates, tipOf } from './draw-lane.ts';
import { drawLevel, levelAt } from './draw-level.ts';
import { drawBackground, drawName } from './draw-names.ts';
import { drawGrid, drawScale, OVERVIEW_HEIGHT, TOP } from './draw-scale.ts';
import { explainRow, Layout, OWNER_HEIGHT, type Row } from './layout.ts';
import type { Lane, Model } from './model.ts';
import { clamp } from './numbers.ts';
import { drawOverview } from './overview.ts';
import { BOLD_FONT, FONT, type Hit, type Scene } from './scene.ts';
import type { Palette } from './theme.ts';
import { View } from './view.ts';

/** What is under the mouse. */
export interface Pointed {
  readonly event: number;
  readonly row: Row | null;
  readonly tip: string;
  readonly explanation: string;
  readonly area: 'overview' | 'axis' | 'gutter' | 'lanes';
}

/** The time line: draws what is in sight, and tells what is where. */
export class Timeline {
  readonly view: View;
  readonly element: HTMLElement;
  readonly canvas = h('canvas', {
    tabindex: 0,
    role: 'img',
    'aria-label': 'Time line of all devices. The list of events below has the same content as text.',
  });
  readonly collapsed = new Set<string>();
  /** A stretch that is being selected, in pixels. */
  selection: readonly [number, number] | null = null;
  selected = -1;
  mask: Uint8Array | null = null;
  gutter = 190;
  readonly #model: Model;
  readonly #palette: () => Palette;
  #layout: Layout;
  #shape = -1;
  #hits: readonly Hit[] = [];
  #frame = 0;
  #width = 0;
  #height = 0;
  /** Milliseconds that the last picture took, for tests. */
  drawTime = 0;

  constructor(model: Model, palette: () => Palette) {
    this.#model = model;
    this.#palette = palette;
    this.view = new View(model);
    this.#layout = new Layout(model, this.collapsed);
    this.element = h('div', { class: 'timeline' }, this.canvas);
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Height of the lanes in sight, in pixels. */
  get lanesHeight(): number {
    return this.#height - TOP;
  }

  get width(): number {
    return this.#width;
  }

  /** Draws as soon as the browser is ready for a picture. */
  redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const start = performance.now();
      this.#draw();
      this.drawTime = performance.now() - start;
    });
  }

  /** The layout is to be made anew. */
  relayout(): void {
    this.#shape = -1;
    this.redraw();
  }

  place(x: number): number {
    const { from, to } = this.view;
    return from + ((x - this.gutter) / (this.#width - this.gutter)) * (to - from);
  }

  /** The time at a pixel. */
  timeAt(x: number): number {
    return this.#model.axis.time(this.place(x), this.view.mode);
  }

  scrollBy(pixels: number): void {
    this.view.scroll = clamp(this.view.scroll + pixels, 0, Math.max(0, this.#layout.height - this.lanesHeight));
    this.redraw();
  }

  /** Brings the lane of an event into sight. */
  revealLane(lane: Lane | undefined): void {
    this.#ensureLayout();
    const row = lane === undefined ? null : this.#layout.rowOf(lane);
    if (row === null) return;
    const { scroll } = this.view;
    if (row.y < scroll + 20) this.scrollBy(row.y - scroll - 40);
    else if (row.y + row.height > scroll + this.lanesHeight) {
      this.scrollBy(row.y + row.height - scroll - this.lanesHeight + 20);
    }
  }

  /** What is at a point of the picture. */
  pointAt(x: number, y: number): Pointed {
    if (y < OVERVIEW_HEIGHT) return this.#plain('overview', 'The whole run: drag the window, or click to go there.');
    if (y < TOP) return this.#plain('axis', 'Drag to move along; turn the wheel to zoom.');
    const row = this.#layout.at(y - TOP + this.view.scroll);
    const explanation = row === null ? '' : explainRow(row);
    if (x < this.gutter) return { event: -1, row, tip: '', explanation, area: 'gutter' };
    const hit = this.#hits.findLast((one) => contains(one, x, y));
    const isLevel = row?.kind === 'level';
    const level = isLevel ? levelAt(row, this.timeAt(x)) : null;
    const said =
      level === null
        ? (hit?.text ?? '')
        : `${level} ${row?.kind === 'level' && row.level.kind === 'pool' ? 'free' : 'in the queue'}`;
    const event = hit?.event ?? -1;
    return { event, row, tip: event < 0 ? said : tipOf(this.#model, event), explanation, area: 'lanes' };
  }

  #plain(area: Pointed['area'], explanation: string): Pointed {
    return { event: -1, row: null, tip: '', explanation, area };
  }

  #resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    this.#width = Math.max(width, 1);
    this.#height = Math.max(height, 1);
    this.gutter = this.#width < 620 ? 104 : this.#width < 900 ? 150 : 190;
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(this.#width * ratio);
    this.canvas.height = Math.round(this.#height * ratio);
    this.canvas.style.width = `${this.#width}px`;
    this.canvas.style.height = `${this.#height}px`;
    this.redraw();
  }

  #ensureLayout(): void {
    if (this.#shape === this.#model.shape) return;
    this.#shape = this.#model.shape;
    this.#layout = new Layout(this.#model, this.collapsed);
  }

  #draw(): void {
    this.#ensureLayout();
    const ctx = this.canvas.getContext('2d', { alpha: false });
    if (ctx === null || this.#width < 2) return;
    const { view } = this;
    view.scroll = clamp(view.scroll, 0, Math.max(0, this.#layout.height - this.lanesHeight));
    const palette = this.#palette();
    ctx.setTransform(window.devicePixelRatio, 0, 0, window.devicePixelRatio, 0, 0);
    ctx.fillStyle = palette.background;
    ctx.fillRect(0, 0, this.#width, this.#height);
    const [left, right] = [this.gutter, this.#width];
    const scale = (right - left) / (view.to - view.from);
    const { axis } = this.#model;
    const scene: Scene = {
      ctx,
      model: this.#model,
      palette,
      mode: view.mode,
      left,
      right,
      from: axis.time(view.from, view.mode),
      to: axis.time(view.to, view.mode),
      x: (place) => left + (place - view.from) * scale,
      placeAt: (x) => view.from + (x - left) / scale,
      mask: this.mask,
      selected: this.selected,
      hits: [],
    };
    this.#drawRows(scene);
    drawScale(scene);
    drawOverview(scene, view, OVERVIEW_HEIGHT);
    this.#drawSelection(scene);
    this.#hits = scene.hits;
  }

  #drawRows(scene: Scene): void {
    const { ctx, palette, left, right } = scene;
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, TOP, this.#width, this.#height - TOP);
    ctx.clip();
    const offset = TOP - this.view.scroll;
    const rows = this.#layout.rows.filter(({ y, height }) => y + height + offset > TOP && y + offset < this.#height);
    for (const row of rows) drawBackground(scene, row, row.y + offset);
    drawGrid(scene, this.#height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, TOP, right - left, this.#height - TOP);
    ctx.clip();
    const tops = new Map<Lane, number>();
    for (const row of rows) {
      const y = row.y + offset;
      if (row.kind === 'lane') {
        tops.set(row.lane, y);
        drawLane(scene, row, y);
      } else if (row.kind === 'level') {
        drawLevel(scene, row, y);
      } else {
        for (const lane of this.#model.owners.get(row.owner) ?? [])
          drawStates(
            scene,
            lane,
            y + (row.height > OWNER_HEIGHT ? row.height - 7 : 8),
            row.height > OWNER_HEIGHT ? 5 : 8,
            true,
          );
      }
    }
    drawOpenStates(scene, tops);
    drawFrames(scene, this.#layout, offset);
    drawLabels(scene, this.#layout, offset);
    ctx.restore();
    for (const row of rows) drawName(scene, row, row.y + offset, this.collapsed);
    ctx.fillStyle = palette.line;
    ctx.fillRect(left - 1, TOP, 1, this.#height - TOP);
    ctx.restore();
    this.#drawScrollbar(scene);
  }

  #drawSelection(scene: Scene): void {
    const { ctx, palette, model, left, right } = scene;
    if (this.selected >= 0) {
      const x = scene.x(model.axis.place(model.time(this.selected), scene.mode));
      if (x >= left && x <= right) {
        ctx.globalAlpha = 0.55;
        ctx.fillStyle = palette.select;
        ctx.fillRect(Math.round(x), TOP, 1, this.#height - TOP);
        ctx.globalAlpha = 1;
        ctx.font = FONT;
        const label = `${formatExact(model.time(this.selected))} s`;
        const width = ctx.measureText(label).width + 10;
        const at = clamp(x - width / 2, left, right - width);
        ctx.fillStyle = palette.select;
        ctx.fillRect(at, OVERVIEW_HEIGHT + 1, width, 17);
        ctx.fillStyle = palette.background;
        ctx.textBaseline = 'middle';
        ctx.fillText(label, at + 5, OVERVIEW_HEIGHT + 10);
      }
    }
    if (this.selection === null) return;
    const [a, b] = this.selection;
    const [begin, end] = [Math.max(Math.min(a, b), left), Math.max(a, b)];
    ctx.globalAlpha = 0.18;
    ctx.fillStyle = palette.running;
    ctx.fillRect(begin, TOP, end - begin, this.#height - TOP);
    ctx.globalAlpha = 1;
    ctx.fillRect(begin, TOP, 1, this.#height - TOP);
    ctx.fillRect(end, TOP, 1, this.#height - TOP);
    const label = formatDuration(this.timeAt(end) - this.timeAt(begin));
    ctx.font = BOLD_FONT;
    const width = ctx.measureText(label).width;
    ctx.fillText(label, clamp((begin + end - width) / 2, left + 4, right - width - 4), TOP + 14);
  }

  #drawScrollbar({ ctx, palette }: Scene): void {
    const { height } = this.#layout;
    if (height <= this.lanesHeight) return;
    const bar = Math.max(24, (this.lanesHeight / height) * this.lanesHeight);
    const y = TOP + (this.view.scroll / (height - this.lanesHeight)) * (this.lanesHeight - bar);
    ctx.fillStyle = palette.dim;
    ctx.globalAlpha = 0.45;
    ctx.fillRect(this.#width - 7, y, 5, bar);
    ctx.globalAlpha = 1;
  }
}

function contains({ left, right, top, bottom, slope }: Hit, x: number, y: number): boolean {
  if (slope === null) return x >= left && x <= right && y >= top && y <= bottom;
  if (y < top || y > bottom || x < left - 5 || x > right + 5) return false;
  const part = bottom === top ? 0 : (y - top) / (bottom - top);
  const at = slope === 'down' ? left + (right - left) * part : right - (right - left) * part;
  return Math.abs(x - at) < 5;
}
