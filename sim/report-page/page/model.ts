import type { ReportChunk, ReportHead, ReportLane, ReportSummary } from '../data.ts';
import { ThreadStates, type ThreadState } from '../thread-states.ts';
import { Axis } from './axis.ts';
import { Floats, Integers } from './columns.ts';
import { Flows } from './flows.ts';
import { Levels } from './levels-of.ts';
import { lowerBound } from './numbers.ts';
import { Spans } from './spans.ts';

/** States in the order of their numbers in {@link Lane.states}. */
export const STATES: readonly ThreadState[] = ['running', 'ready', 'blocked', 'ended'];

/** A lane with what is drawn in it. */
export class Lane {
  info: ReportLane;
  /** Services and callbacks, by event. */
  readonly calls: Spans;
  /** What its thread was doing, by {@link STATES}. */
  readonly states: Spans;
  /** What each of {@link states} waits for, as a string's number. */
  readonly reasons: number[] = [];
  /** Callbacks that have begun and not ended, the outermost first, as the events in which they began. */
  readonly open: number[] = [];
  /** Lines that its calls take, one below the other. */
  lines = 0;
  /** Events that are a point in time. */
  readonly marks: number[] = [];

  constructor(info: ReportLane, axis: Axis) {
    this.info = info;
    this.calls = new Spans(axis);
    this.states = new Spans(axis);
  }
}

/** Kinds of events by how they are drawn. */
const QUIET = new Set([
  'thread-switch',
  'thread-ready',
  'thread-blocked',
  'callback-begin',
  'packet-allocated',
  'packet-released',
  'queue-level',
]);

/** Everything a page knows of a run. Grows with each chunk; what is there does not change. */
export class Model {
  head: ReportHead | null = null;
  summary: ReportSummary | null = null;
  readonly axis = new Axis();
  readonly strings: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly lanes: Lane[] = [];
  /** Devices and other owners of lanes in the order in which they came up. */
  readonly owners = new Map<string, Lane[]>();
  readonly lane = new Integers();
  readonly type = new Integers();
  readonly name = new Integers();
  readonly text = new Integers();
  readonly duration = new Floats();
  readonly status = new Integers();
  readonly value = new Floats();
  readonly other = new Floats();
  readonly site = new Integers();
  readonly fields = new Integers();
  readonly flows = new Flows();
  readonly levels: Levels;
  readonly #states = new Map<string, ThreadStates>();
  readonly #frames = new Map<number, string>();
  /** Number, in the run, of the first event that is here. */
  first = 0;
  /** Grows when lanes or the depth of lanes have changed. */
  shape = 0;

  constructor() {
    this.levels = new Levels(this.axis);
  }

  /** Events that are here. */
  get count(): number {
    return this.axis.times.length;
  }

  /** Virtual time of the last event. */
  get lastTime(): number {
    return this.count === 0 ? 0 : this.axis.times.at(this.count - 1);
  }

  get firstTime(): number {
    return this.axis.times.at(0);
  }

  time(event: number): number {
    return this.axis.times.at(event);
  }

  string(number: number): string {
    return this.strings[number] ?? '';
  }

  typeOf(event: number): string {
    return this.string(this.type.at(event));
  }

  laneOf(event: number): Lane | undefined {
    return this.lanes[this.lane.at(event)];
  }

  /** The index of the event of a number in the run, or -1. */
  indexOf(number: number): number {
    const index = number - this.first;
    return number >= 0 && index >= 0 && index < this.count ? index : -1;
  }

  /** From when to when an event lasted; of a frame, all of its way. */
  extent(event: number): readonly [from: number, to: number] {
    const time = this.time(event);
    if (!this.typeOf(event).startsWith('frame-')) return [time - this.duration.at(event), time];
    const flow = this.flows.list.find(({ sent, end }) => sent === event || end === event);
    if (flow === undefined) return [time, time];
    return [flow.sent < 0 ? time : this.time(flow.sent), this.time(flow.end)];
  }

  /** The event at a time that belongs to a device and thread, as far as there is one; else the nearest in time. */
  nearest(time: number, device: string, thread: string): number {
    const { times } = this.axis;
    const from = lowerBound(times.values, time, this.count);
    let onDevice = -1;
    for (let event = from; event < this.count && times.at(event) === time; event++) {
      const info = this.laneOf(event)?.info;
      if (info?.owner !== device) continue;
      if (thread !== '' && info.name === thread) return event;
      if (onDevice < 0) onDevice = event;
    }
    return onDevice >= 0 ? onDevice : Math.min(from, this.count - 1);
  }

