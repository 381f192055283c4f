import { lowerBound } from './numbers.ts';
import type { Row } from './layout.ts';
import { SMALL_FONT, type Scene } from './scene.ts';

type LevelRow = Extract<Row, { kind: 'level' }>;

/** Draws a level over time as steps; where much falls into one pixel, from its lowest to its highest. */
export function drawLevel(scene: Scene, row: LevelRow, y: number): void {
  const { ctx, palette, mode, x, from, left, right, hits } = scene;
  const { level } = row;
  const starts = level.starts(mode);
  const [top, height] = [y + 5, row.height - 9];
  const heightOf = (value: number): number => top + height - (height * value) / level.highest;
  const first = Math.max(0, lowerBound(level.times, from) - 1);
  if (starts.length === 0) return;
  ctx.beginPath();
  let px = Math.max(x(starts[first] ?? 0), left);
  let last = heightOf(level.values[first] ?? 0);
  ctx.moveTo(px, last);
  for (let at = first + 1; at < starts.length; at++) {
    const next = x(starts[at] ?? 0);
    if (next > right) break;
    if (next - px > 0.7) ctx.lineTo(next, last);
    px = Math.max(next, px);
    const value = heightOf(level.values[at] ?? 0);
    if (value !== last) ctx.lineTo(px, value);
    last = value;
  }
  ctx.lineTo(right, last);
  ctx.strokeStyle = palette.level;
  ctx.lineWidth = 1.4;
  ctx.stroke();
  ctx.lineTo(right, top + height);
  ctx.lineTo(Math.max(x(starts[first] ?? 0), left), top + height);
  ctx.closePath();
  ctx.fillStyle = palette.levelFill;
  ctx.fill();
  ctx.font = SMALL_FONT;
  hits.push({ left, top: y, right, bottom: y + row.height, event: -1, text: '', slope: null });
}

/** The level at a time, or null before the first one is known. */
export function levelAt(row: LevelRow, time: number): number | null {
  const at = lowerBound(row.level.times, time + 1e-9) - 1;
  return at < 0 ? null : (row.level.values[at] ?? null);
}
