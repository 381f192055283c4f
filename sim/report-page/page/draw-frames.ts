import { ownerOf } from '../lanes.ts';
import { between, destinationOf } from './flows.ts';
import type { Layout } from './layout.ts';
import { outline, passes, SMALL_FONT, xOfTime, type Scene } from './scene.ts';
import type { Palette } from './theme.ts';

/** The colour of a frame, by what it carries. */
export function frameColour(palette: Palette, text: string): string {
  if (text.includes('DTLS application data')) return palette.data;
  if (text.includes('DTLS ') || text.includes('record with a connection ID')) return palette.dtls;
  if (text.includes('ARP') || text.includes('Neighbor ')) return palette.arp;
  return palette.other;
}

/** What is written beside a frame: `flight 4, again · ServerHello, Certificate …`. */
export function frameLabel(text: string): string {
  const what = (text.includes(', ') ? text.slice(0, text.lastIndexOf(', ')) : text).replace(/^DTLS /, '');
  return what.replace(/^(.*) \((flight \d+(?:, again)?)\)$/, '$2 · $1');
}

/** More arrows, and dots, than these in one picture are thinned out: they would cover it. What was lost is always there. */
export const MANY = 3000;

/** Draws the ways of frames between the lanes of their ports. */
export function drawFrames(scene: Scene, layout: Layout, top: number): void {
  const { model, from, to } = scene;
  const [first, end] = model.flows.range(from, to);
  const step = Math.max(1, Math.floor((end - first) / MANY));
  // The more arrows, the fainter: what is behind them is to be seen.
  const strength = end - first > 500 ? 0.3 : end - first > 150 ? 0.55 : 1;
  for (let at = first; at < end; at++) {
    const flow = model.flows.list[at];
    if (
      flow === undefined ||
      ((at - first) % step !== 0 && !flow.isLost) ||
      (flow.sent >= 0 && model.time(flow.sent) > to)
    )
      continue;
    if (flow.isLost) drawLost(scene, layout, top, flow.sent, flow.end);
    else drawArrow(scene, layout, top, flow.sent, flow.end, strength);
  }
  drawFaults(scene, layout, top);
}

/** Where the lane of an event's owner is. */
export function wireOf({ model }: Scene, layout: Layout, event: number): number | undefined {
  return layout.wires.get(model.laneOf(event)?.info.owner ?? '');
}

function drawArrow(scene: Scene, layout: Layout, top: number, sent: number, end: number, strength: number): void {
  const { ctx, model, palette, hits, selected } = scene;
  if (sent < 0) return;
  const [y1, y2] = [wireOf(scene, layout, sent), wireOf(scene, layout, end)];
  if (y1 === undefined || y2 === undefined) return;
  const [x1, x2] = [xOfTime(scene, model.time(sent)), xOfTime(scene, model.time(end))];
  const [fromY, toY] = [top + y1, top + y2];
  const touched = model.string(model.fields.at(end)).includes('"faults":["');
  const isSelected = selected === sent || selected === end;
  ctx.globalAlpha = isSelected ? 1 : passes(scene, sent) || passes(scene, end) ? strength : 0.1;
  ctx.strokeStyle = ctx.fillStyle = touched ? palette.fault : frameColour(palette, model.string(model.text.at(sent)));
  ctx.lineWidth = isSelected ? 3 : strength < 1 ? 1 : 1.4;
  if (touched) ctx.setLineDash([5, 3]);
  ctx.beginPath();
  ctx.moveTo(x1, fromY);
  ctx.lineTo(x2, toY);
  ctx.stroke();
  ctx.setLineDash([]);
  head(ctx, x1, fromY, x2, toY, strength < 1 && !isSelected ? 6 : 8);
  ctx.globalAlpha = 1;
  const [upper, lower] = [Math.min(fromY, toY), Math.max(fromY, toY)];
  const slope = toY > fromY ? 'down' : 'up';
  hits.push({ left: x1, top: upper, right: Math.max(x2, x1), bottom: lower, event: end, text: '', slope });
}

/** The head of an arrow. */
function head(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number, size: number): void {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  ctx.beginPath();
  ctx.moveTo(x2, y2);
  ctx.lineTo(x2 - size * Math.cos(angle - 0.38), y2 - size * Math.sin(angle - 0.38));
  ctx.lineTo(x2 - size * Math.cos(angle + 0.38), y2 - size * Math.sin(angle + 0.38));
  ctx.fill();
}

/** A lost frame goes some way and ends in a cross. */
function drawLost(scene: Scene, layout: Layout, top: number, sent: number, end: number): void {
  const { ctx, model, palette, hits, selected } = scene;
  const start = sent >= 0 ? sent : end;
  const y1 = wireOf(scene, layout, start);
  if (y1 === undefined) return;
  const x1 = xOfTime(scene, model.time(start));
  const target = ownerOf(destinationOf(model, end));
  const y2 = layout.wires.get(target) ?? otherWire(layout, y1);
  const down = y2 >= y1 ? 1 : -1;
  const [x, y] = [Math.max(xOfTime(scene, model.time(end)), x1) + 12, top + y1 + down * 26];
  ctx.globalAlpha = passes(scene, start) || passes(scene, end) ? 1 : 0.15;
  ctx.strokeStyle = palette.lost;
  ctx.lineWidth = 1.6;
  ctx.setLineDash([3, 2]);
  ctx.beginPath();
  ctx.moveTo(x1, top + y1);
  ctx.lineTo(x, y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 2.4;
  ctx.beginPath();
  ctx.moveTo(x - 5, y - 5);
  ctx.lineTo(x + 5, y + 5);
  ctx.moveTo(x + 5, y - 5);
  ctx.lineTo(x - 5, y + 5);
  ctx.stroke();
  ctx.globalAlpha = 1;
  if (selected === end) outline(scene, x - 7, y - 7, 14, 14);
  hits.push({ left: x - 8, top: y - 8, right: x + 8, bottom: y + 8, event: end, text: '', slope: null });
}

/** The lane of frames of somebody else. */
function otherWire(layout: Layout, y: number): number {
  for (const other of layout.wires.values()) if (other !== y) return other;
  return y + 1;
}

const SIGNS: Readonly<Record<string, string>> = { delayed: 'D', duplicated: '2', corrupted: 'C', reordered: 'R' };

/** What a fault did, as a letter in a lozenge where the frame was sent. */
function drawFaults(scene: Scene, layout: Layout, top: number): void {
  const { ctx, model, palette, from, to, hits, selected } = scene;
  ctx.font = SMALL_FONT;
  for (const event of between(model.flows.faults, (one) => model.time(one), from, to)) {
    const y = wireOf(scene, layout, event);
    if (y === undefined) continue;
    const [x, middle] = [xOfTime(scene, model.time(event)) + 9, top + y + 9];
    ctx.fillStyle = palette.fault;
    ctx.beginPath();
    ctx.moveTo(x, middle - 8);
    ctx.lineTo(x + 8, middle);
    ctx.lineTo(x, middle + 8);
    ctx.lineTo(x - 8, middle);
    ctx.fill();
    ctx.fillStyle = palette.background;
    ctx.textAlign = 'center';
    ctx.fillText(SIGNS[model.string(model.text.at(event)).split(' ')[0] ?? ''] ?? '!', x, middle + 0.5);
    ctx.textAlign = 'left';
    if (event === selected) outline(scene, x - 8, middle - 8, 16, 16);
    hits.push({ left: x - 8, top: middle - 8, right: x + 8, bottom: middle + 8, event, text: '', slope: null });
  }
}
