import type { Row } from './layout.ts';
import { BOLD_FONT, fitText, FONT, SMALL_FONT, type Scene } from './scene.ts';

/** Lanes that have another name than their thread. */
const NAMES: Readonly<Record<string, string>> = {
  isr: 'interrupts',
  init: 'initialisation',
  idle: 'no thread',
  timer: 'timer thread',
};

/** Draws what is behind a row. */
export function drawBackground({ ctx, palette, right }: Scene, row: Row, y: number): void {
  if (row.kind === 'owner') {
    ctx.fillStyle = palette.owner;
    ctx.fillRect(0, y, right, row.height);
    return;
  }
  if (row.kind === 'lane' && (row.lane.info.kind === 'ip' || row.lane.info.kind === 'wire')) {
    ctx.fillStyle = row.lane.info.kind === 'ip' ? palette.ip : palette.band;
    ctx.fillRect(0, y, right, row.height);
  }
  ctx.fillStyle = palette.grid;
  ctx.fillRect(0, y + row.height - 1, right, 1);
}

/** Draws the name of a row, left of where time begins. */
export function drawName(scene: Scene, row: Row, y: number, collapsed: ReadonlySet<string>): void {
  const { ctx, model, palette, left } = scene;
  ctx.textBaseline = 'middle';
  const room = left - 14;
  if (row.kind === 'owner') {
    ctx.font = BOLD_FONT;
    ctx.fillStyle = palette.text;
    const hasLanes = model.owners.get(row.owner)?.some(({ info }) => info.kind !== 'wire') ?? false;
    const sign = !hasLanes ? '' : collapsed.has(row.owner) ? '▸ ' : '▾ ';
    ctx.fillText(fitText(ctx, `${sign}${row.owner}`, room), 8, y + row.height / 2 + 0.5);
    return;
  }
  const middle = y + Math.min(row.height / 2, 16);
  if (row.kind === 'level') {
    ctx.font = FONT;
    ctx.fillStyle = palette.dim;
    ctx.fillText(fitText(ctx, row.level.name, room - 12), 20, y + 11);
    ctx.font = SMALL_FONT;
    const { lowest, highest, kind } = row.level;
    const says = kind === 'pool' ? `free packets, lowest ${lowest} of ${highest}` : `queued, room for ${highest}`;
    ctx.fillText(fitText(ctx, says, room - 12), 20, y + 24);
    return;
  }
  const { info } = row.lane;
  ctx.font = FONT;
  ctx.fillStyle = info.kind === 'thread' || info.kind === 'ip' ? palette.text : palette.dim;
  const indent = info.owner === '' ? 8 : 20;
  const priority = info.priority >= 0 && info.kind !== 'timer' ? String(info.priority) : '';
  const name = fitText(ctx, NAMES[info.kind] ?? info.name, room - indent - (priority === '' ? 0 : 24));
  ctx.fillText(name, indent, middle);
  if (info.kind === 'ip') {
    ctx.fillStyle = palette.callback;
    ctx.fillRect(0, y, 4, row.height - 1);
  }
  if (priority !== '') {
    ctx.font = SMALL_FONT;
    ctx.fillStyle = palette.dim;
    ctx.textAlign = 'right';
    ctx.fillText(priority, left - 10, middle);
    ctx.textAlign = 'left';
  }
}
