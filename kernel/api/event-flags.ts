import { enter } from '../caller-context.ts';
import {
  TX_AND,
  TX_AND_CLEAR,
  TX_CALLER_ERROR,
  TX_FEATURE_NOT_ENABLED,
  TX_GROUP_ERROR,
  TX_NO_EVENTS,
  TX_OPTION_ERROR,
  TX_OR,
  TX_PTR_ERROR,
  TX_SUCCESS,
  TX_WAIT_ERROR,
  type CHAR,
  type UINT,
  type ULONG,
} from '../constants.ts';
import {
  createEventFlags,
  EVENT_FLAGS_ID,
  eventFlagsDelete,
  eventFlagsGet,
  eventFlagsMask,
  eventFlagsSet,
  type TX_EVENT_FLAGS_GROUP,
} from '../event-flags.ts';
import { notifying } from '../notify.ts';
import type { Callback, Op } from '../op.ts';
import type { Out } from '../out.ts';
import type { TX_THREAD } from '../thread.ts';
import { calledFrom, mayCreate, notifyEnabled, waitAllowed } from './checks.ts';

/**
 * Creates a group of 32 event flags, all clear (C: `tx_event_flags_create`).
 *
 * @returns `TX_SUCCESS`; `TX_GROUP_ERROR` for NULL or one that exists; `TX_CALLER_ERROR` from timers and ISRs
 */
