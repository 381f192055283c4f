import { formatDuration, formatMark, roundStep } from './axis.ts';
import { fitText, FONT, SMALL_FONT, type Scene } from './scene.ts';

/** Heights above the lanes, in pixels. */
export const OVERVIEW_HEIGHT = 26;
const AXIS_HEIGHT = 24;
export const TOP = OVERVIEW_HEIGHT + AXIS_HEIGHT;

/** The marks of the scale in sight: times with their pixels. */
function marksOf(scene: Scene): readonly (readonly [x: number, time: number, step: number])[] {
  const { left, right, from, to, mode, model } = scene;
  const marks: (readonly [number, number, number])[] = [];
  if (mode === 'true') {
    const step = roundStep(((to - from) * 110) / (right - left));
    for (let time = Math.ceil(Math.max(from, 0) / step) * step; time <= to; time += step) {
      marks.push([scene.x(time), time, step]);
    }
    return marks;
  }
  for (let x = left + 60; x < right - 40; x += 130) {
    const time = model.axis.time(scene.placeAt(x), mode);
    const near = model.axis.time(scene.placeAt(x + 130), mode) - time;
    // A round time, as far as there is one that near.
    const step = roundStep(near / 20);
    const round = Math.round(time / step) * step;
    if (round >= 0) marks.push([scene.x(model.axis.place(round, mode)), round, step]);
  }
  return marks;
}

/** Draws the marks of the scale through all rows. */
export function drawGrid(scene: Scene, height: number): void {
  const { ctx, palette, left } = scene;
  ctx.fillStyle = palette.grid;
  for (const [x] of marksOf(scene)) if (x > left) ctx.fillRect(Math.round(x), TOP, 1, height - TOP);
}

/** Draws the scale of time, and says how time is laid out. */
export function drawScale(scene: Scene): void {
  const { ctx, palette, left, right, mode, from, to } = scene;
  ctx.fillStyle = palette.background;
  ctx.fillRect(0, OVERVIEW_HEIGHT, right, AXIS_HEIGHT);
  ctx.fillStyle = palette.line;
  ctx.fillRect(0, TOP - 1, right, 1);
  ctx.font = FONT;
  ctx.textBaseline = 'middle';
  let free = left;
  const marks = marksOf(scene);
  const widest = Math.max(...marks.map(([, , step]) => step));
  for (const [x, time, step] of marks) {
    const unit = mode === 'true' || to < 10e9 ? step : widest < 1e8 ? step : Math.min(step, 1e8);
    const label = formatMark(time, unit, to);
    const width = ctx.measureText(label).width;
    if (x < left || x - width / 2 < free) continue;
    free = x + width / 2 + 10;
    ctx.fillStyle = palette.line;
    ctx.fillRect(Math.round(x), TOP - 7, 1, 6);
    ctx.fillStyle = palette.dim;
    ctx.fillText(label, x - width / 2, OVERVIEW_HEIGHT + 9);
  }
  ctx.fillStyle = palette.dim;
  ctx.font = SMALL_FONT;
  const says = mode === 'squeezed' ? 'idle time squeezed' : 'time true to scale';
  ctx.fillText(fitText(ctx, `${says}, ${formatDuration(to - from)}`, left - 12), 8, OVERVIEW_HEIGHT + 10);
}
