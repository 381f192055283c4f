import { CALL_HEIGHT, DEEPEST } from './layout.ts';
import type { Lane } from './model.ts';
import { fitText, FONT, outline, passes, textWidth, xOfTime, type Scene } from './scene.ts';
import type { Palette } from './theme.ts';

const lineOf = (depth: number): number => Math.min(depth, DEEPEST - 1);

/** How many callbacks that go on were open already at a time. */
const openAt = ({ model }: Scene, { open }: Lane, time: number): number =>
  open.filter((began) => model.time(began) <= time).length;

/** The colours of a call, by whose service it is. */
export function callColours(palette: Palette, type: string, name: string): readonly [fill: string, text: string] {
  if (type.startsWith('callback-')) return [palette.callback, palette.onCallback];
  if (name.startsWith('tx_')) return [palette.tx, palette.onCall];
  return [name.startsWith('nx_secure_') ? palette.secure : palette.nx, palette.onCall];
}

/** Draws the calls of a lane that are over. */
export function drawCalls(scene: Scene, lane: Lane, top: number): void {
  const { ctx, model, palette, mode, x, from, left, right, hits, selected } = scene;
  const { calls } = lane;
  const [starts, ends] = [calls.starts(mode), calls.ends(mode)];
  const times = calls.starts('true');
  const drawn = new Float64Array(DEEPEST).fill(-1);
  ctx.font = FONT;
  ctx.textBaseline = 'middle';
  for (let at = calls.firstFrom(from); at < starts.length; at++) {
    const begin = x(starts[at] ?? 0);
    if (begin > right) break;
    const finish = x(ends[at] ?? 0);
    if (finish < left) continue;
    const line = lineOf((calls.depths[at] ?? 0) + openAt(scene, lane, times[at] ?? 0));
    const event = calls.values[at] ?? 0;
    const isSelected = event === selected;
    const last = drawn[line] ?? -1;
    if (finish - last < 0.6 && !isSelected) continue;
    drawn[line] = finish;
    const [from_, to] = [Math.max(begin, left - 1), Math.min(Math.max(finish, begin + 1), right + 1)];
    const name = model.string(model.name.at(event));
    const [fill, ink] = callColours(palette, model.typeOf(event), name);
    const y = top + line * (CALL_HEIGHT + 1);
    const width = to - from_;
    ctx.globalAlpha = passes(scene, event) ? 1 : 0.18;
    ctx.fillStyle = fill;
    // A hair of space keeps neighbours apart.
    ctx.fillRect(from_, y, width > 3 ? width - 0.75 : width, CALL_HEIGHT);
    const failed = model.status.at(event) > 0;
    if (failed && width > 2) {
      ctx.fillStyle = palette.lost;
      ctx.fillRect(from_, y + CALL_HEIGHT - 2, width - 0.75, 2);
    }
    if (isSelected) outline(scene, from_, y, Math.max(width, 2), CALL_HEIGHT);
    if (width > 18) {
      const label = fitText(ctx, name, width - 6);
      ctx.fillStyle = ink;
      if (label !== '') ctx.fillText(label, from_ + 3, y + CALL_HEIGHT / 2 + 0.5);
    }
    ctx.globalAlpha = 1;
    hits.push({ left: from_ - 1, top: y, right: to + 1, bottom: y + CALL_HEIGHT, event, text: '', slope: null });
  }
}

/** What has only begun is this wide at least, in pixels: it is where the run stands. */
const STUB = 6;

/** Draws the callbacks that go on: up to where the trace ends. */
export function drawOpenCalls(scene: Scene, lane: Lane, top: number): void {
  const { ctx, model, palette, left, right, hits, selected } = scene;
  const now = xOfTime(scene, Math.max(model.lastTime, model.summary?.time ?? 0));
  ctx.font = FONT;
  ctx.textBaseline = 'middle';
  lane.open.forEach((event, depth) => {
    const begin = Math.max(xOfTime(scene, model.time(event)), left - 1);
    const end = Math.min(Math.max(now, begin + STUB), right + 1);
    if (begin > right || end < left) return;
    const name = model.string(model.name.at(event));
    const [fill, ink] = callColours(palette, model.typeOf(event), name);
    const y = top + lineOf(depth) * (CALL_HEIGHT + 1);
    const middle = y + CALL_HEIGHT / 2 + 0.5;
    ctx.globalAlpha = passes(scene, event) ? 1 : 0.18;
    ctx.fillStyle = fill;
    ctx.fillRect(begin, y, end - begin, CALL_HEIGHT);
    if (event === selected) outline(scene, begin, y, end - begin, CALL_HEIGHT);
    const width = textWidth(ctx, name);
    if (width <= end - begin - 6) {
      ctx.fillStyle = ink;
      ctx.fillText(name, begin + 3, middle);
    } else {
      // Beside it there is nothing yet, or nothing but what was before it.
      const at = end + 3 + width <= right ? end + 3 : begin - 4 - width;
      ctx.fillStyle = palette.background;
      ctx.fillRect(at - 1, y, width + 2, CALL_HEIGHT);
      ctx.fillStyle = palette.text;
      ctx.fillText(name, at, middle);
    }
    ctx.globalAlpha = 1;
    hits.push({ left: begin - 1, top: y, right: end + 1, bottom: y + CALL_HEIGHT, event, text: '', slope: null });
  });
}