export function tx_event_flags_create(group_ptr: TX_EVENT_FLAGS_GROUP | null, name_ptr: CHAR): Op<UINT> {
  const kernel = enter('tx_event_flags_create');
  if (group_ptr === null || kernel.created.eventFlags.has(group_ptr)) return kernel.refuse(TX_GROUP_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(TX_CALLER_ERROR);
  createEventFlags(kernel, group_ptr, name_ptr);
  kernel.eventLog?.register('eventFlags', group_ptr, name_ptr, 0, 0);
  kernel.eventLog?.insert('tx_event_flags_create', group_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Deletes a group; its waiters get `TX_DELETED` (C: `tx_event_flags_delete`).
 *
 * @returns `TX_SUCCESS`; `TX_GROUP_ERROR`; `TX_CALLER_ERROR` unless called from a thread
 */
export function tx_event_flags_delete(group_ptr: TX_EVENT_FLAGS_GROUP | null): Op<UINT> {
  const kernel = enter('tx_event_flags_delete');
  if (group_ptr?.tx_event_flags_group_id !== EVENT_FLAGS_ID) return kernel.refuse(TX_GROUP_ERROR);
  if (!calledFrom(kernel, 'thread')) return kernel.finish(TX_CALLER_ERROR);
  kernel.eventLog?.insert('tx_event_flags_delete', group_ptr);
  kernel.eventLog?.unregister(group_ptr);
  eventFlagsDelete(kernel, group_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Waits until any (`TX_OR`) or all (`TX_AND`) of the requested flags are set; the `_CLEAR` options clear the requested
 * flags (C: `tx_event_flags_get`).
 *
 * @param actual_flags_ptr - receives the flags as they stood before any were cleared
 * @returns `TX_SUCCESS`; `TX_GROUP_ERROR`; `TX_PTR_ERROR`; `TX_WAIT_ERROR` for a wait outside of threads;
 *   `TX_OPTION_ERROR`; `TX_NO_EVENTS` when they did not come, or none was requested; `TX_DELETED`; `TX_WAIT_ABORTED`
 */
export function tx_event_flags_get(
  group_ptr: TX_EVENT_FLAGS_GROUP | null,
  requested_flags: ULONG,
  get_option: UINT,
  actual_flags_ptr: Out<ULONG> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('tx_event_flags_get');
  if (group_ptr?.tx_event_flags_group_id !== EVENT_FLAGS_ID) return kernel.refuse(TX_GROUP_ERROR);
  if (actual_flags_ptr === null) return kernel.refuse(TX_PTR_ERROR);
  if (!waitAllowed(kernel, wait_option)) return kernel.refuse(TX_WAIT_ERROR);
  if (get_option > TX_AND_CLEAR) return kernel.refuse(TX_OPTION_ERROR);
  if (requested_flags === 0) return kernel.finish(TX_NO_EVENTS);
  const { tx_event_flags_group_current: current } = group_ptr;
  kernel.eventLog?.insert('tx_event_flags_get', group_ptr, requested_flags, current, get_option);
  return eventFlagsGet(kernel, group_ptr, requested_flags, get_option, actual_flags_ptr, wait_option);
}

/**
 * Sets flags (`TX_OR`) and wakes the waiters they satisfy, or masks the flags (`TX_AND`), which wakes nobody
 * (C: `tx_event_flags_set`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_GROUP_ERROR`; `TX_OPTION_ERROR`
 */
export function tx_event_flags_set(
  group_ptr: TX_EVENT_FLAGS_GROUP | null,
  flags_to_set: ULONG,
  set_option: UINT,
): Op<UINT> {
  const kernel = enter('tx_event_flags_set');
  if (group_ptr?.tx_event_flags_group_id !== EVENT_FLAGS_ID) return kernel.refuse(TX_GROUP_ERROR);
  if (set_option !== TX_OR && set_option !== TX_AND) return kernel.refuse(TX_OPTION_ERROR);
  kernel.eventLog?.insert('tx_event_flags_set', group_ptr, flags_to_set, set_option, group_ptr.waiters.count);
  if (set_option === TX_OR) eventFlagsSet(kernel, group_ptr, flags_to_set);
  else eventFlagsMask(group_ptr, flags_to_set);
  const { setNotify } = group_ptr;
  const call = setNotify === null ? null : () => setNotify(group_ptr);
  return notifying(kernel, 'event_flags_set_notify', kernel.finish(TX_SUCCESS), call);
}

/**
 * The state of a group (C: `tx_event_flags_info_get`); every out-parameter may be NULL.
 *
 * @returns `TX_SUCCESS`; `TX_GROUP_ERROR`
 */
export function tx_event_flags_info_get(
  group_ptr: TX_EVENT_FLAGS_GROUP | null,
  name: Out<CHAR> | null,
  current_flags: Out<ULONG> | null,
  first_suspended: Out<TX_THREAD | null> | null,
  suspended_count: Out<ULONG> | null,
  next_group: Out<TX_EVENT_FLAGS_GROUP> | null,
): Op<UINT> {
  const kernel = enter('tx_event_flags_info_get');
  if (group_ptr?.tx_event_flags_group_id !== EVENT_FLAGS_ID) return kernel.refuse(TX_GROUP_ERROR);
  kernel.eventLog?.insert('tx_event_flags_info_get', group_ptr);
  if (name !== null) name.value = group_ptr.tx_event_flags_group_name;
  if (current_flags !== null) current_flags.value = group_ptr.tx_event_flags_group_current;
  if (first_suspended !== null) first_suspended.value = group_ptr.waiters.first;
  if (suspended_count !== null) suspended_count.value = group_ptr.waiters.count;
  if (next_group !== null) next_group.value = kernel.created.eventFlags.next(group_ptr);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the routine that is called after every set, in the context of the caller of the set; NULL for none
 * (C: `tx_event_flags_set_notify`).
 *
 * @returns `TX_SUCCESS`; `TX_GROUP_ERROR`; `TX_FEATURE_NOT_ENABLED` with `TX_DISABLE_NOTIFY_CALLBACKS`
 */
export function tx_event_flags_set_notify(
  group_ptr: TX_EVENT_FLAGS_GROUP | null,
  events_set_notify: Callback<[group: TX_EVENT_FLAGS_GROUP], void> | null,
): Op<UINT> {
  const kernel = enter('tx_event_flags_set_notify');
  if (group_ptr?.tx_event_flags_group_id !== EVENT_FLAGS_ID) return kernel.refuse(TX_GROUP_ERROR);
  if (!notifyEnabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.eventLog?.insert('tx_event_flags_set_notify', group_ptr);
  group_ptr.setNotify = events_set_notify;
  return kernel.finish(TX_SUCCESS);
}
