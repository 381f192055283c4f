import { formatDuration } from './axis.ts';
import { drawCalls, drawOpenCalls } from './draw-calls.ts';
import { STATE_HEIGHT, type Row } from './layout.ts';
import { STATES, type Lane, type Model } from './model.ts';
import { fitText, outline, passes, SMALL_FONT, xOfTime, type Scene } from './scene.ts';
import type { Palette } from './theme.ts';

type LaneRow = Extract<Row, { kind: 'lane' }>;

const SAYS: Readonly<Record<string, string>> = {
  running: 'running',
  ready: 'ready, and another thread has the processor',
  blocked: 'waits',
  ended: 'has ended',
};

/** Draws the states of a lane's thread, its calls and its marks. */
export function drawLane(scene: Scene, row: LaneRow, y: number): void {
  const { lane } = row;
  const { kind } = lane.info;
  const hasStates = kind === 'thread' || kind === 'ip' || kind === 'timer';
  if (hasStates) drawStates(scene, lane, y + 3, STATE_HEIGHT);
  const top = y + (hasStates ? STATE_HEIGHT + 5 : 3);
  drawOpenCalls(scene, lane, top);
  drawCalls(scene, lane, top);
  drawMarks(scene, lane, y, row.height);
}

/** Draws what a thread was doing as a strip. */
export function drawStates(scene: Scene, lane: Lane, y: number, height: number, onlyRunning = false): void {
  const { mode, x, from, left, right } = scene;
  const { states } = lane;
  const [starts, ends] = [states.starts(mode), states.ends(mode)];
  let drawn = -1;
  for (let at = states.firstFrom(from); at < starts.length; at++) {
    const begin = Math.max(x(starts[at] ?? 0), left);
    if (begin > right) break;
    const end = Math.min(x(ends[at] ?? 0), right);
    const value = states.values[at] ?? 0;
    // Much in one pixel is drawn once; what runs goes before what waits.
    if (end - drawn < 0.5 && value !== 0) continue;
    drawn = end;
    const reason = scene.model.string(lane.reasons[at] ?? 0);
    drawState(scene, value, begin, end, y, height, reason, onlyRunning);
  }
}

/** Draws one stretch of a state. */
export function drawState(
  scene: Scene,
  value: number,
  begin: number,
  end: number,
  y: number,
  height: number,
  reason: string,
  onlyRunning = false,
): void {
  const { ctx, palette, hits } = scene;
  const state = STATES[value] ?? 'ended';
  if (state === 'ended' || (onlyRunning && state !== 'running')) return;
  const width = Math.max(end - begin, state === 'running' ? 1 : 0.5);
  if (state === 'blocked') {
    ctx.fillStyle = palette.blocked;
    ctx.fillRect(begin, y + height / 2 - 0.75, width, 1.5);
  } else {
    ctx.fillStyle = state === 'running' ? palette.running : palette.ready;
    // Ready is lower than running, so that the two differ by more than their colours.
    if (state === 'running') ctx.fillRect(begin, y, width, height);
    else ctx.fillRect(begin, y + height / 2 - 1.5, width, 3);
  }
  if (width > 3) {
    const text = `${SAYS[state] ?? ''}${reason === '' ? '' : `: ${reason}`}`;
    hits.push({ left: begin, top: y - 2, right: end, bottom: y + height + 2, event: -1, text, slope: null });
  }
}

/** The colour of an event that is a point in time. */
export function markColour(palette: Palette, type: string): string {
  if (type === 'print') return palette.other;
  if (type === 'dtls-failed' || type === 'callback-blocked' || type === 'packet-misuse') return palette.lost;
  if (type.startsWith('dtls-')) return palette.dtls;
  return type.startsWith('datagram-') || type === 'frame-not-received' ? palette.fault : palette.dim;
}

/** Draws points in time as flags: a pole with a little pennant, and what it says where there is room. */
function drawMarks(scene: Scene, lane: Lane, y: number, height: number): void {
  const { ctx, model, palette, from, to, left, right, hits, selected } = scene;
  const { marks } = lane;
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (model.time(marks[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  ctx.font = SMALL_FONT;
  ctx.textBaseline = 'middle';
  let drawn = -10;
  for (let at = low; at < marks.length; at++) {
    const event = marks[at] ?? 0;
    const time = model.time(event);
    if (time > to) break;
    const x = xOfTime(scene, time);
    if (x < left - 1 || x > right) continue;
    if (x - drawn < 1 && event !== selected) continue;
    drawn = x;
    ctx.globalAlpha = passes(scene, event) ? 1 : 0.18;
    const foot = y + height - 2;
    ctx.fillStyle = markColour(palette, model.typeOf(event));
    ctx.fillRect(x - 0.5, y + 1, 1, height - 3);
    ctx.beginPath();
    ctx.moveTo(x, foot);
    ctx.lineTo(x + 6, foot - 3.5);
    ctx.lineTo(x, foot - 7);
    ctx.fill();
    if (event === selected) outline(scene, x - 1, y + 1, 7, height - 3);
    if (lane.info.kind === 'world') drawMarkText(scene, event, x, marks[at + 1], y + height / 2);
    ctx.globalAlpha = 1;
    hits.push({ left: x - 3, top: y, right: x + 8, bottom: y + height, event, text: '', slope: null });
  }
}

/** Writes what a mark says beside it, up to the next mark. */
function drawMarkText(scene: Scene, event: number, x: number, next: number | undefined, y: number): void {
  const { ctx, model, palette, right } = scene;
  const room = (next === undefined ? right : Math.min(xOfTime(scene, model.time(next)), right)) - x - 14;
  const text = fitText(ctx, model.string(model.text.at(event)) || model.typeOf(event), room);
  if (text === '') return;
  ctx.fillStyle = palette.text;
  ctx.fillText(text, x + 9, y);
}

/** Draws what threads are doing at the very end of the trace, up to there. */
export function drawOpenStates(scene: Scene, tops: ReadonlyMap<Lane, number>): void {
  const { model, left, right } = scene;
  const end = Math.min(xOfTime(scene, Math.max(model.lastTime, model.summary?.time ?? 0)), right);
  for (const [lane, state, since, reason] of model.openStates()) {
    const top = tops.get(lane);
    if (top === undefined || lane.info.kind === 'wire') continue;
    const begin = Math.max(xOfTime(scene, since), left);
    if (end > begin) drawState(scene, STATES.indexOf(state), begin, end, top + 3, STATE_HEIGHT, reason);
  }
}

/** `tx_thread_sleep, 100 ms`: an event in a few words, for where the mouse is. */
export function tipOf(model: Model, event: number): string {
  const [name, text] = [model.string(model.name.at(event)), model.string(model.text.at(event))];
  const duration = model.duration.at(event);
  const type = model.typeOf(event);
  const isFrame = type.startsWith('frame-');
  const head = isFrame ? text : [name, text].filter(Boolean).join(': ') || type;
  return duration > 0 ? `${head} · ${formatDuration(duration)}` : head;
}