  /** The bytes of a frame, or null where the page does not have them. */
  frame(event: number): Uint8Array | null {
    const text = this.#frames.get(this.value.at(event));
    return text === undefined ? null : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  append(chunk: ReportChunk): void {
    for (const info of chunk.lanes) this.#declare(info);
    if (this.count === 0) this.first = chunk.first;
    chunk.frames.forEach((frame, nth) => this.#frames.set(chunk.firstFrame + nth, frame));
    const strings = chunk.strings.map((text) => this.intern(text));
    const string = (column: readonly number[], nth: number): number => strings[column[nth] ?? 0] ?? 0;
    let time = 0;
    for (let nth = 0; nth < chunk.time.length; nth++) {
      time += chunk.time[nth] ?? 0;
      this.axis.push(time);
      this.lane.push(chunk.lane[nth] ?? 0);
      this.type.push(string(chunk.type, nth));
      this.name.push(string(chunk.name, nth));
      this.text.push(string(chunk.text, nth));
      this.duration.push(chunk.duration[nth] ?? 0);
      this.status.push(chunk.status[nth] ?? -1);
      this.value.push(chunk.value[nth] ?? -1);
      this.other.push(chunk.other[nth] ?? -1);
      this.site.push(string(chunk.site, nth));
      this.fields.push(string(chunk.fields, nth));
      this.#place(this.count - 1, time);
    }
  }

  /** The number of a string. */
  intern(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.strings.length;
    this.strings.push(text);
    this.#numbers.set(text, number);
    return number;
  }

  /** What threads are doing now: their states that have no end yet. */
  *openStates(): Generator<readonly [lane: Lane, state: ThreadState, since: number, reason: string]> {
    for (const states of this.#states.values()) {
      for (const [id, state, since, reason] of states.open()) {
        const lane = this.lanes[id];
        if (lane !== undefined) yield [lane, state, since, reason];
      }
    }
  }

  #declare(info: ReportLane): void {
    this.shape++;
    const known = this.lanes[info.id];
    if (known !== undefined) {
      known.info = info;
      return;
    }
    const lane = new Lane(info, this.axis);
    this.lanes[info.id] = lane;
    const lanes = this.owners.get(info.owner) ?? [];
    lanes.push(lane);
    this.owners.set(info.owner, lanes);
  }

  #place(event: number, time: number): void {
    const lane = this.laneOf(event);
    if (lane === undefined) return;
    const type = this.typeOf(event);
    if (type === 'service' || type === 'callback-end') {
      if (type === 'callback-end') this.#close(lane, event);
      lane.calls.add(time - this.duration.at(event), time, event);
      this.#takesLines(lane, Math.max(lane.calls.deepest, lane.open.length) + 1);
      return;
    }
    if (type === 'callback-begin') {
      lane.open.push(event);
      this.#takesLines(lane, lane.open.length);
    }
    if (type.startsWith('thread-')) this.#thread(type, event, time, lane.info.owner);
    else if (type.startsWith('frame-')) this.flows.add(this, event, type);
    else if (!QUIET.has(type)) lane.marks.push(event);
    if (this.levels.add(this, event, type, time, lane.info.owner)) this.shape++;
  }

  #takesLines(lane: Lane, lines: number): void {
    if (lines <= lane.lines) return;
    lane.lines = lines;
    this.shape++;
  }

  /** A callback has ended: it, and what began within it, is open no more. */
  #close({ open }: Lane, event: number): void {
    const at = open.findLastIndex((began) => this.name.at(began) === this.name.at(event));
    if (at >= 0) open.length = at;
  }

  #thread(type: string, event: number, time: number, owner: string): void {
    let states = this.#states.get(owner);
    if (states === undefined) {
      states = new ThreadStates((id, state, from, to, reason) => {
        const lane = this.lanes[id];
        if (lane === undefined) return;
        lane.states.add(from, to, STATES.indexOf(state));
        lane.reasons.push(this.intern(reason));
      });
      this.#states.set(owner, states);
    }
    const thread = this.value.at(event);
    // A thread that ended, or was created anew by a device that booted again, is in no callback.
    if (type === 'thread-created' || type === 'thread-ended') this.lanes[thread]?.open.splice(0);
    switch (type) {
      case 'thread-created':
        states.created(thread, time);
        break;
      case 'thread-ready':
        states.ready(thread, time);
        break;
      case 'thread-blocked':
        states.blocked(thread, time, this.string(this.text.at(event)));
        break;
      case 'thread-ended':
        states.ended(thread, time);
        break;
      case 'thread-switch':
        states.switchTo(thread < 0 ? null : thread, time);
        break;
      default:
        break;
    }
  }
}
