import { TX_SLEEP } from '../../kernel/constants.ts';
import type { Device } from '../device.ts';
import { formatTime } from '../duration.ts';
import type { TraceListener, TraceStream } from '../trace/stream.ts';

/** A callback that waited, and so held up the thread that called it. */
export interface Stall {
  readonly device: string;
  /** `connect_notify`, `receive_notify`, … */
  readonly callback: string;
  /** The thread that was held up: for notify callbacks, the IP thread. */
  readonly thread: string;
  /** The service in which it waited. */
  readonly service: string;
  /** Virtual time at which the wait began, in nanoseconds. */
  readonly began: number;
  /** How long it waited, in nanoseconds. */
  readonly duration: number;
  /** It still waits. */
  readonly open: boolean;
}

/** Collects the waits of callbacks from the trace. */
export class StallLog {
  readonly #stalls: Stall[] = [];

  constructor(trace: TraceStream) {
    const hear: TraceListener = ({ device, event }) => {
      if (event.type !== 'callback-blocked') return;
      const { callback, thread, service, began, duration } = event;
      this.#stalls.push({ device: device ?? '', callback, thread, service, began, duration, open: false });
    };
    trace.listen(hear, { frames: false });
  }

  /** Every stall, those that last to this moment included; the longest first. */
  list(devices: Iterable<Device>, now: number): readonly Stall[] {
    const open: Stall[] = [];
    for (const device of devices) {
      for (const thread of device.kernel.threads) {
        const { callback } = thread;
        if (callback === null || thread.tx_thread_state < TX_SLEEP) continue;
        open.push({
          device: device.name,
          callback: callback.name,
          thread: thread.tx_thread_name,
          service: thread.op?.service ?? '',
          began: thread.suspendedAt,
          duration: now - thread.suspendedAt,
          open: true,
        });
      }
    }
    return [...this.#stalls, ...open].sort((a, b) => b.duration - a.duration);
  }
}

/** Callbacks of the thread that makes a handshake, which nothing else waits for. */
const OF_HANDSHAKES = new Set(['certificate_callback', 'server_callback', 'client_callback']);

/** Some lines on a stall: what happened, and what to do instead. */
export function describeStall(stall: Stall): string {
  return describeWaits(stall, formatTime(stall.duration));
}

/** The same for many stalls: those of one callback in one service are told together. */
export function describeStalls(stalls: readonly Stall[]): readonly string[] {
  return groupStalls(stalls).map(({ text }) => text);
}

/** Stalls of one callback in one service, and what to say of them. */
export interface StallGroup {
  readonly longest: Stall;
  readonly text: string;
}

/** Stalls by callback and service, those with the longest wait first. */
export function groupStalls(stalls: readonly Stall[]): readonly StallGroup[] {
  const groups = new Map<string, Stall[]>();
  for (const stall of stalls) {
    const key = [stall.device, stall.callback, stall.thread, stall.service].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [stall]);
    else group.push(stall);
  }
  return [...groups.values()].flatMap((group) => {
    const [longest, ...others] = group;
    if (longest === undefined) return [];
    if (others.length === 0) return [{ longest, text: describeStall(longest) }];
    const total = group.reduce((sum, { duration }) => sum + duration, 0);
    const times = `${formatTime(total)} in ${group.length} waits, the longest ${formatTime(longest.duration)},`;
    return [{ longest, text: describeWaits({ ...longest, open: group.some(({ open }) => open) }, times) }];
  });
}

function describeWaits(stall: Stall, times: string): string {
  const still = stall.open ? ' and still waits' : '';
  const ofHandshake = OF_HANDSHAKES.has(stall.callback);
  const heldUp = ofHandshake ? 'its handshake stood still meanwhile' : 'no packet of that device moved meanwhile';
  return [
    `${stall.callback} of device '${stall.device}' waited ${times} in ${stall.service}()${still},`,
    `    in thread '${stall.thread}': ${heldUp}.`,
    `    Take a note in the callback, wake a thread of your own (tx_event_flags_set, tx_semaphore_put), and wait there.`,
  ].join('\n');
}
