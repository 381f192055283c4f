import type { TraceRecord } from '../trace/event.ts';
import type { NetworkRow, ReportSummary, SessionRow, ThreadRow } from './data.ts';
import type { Lanes } from './lanes.ts';
import { ThreadStates } from './thread-states.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type NetworkCounts = Writable<Omit<NetworkRow, 'lost' | 'faults'>> & {
  readonly lost: Record<string, number>;
  readonly faults: Record<string, number>;
};

const count = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** Counts what the tables of a report show, over the whole run. */
export class Tables {
  readonly #lanes: Lanes;
  readonly #states = new Map<string, ThreadStates>();
  readonly #threads = new Map<number, Writable<ThreadRow>>();
  readonly #sessions: Writable<SessionRow>[] = [];
  /** The last session of a device with a peer. */
  readonly #lastSessions = new Map<string, Writable<SessionRow>>();
  readonly #networks = new Map<string, NetworkCounts>();

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  hear(record: TraceRecord): void {
    const { event, device } = record;
    if (device !== null) this.#onDevice(record, device);
    switch (event.type) {
      case 'frame-sent': {
        const network = this.#network(event.network);
        network.sent++;
        network.bytes += event.bytes.length;
        break;
      }
      case 'frame-delivered':
        this.#network(event.network).delivered++;
        break;
      case 'frame-dropped':
        count(this.#network(event.network).lost, event.reason);
        break;
      case 'frame-fault':
        count(this.#network(event.network).faults, event.fault);
        break;
      default:
        break;
    }
  }

  /** The tables as they stand at a time. */
  rows(time: number): Pick<ReportSummary, 'threads' | 'sessions' | 'networks'> {
    return { threads: this.#threadRows(time), sessions: [...this.#sessions], networks: [...this.#networks.values()] };
  }

  #threadRows(time: number): readonly ThreadRow[] {
    const rows = new Map(
      [...this.#threads].map(([lane, row]) => {
        // What a lane is may have become known after its row began.
        const { kind, priority } = this.#lanes.thread(row.device, row.thread);
        return [lane, { ...row, kind, priority }];
      }),
    );
    for (const states of this.#states.values()) {
      for (const [lane, state, since] of states.open()) {
        const row = rows.get(lane);
        if (row === undefined) continue;
        row.state = state;
        spend(row, state, time - since);
      }
    }
    return [...rows.values()];
  }

  #onDevice({ time, event, thread }: TraceRecord, device: string): void {
    switch (event.type) {
      case 'thread-created':
        this.#statesOf(device).created(this.#thread(device, event.name), time);
        break;
      case 'thread-ready':
        this.#statesOf(device).ready(this.#thread(device, event.name), time);
        break;
      case 'thread-blocked': {
        const lane = this.#thread(device, event.name);
        this.#row(lane).waits++;
        this.#statesOf(device).blocked(lane, time, event.waitsFor);
        break;
      }
      case 'thread-ended':
        this.#statesOf(device).ended(this.#thread(device, event.name), time);
        break;
      case 'thread-switch': {
        const lane = event.to === null ? null : this.#thread(device, event.to);
        if (lane !== null) this.#row(lane).runs++;
        this.#statesOf(device).switchTo(lane, time);
        break;
      }
      case 'service':
        if (thread !== '' && thread !== 'init' && thread !== 'isr') this.#row(this.#thread(device, thread)).services++;
        break;
      default:
        this.#session(device, time, event);
    }
  }

  #session(device: string, time: number, event: TraceRecord['event']): void {
    switch (event.type) {
      case 'dtls-flight': {
        const session = this.#sessionOf(device, event.role, event.peer, time, event.flight > 0);
        if (event.flight === 0) break;
        session.datagrams++;
        if (event.retransmission) session.retransmissions++;
        break;
      }
      case 'dtls-connected': {
        const session = this.#sessionOf(device, event.role, event.peer, time, true);
        session.connected = time;
        session.suite = event.suite;
        session.state = 'connected';
        break;
      }
      case 'dtls-failed':
        this.#end(device, event.role, event.peer, time, `failed: ${event.reason}`);
        break;
      case 'dtls-closed':
        this.#end(device, event.role, event.peer, time, event.by === 'us' ? 'closed by us' : 'closed by the peer');
        break;
      case 'dtls-moved': {
        const session = this.#sessionOf(device, event.role, event.from, time, false);
        session.peer = event.peer;
        this.#lastSessions.set(sessionKey(device, event.role, event.peer), session);
        break;
      }
      case 'dtls-discarded':
        this.#sessionOf(device, event.role, event.peer, time, false).discarded++;
        break;
      default:
        break;
    }
  }

  #end(device: string, role: string, peer: string, time: number, state: string): void {
    const session = this.#sessionOf(device, role, peer, time, false);
    // What follows is the answer of the other side.
    if (session.ended >= 0) return;
    session.ended = time;
    session.state = state;
  }

  /** The session of a device with a peer: the last one; another where that is over and a handshake begins. */
  #sessionOf(device: string, role: string, peer: string, time: number, begins: boolean): Writable<SessionRow> {
    const key = sessionKey(device, role, peer);
    const known = this.#lastSessions.get(key);
    if (known !== undefined && !(begins && known.ended >= 0)) return known;
    const session: Writable<SessionRow> = {
      device,
      role,
      peer,
      suite: '',
      began: time,
      connected: -1,
      ended: -1,
      datagrams: 0,
      retransmissions: 0,
      discarded: 0,
      state: 'handshake',
    };
    this.#sessions.push(session);
    this.#lastSessions.set(key, session);
    return session;
  }

  #statesOf(device: string): ThreadStates {
    let states = this.#states.get(device);
    if (states === undefined) {
      states = new ThreadStates((lane, state, from, to) => spend(this.#row(lane), state, to - from));
      this.#states.set(device, states);
    }
    return states;
  }

  /** The lane of a thread, with its row brought up to date. */
  #thread(device: string, thread: string): number {
    const { id, kind, priority } = this.#lanes.thread(device, thread);
    if (this.#threads.has(id)) return id;
    const counters = { running: 0, ready: 0, longestReady: 0, runs: 0, waits: 0, services: 0 };
    this.#threads.set(id, { device, thread, kind, priority, state: '', ...counters });
    return id;
  }

  #row(lane: number): Writable<ThreadRow> {
    const row = this.#threads.get(lane);
    if (row === undefined) throw new RangeError(`no thread has lane ${lane}`);
    return row;
  }

  #network(network: string): NetworkCounts {
    let counts = this.#networks.get(network);
    if (counts === undefined) {
      counts = { network, sent: 0, bytes: 0, delivered: 0, lost: {}, faults: {} };
      this.#networks.set(network, counts);
    }
    return counts;
  }
}

const sessionKey = (device: string, role: string, peer: string): string => `${device}\n${role}\n${peer}`;

function spend(row: Writable<ThreadRow>, state: string, time: number): void {
  if (state === 'running') {
    row.running += time;
  } else if (state === 'ready') {
    row.ready += time;
    row.longestReady = Math.max(row.longestReady, time);
  }
}
