import {
  TX_AND,
  TX_AND_CLEAR,
  TX_DELETED,
  TX_EVENT_FLAG,
  TX_NO_EVENTS,
  TX_NO_WAIT,
  TX_OR_CLEAR,
  TX_SUCCESS,
  type ULONG,
} from './constants.ts';
import type { Kernel } from './kernel.ts';
import type { Callback, ServiceOp } from './op.ts';
import { addCounters, eventFlagsCounters } from './performance.ts';
import { resumeAll } from './semaphore.ts';
import type { TX_THREAD } from './thread.ts';
import { WaitList } from './wait-list.ts';
import { resume, suspendCurrent } from './waiting.ts';

export const EVENT_FLAGS_ID = 0x4456444e;

/** An event flags group control block: 32 flags. */
export class TX_EVENT_FLAGS_GROUP {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 36;

  tx_event_flags_group_id: ULONG = 0;
  tx_event_flags_group_name = '';
  tx_event_flags_group_current: ULONG = 0;
  readonly waiters = new WaitList(this, TX_NO_EVENTS);
  /** Told of every set. */
  setNotify: Callback<[group: TX_EVENT_FLAGS_GROUP], void> | null = null;
  performance = eventFlagsCounters();

  get tx_event_flags_group_suspended_count(): number {
    return this.waiters.count;
  }

  describe(): string {
    return `event flags '${this.tx_event_flags_group_name}'`;
  }

  timedOut(): void {
    this.performance.timeouts++;
  }
}

export function createEventFlags(kernel: Kernel, group: TX_EVENT_FLAGS_GROUP, name: string): void {
  group.tx_event_flags_group_id = EVENT_FLAGS_ID;
  group.tx_event_flags_group_name = name;
  group.tx_event_flags_group_current = 0;
  group.setNotify = null;
  group.performance = eventFlagsCounters();
  kernel.created.eventFlags.add(group);
}

function satisfied(flags: number, requested: number, option: number): boolean {
  const present = flags & requested;
  return option === TX_AND || option === TX_AND_CLEAR ? present >>> 0 === requested >>> 0 : present !== 0;
}

const clears = (option: number): boolean => option === TX_OR_CLEAR || option === TX_AND_CLEAR;

export function eventFlagsGet(
  kernel: Kernel,
  group: TX_EVENT_FLAGS_GROUP,
  requested: ULONG,
  option: number,
  actual: { value: number },
  waitOption: ULONG,
): ServiceOp {
  const flags = group.tx_event_flags_group_current;
  group.performance.gets++;
  if (satisfied(flags, requested, option)) {
    actual.value = flags;
    if (clears(option)) group.tx_event_flags_group_current = (flags & ~requested) >>> 0;
    return kernel.finish(TX_SUCCESS);
  }
  if (waitOption === TX_NO_WAIT) return kernel.finish(TX_NO_EVENTS);
  group.performance.suspensions++;
  const thread = kernel.current;
  if (thread !== null) thread.waitRequest = { kind: 'flags', requested, option, actual };
  return suspendCurrent(kernel, TX_EVENT_FLAG, group.waiters, waitOption);
}

/** Sets flags and wakes every waiter that they satisfy; all waiters see the same flags, however many clear them. */
export function eventFlagsSet(kernel: Kernel, group: TX_EVENT_FLAGS_GROUP, flags: ULONG): void {
  group.performance.sets++;
  const snapshot = (group.tx_event_flags_group_current | flags) >>> 0;
  let cleared = 0;
  const woken: TX_THREAD[] = [];
  for (const thread of group.waiters) {
    const request = thread.waitRequest;
    if (request?.kind !== 'flags' || !satisfied(snapshot, request.requested, request.option)) continue;
    request.actual.value = snapshot;
    if (clears(request.option)) cleared |= request.requested;
    woken.push(thread);
  }
  group.tx_event_flags_group_current = (snapshot & ~cleared) >>> 0;
  for (const thread of woken) resume(kernel, thread, TX_SUCCESS);
}

/** Clears every flag that is not in the mask; wakes nobody. */
export function eventFlagsMask(group: TX_EVENT_FLAGS_GROUP, mask: ULONG): void {
  group.performance.sets++;
  group.tx_event_flags_group_current = (group.tx_event_flags_group_current & mask) >>> 0;
}

export function eventFlagsDelete(kernel: Kernel, group: TX_EVENT_FLAGS_GROUP): void {
  group.tx_event_flags_group_id = 0;
  kernel.created.eventFlags.delete(group);
  addCounters(kernel.performance.eventFlags, group.performance);
  resumeAll(kernel, group.waiters, TX_DELETED);
}
