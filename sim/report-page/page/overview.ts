import type { Model } from './model.ts';
import type { Scene } from './scene.ts';
import type { View } from './view.ts';

/** How many events fall into each column of the overview, as far as they were counted. */
interface Counted {
  readonly counts: Float64Array;
  readonly lost: Float64Array;
  readonly key: string;
}

const COLUMNS = 400;
let counted: Counted | null = null;

/** Counts events by columns; done again when there are many more of them, or time is laid out in another way. */
function count(model: Model, view: View, first: number, last: number): Counted {
  const key = `${view.mode} ${model.count} ${first} ${last}`;
  if (counted?.key === key) return counted;
  const counts = new Float64Array(COLUMNS);
  const lost = new Float64Array(COLUMNS);
  const scale = COLUMNS / Math.max(last - first, 1);
  const step = Math.max(1, Math.floor(model.count / 50_000));
  for (let event = 0; event < model.count; event += step) {
    const column = Math.min(COLUMNS - 1, Math.floor((model.axis.place(model.time(event), view.mode) - first) * scale));
    counts[column] = (counts[column] ?? 0) + 1;
  }
  for (const { isLost, end } of model.flows.list) {
    if (!isLost) continue;
    const column = Math.min(COLUMNS - 1, Math.floor((model.axis.place(model.time(end), view.mode) - first) * scale));
    lost[column] = 1;
  }
  counted = { counts, lost, key };
  return counted;
}

/** Draws the whole run in small, with a window around what is in sight. */
export function drawOverview(scene: Scene, view: View, height: number): void {
  const { ctx, model, palette, left, right, mode } = scene;
  ctx.fillStyle = palette.band;
  ctx.fillRect(0, 0, right, height);
  if (model.count === 0) return;
  const [first, last] = overviewEnds(model, view);
  const { counts, lost } = count(model, view, first, last);
  const most = Math.log1p(Math.max(...counts));
  const width = (right - left) / COLUMNS;
  for (let column = 0; column < COLUMNS; column++) {
    const tall = ((height - 6) * Math.log1p(counts[column] ?? 0)) / most;
    ctx.fillStyle = lost[column] === 1 ? palette.lost : palette.blocked;
    ctx.fillRect(left + column * width, height - 2 - tall, Math.max(width - 0.3, 0.7), tall);
  }
  const x = (place: number): number => left + ((place - first) / Math.max(last - first, 1)) * (right - left);
  const [from, to] = [Math.max(x(view.from), left), Math.min(x(view.to), right)];
  ctx.fillStyle = palette.running;
  ctx.globalAlpha = 0.14;
  ctx.fillRect(from, 0, Math.max(to - from, 2), height);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = palette.running;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(from + 0.75, 0.75, Math.max(to - from, 3) - 1.5, height - 1.5);
  for (const { time, severity } of model.summary?.problems ?? []) {
    if (time < 0) continue;
    ctx.fillStyle = severity === 'note' ? palette.fault : palette.lost;
    const at = x(model.axis.place(time, mode));
    ctx.beginPath();
    ctx.moveTo(at - 4, 0);
    ctx.lineTo(at + 4, 0);
    ctx.lineTo(at, 7);
    ctx.fill();
  }
  ctx.fillStyle = palette.line;
  ctx.fillRect(0, height - 1, right, 1);
}

/** The places at which the overview begins and ends. */
export function overviewEnds(model: Model, view: View): readonly [number, number] {
  return [model.axis.place(model.firstTime, view.mode), model.axis.place(model.lastTime, view.mode)];
}
