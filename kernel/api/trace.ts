import { enter } from '../caller-context.ts';
import { flagMacro } from '../config.ts';
import { TX_FEATURE_NOT_ENABLED, TX_NOT_DONE, TX_SIZE_ERROR, TX_SUCCESS, type UINT, type ULONG } from '../constants.ts';
import { EventLog, leastTraceSize } from '../event-log.ts';
import type { Kernel } from '../kernel.ts';
import type { Op } from '../op.ts';
import { requireRoom } from './checks.ts';

const enabled = (kernel: Kernel): boolean => flagMacro(kernel.macros, 'TX_ENABLE_EVENT_TRACE');

/** Told that the ring of events begins anew; it gets the whole buffer, and may call no services. */
export type TraceFullCallback = (buffer: Uint8Array) => void;

/**
 * Records kernel events into a buffer of the firmware's, in the layout that TraceX opens (C: `tx_trace_enable`). Time
 * stamps are microseconds of virtual time. Legal in every context.
 *
 * @param trace_buffer_size - bytes: 48 for the header, 48 for each registry entry, 32 for each event
 * @param registry_entries - how many objects the buffer can name
 * @returns `TX_SUCCESS`; `TX_SIZE_ERROR` where not one event fits; `TX_NOT_DONE` while a trace is on;
 *   `TX_FEATURE_NOT_ENABLED` unless the device's configuration sets `TX_ENABLE_EVENT_TRACE`
 */
export function tx_trace_enable(
  trace_buffer_start: Uint8Array,
  trace_buffer_size: ULONG,
  registry_entries: ULONG,
): Op<UINT> {
  const kernel = enter('tx_trace_enable');
  if (!enabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  if (trace_buffer_size < leastTraceSize(registry_entries)) return kernel.finish(TX_SIZE_ERROR);
  if (kernel.firmwareLog !== null) return kernel.finish(TX_NOT_DONE);
  requireRoom(trace_buffer_start, trace_buffer_size, 'tx_trace_enable', 'trace_buffer_start');
  const { traceFullNotify } = kernel;
  kernel.firmwareLog = new EventLog(kernel, trace_buffer_start, trace_buffer_size, registry_entries, traceFullNotify);
  return kernel.finish(TX_SUCCESS);
}

/**
 * Ends the recording; the buffer stays as it is (C: `tx_trace_disable`). Legal in every context.
 *
 * @returns `TX_SUCCESS`; `TX_NOT_DONE` where no trace is on; `TX_FEATURE_NOT_ENABLED`
 */
export function tx_trace_disable(): Op<UINT> {
  const kernel = enter('tx_trace_disable');
  if (!enabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  if (kernel.firmwareLog === null) return kernel.finish(TX_NOT_DONE);
  kernel.firmwareLog = null;
  return kernel.finish(TX_SUCCESS);
}

/**
 * Leaves groups of events out (C: `tx_trace_event_filter`).
 *
 * @param event_filter_bits - the sum of the groups' `TX_TRACE_…_EVENTS` bits
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED`
 */
export function tx_trace_event_filter(event_filter_bits: ULONG): Op<UINT> {
  const kernel = enter('tx_trace_event_filter');
  if (!enabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  const { firmwareLog: log } = kernel;
  if (log !== null) log.enabled = (log.enabled & ~event_filter_bits) >>> 0;
  return kernel.finish(TX_SUCCESS);
}

/**
 * Takes groups of events in again (C: `tx_trace_event_unfilter`).
 *
 * @param event_unfilter_bits - the sum of the groups' `TX_TRACE_…_EVENTS` bits
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED`
 */
export function tx_trace_event_unfilter(event_unfilter_bits: ULONG): Op<UINT> {
  const kernel = enter('tx_trace_event_unfilter');
  if (!enabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  const { firmwareLog: log } = kernel;
  if (log !== null) log.enabled = (log.enabled | event_unfilter_bits) >>> 0;
  return kernel.finish(TX_SUCCESS);
}

/**
 * Sets the routine that is called whenever the ring of events is full and begins anew; NULL for none
 * (C: `tx_trace_buffer_full_notify`).
 *
 * @returns `TX_SUCCESS`; `TX_FEATURE_NOT_ENABLED`
 */
export function tx_trace_buffer_full_notify(full_buffer_callback: TraceFullCallback | null): Op<UINT> {
  const kernel = enter('tx_trace_buffer_full_notify');
  if (!enabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  kernel.traceFullNotify = full_buffer_callback;
  if (kernel.firmwareLog !== null) kernel.firmwareLog.fullNotify = full_buffer_callback;
  return kernel.finish(TX_SUCCESS);
}

/**
 * Records an event of the application's own (C: `tx_trace_user_event_insert`).
 *
 * @param event_id - `TX_TRACE_USER_EVENT_START` to `TX_TRACE_USER_EVENT_END`
 * @returns `TX_SUCCESS`; `TX_NOT_DONE` where no trace is on; `TX_FEATURE_NOT_ENABLED`
 */
export function tx_trace_user_event_insert(
  event_id: ULONG,
  info_field_1: ULONG,
  info_field_2: ULONG,
  info_field_3: ULONG,
  info_field_4: ULONG,
): Op<UINT> {
  const kernel = enter('tx_trace_user_event_insert');
  if (!enabled(kernel)) return kernel.finish(TX_FEATURE_NOT_ENABLED);
  if (kernel.firmwareLog === null) return kernel.finish(TX_NOT_DONE);
  kernel.eventLog?.insertNumber(event_id, info_field_1, info_field_2, info_field_3, info_field_4);
  return kernel.finish(TX_SUCCESS);
}

/** Records that an interrupt service routine begins (C: `tx_trace_isr_enter_insert`); nothing without a trace. */
export function tx_trace_isr_enter_insert(isr_id: ULONG): Op<UINT> {
  const kernel = enter('tx_trace_isr_enter_insert');
  kernel.eventLog?.insert('ISR_ENTER', 0, isr_id);
  return kernel.finish(TX_SUCCESS);
}

/** Records that an interrupt service routine ends (C: `tx_trace_isr_exit_insert`); nothing without a trace. */
export function tx_trace_isr_exit_insert(isr_id: ULONG): Op<UINT> {
  const kernel = enter('tx_trace_isr_exit_insert');
  kernel.eventLog?.insert('ISR_EXIT', 0, isr_id);
  return kernel.finish(TX_SUCCESS);
}
