import type { Kernel } from '../../kernel/kernel.ts';
import { TX_READY } from '../../kernel/constants.ts';
import type { Device } from '../device.ts';
import { formatTime } from '../duration.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { TraceListener, TraceStream } from '../trace/stream.ts';
import { emptyPools } from './empty-pools.ts';
import { failedInitialization } from './failed-initialization.ts';
import { HandshakeWaits } from './handshake-waits.ts';
import { describeMisuse } from './packet-misuse.ts';
import { unstartedSessions } from './unstarted-sessions.ts';

/** Something in a run that is probably a mistake and ended nothing. */
export interface Note {
  readonly device: string;
  readonly kind:
    | 'starvation'
    | 'mutex-held-at-exit'
    | 'mutex-cycle'
    | 'timer-tried-to-wait'
    | 'packet-misuse'
    | 'pool-empty'
    | 'handshake-given-up'
    | 'session-not-started'
    | 'initialization-failed';
  /** One line: what happened, and what to do about it. */
  readonly text: string;
  /** How often it happened. */
  readonly count: number;
  /** Virtual time at which it happened first, in nanoseconds; -1 where that is not known. */
  readonly since: number;
  /** The thread that did it, or ''. */
  readonly thread: string;
}

/** A thread that was ready this long and did not get the processor has starved, in nanoseconds. */
const STARVING = 1e9;

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

function noteOf({ time: since, device: name, thread, event }: TraceRecord): Omit<Note, 'count'> | null {
  const device = name ?? '';
  switch (event.type) {
    case 'mutex-held-at-exit': {
      const mutexes = `${event.mutexes.length === 1 ? 'mutex' : 'mutexes'} ${quoted(event.mutexes)}`;
      const text = `thread '${event.thread}' ended and still held ${mutexes}; the kernel gave up what it protects half done: put it before the thread ends`;
      return { device, kind: event.type, text, since, thread };
    }
    case 'mutex-cycle': {
      const ring = event.waits.map(({ thread, waitsFor }) => `thread '${thread}' waits for ${waitsFor}`).join(', ');
      const text = `deadlock: ${ring}, each held by the next: take mutexes in the same order everywhere, or wait with a time-out`;
      return { device, kind: event.type, text, since, thread };
    }
    case 'timer-tried-to-wait': {
      const text = `the routine of timer '${event.timer}' tried to wait in ${event.service}(): it runs in the timer thread and may not; wake a thread of your own instead`;
      return { device, kind: event.type, text, since, thread };
    }
    case 'packet-misuse':
      return { device, kind: event.type, text: describeMisuse(event), since, thread };
    default:
      return null;
  }
}

/** Threads that were ready for long without running: those of higher priority never wait. */
function starved(device: Device, kernel: Kernel): readonly Note[] {
  const notes: Note[] = [];
  for (const thread of kernel.threads) {
    const waits = thread.tx_thread_state === TX_READY && kernel.current !== thread;
    const now = waits ? kernel.now - thread.readySince : 0;
    const longest = Math.max(thread.longestReady, now);
    if (longest < STARVING) continue;
    const still = waits && now === longest ? ', and still is' : '';
    const text = `thread '${thread.tx_thread_name}' (priority ${thread.tx_thread_priority}) was ready for ${formatTime(longest)} without running${still}: threads of higher priority leave it no time; let them wait, or give it a higher priority`;
    const since = still === '' ? -1 : thread.readySince;
    notes.push({ device: device.name, kind: 'starvation', text, count: 1, since, thread: thread.tx_thread_name });
  }
  return notes;
}

/** Collects from the trace what is worth a note. */
export class NoteLog {
  readonly #notes = new Map<string, { note: Omit<Note, 'count'>; count: number }>();

  readonly #handshakes = new HandshakeWaits();

  constructor(trace: TraceStream) {
    const hear: TraceListener = (record) => {
      this.#handshakes.hear(record);
      const note = noteOf(record);
      if (note === null) return;
      const key = `${note.device}\n${note.text}`;
      const known = this.#notes.get(key);
      if (known === undefined) this.#notes.set(key, { note, count: 1 });
      else known.count++;
    };
    trace.listen(hear, { frames: false });
  }

  /** Every note, in the order in which they came up; starvation last. */
  list(devices: Iterable<Device>): readonly Note[] {
    const notes: Note[] = [...this.#notes.values()].map(({ note, count }) => ({ ...note, count }));
    notes.push(...this.#handshakes.list());
    for (const device of devices)
      notes.push(
        ...failedInitialization(device),
        ...unstartedSessions(device),
        ...emptyPools(device),
        ...starved(device, device.kernel),
      );
    return notes;
  }
}

/** A note on one line. */
export function describeNote({ device, text, count }: Note): string {
  return `device '${device}': ${text}${count === 1 ? '' : ` (${count} times)`}`;
}
