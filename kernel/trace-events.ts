/**
 * The event numbers of ThreadX's trace buffer (`tx_trace.h`), by the service or the kernel event that they stand for, and
 * the bits by which groups of them are filtered (`tx_api.h`).
 */
export const TRACE_EVENT = {
  THREAD_RESUME: 1,
  THREAD_SUSPEND: 2,
  ISR_ENTER: 3,
  ISR_EXIT: 4,
  TIME_SLICE: 5,
  tx_block_allocate: 10,
  tx_block_pool_create: 11,
  tx_block_pool_delete: 12,
  tx_block_pool_info_get: 13,
  tx_block_pool_performance_info_get: 14,
  tx_block_pool_performance_system_info_get: 15,
  tx_block_pool_prioritize: 16,
  tx_block_release: 17,
  tx_byte_allocate: 20,
  tx_byte_pool_create: 21,
  tx_byte_pool_delete: 22,
  tx_byte_pool_info_get: 23,
  tx_byte_pool_performance_info_get: 24,
  tx_byte_pool_performance_system_info_get: 25,
  tx_byte_pool_prioritize: 26,
  tx_byte_release: 27,
  tx_event_flags_create: 30,
  tx_event_flags_delete: 31,
  tx_event_flags_get: 32,
  tx_event_flags_info_get: 33,
  tx_event_flags_performance_info_get: 34,
  tx_event_flags_performance_system_info_get: 35,
  tx_event_flags_set: 36,
  tx_event_flags_set_notify: 37,
  tx_interrupt_control: 40,
  tx_mutex_create: 50,
  tx_mutex_delete: 51,
  tx_mutex_get: 52,
  tx_mutex_info_get: 53,
  tx_mutex_performance_info_get: 54,
  tx_mutex_performance_system_info_get: 55,
  tx_mutex_prioritize: 56,
  tx_mutex_put: 57,
  tx_queue_create: 60,
  tx_queue_delete: 61,
  tx_queue_flush: 62,
  tx_queue_front_send: 63,
  tx_queue_info_get: 64,
  tx_queue_performance_info_get: 65,
  tx_queue_performance_system_info_get: 66,
  tx_queue_prioritize: 67,
  tx_queue_receive: 68,
  tx_queue_send: 69,
  tx_queue_send_notify: 70,
  tx_semaphore_ceiling_put: 80,
  tx_semaphore_create: 81,
  tx_semaphore_delete: 82,
  tx_semaphore_get: 83,
  tx_semaphore_info_get: 84,
  tx_semaphore_performance_info_get: 85,
  tx_semaphore_performance_system_info_get: 86,
  tx_semaphore_prioritize: 87,
  tx_semaphore_put: 88,
  tx_semaphore_put_notify: 89,
  tx_thread_create: 100,
  tx_thread_delete: 101,
  tx_thread_entry_exit_notify: 102,
  tx_thread_identify: 103,
  tx_thread_info_get: 104,
  tx_thread_performance_info_get: 105,
  tx_thread_performance_system_info_get: 106,
  tx_thread_preemption_change: 107,
  tx_thread_priority_change: 108,
  tx_thread_relinquish: 109,
  tx_thread_reset: 110,
  tx_thread_resume: 111,
  tx_thread_sleep: 112,
  tx_thread_stack_error_notify: 113,
  tx_thread_suspend: 114,
  tx_thread_terminate: 115,
  tx_thread_time_slice_change: 116,
  tx_thread_wait_abort: 117,
  tx_time_get: 120,
  tx_time_set: 121,
  tx_timer_activate: 122,
  tx_timer_change: 123,
  tx_timer_create: 124,
  tx_timer_deactivate: 125,
  tx_timer_delete: 126,
  tx_timer_info_get: 127,
  tx_timer_performance_info_get: 128,
  tx_timer_performance_system_info_get: 129,
} as const;

/** The name of an event that has a number. */
export type TraceEventName = keyof typeof TRACE_EVENT;

export const TX_TRACE_USER_EVENT_START = 4096;
export const TX_TRACE_USER_EVENT_END = 65535;

export const TX_TRACE_ALL_EVENTS = 0x000007ff;
export const TX_TRACE_INTERNAL_EVENTS = 0x00000001;
export const TX_TRACE_BLOCK_POOL_EVENTS = 0x00000002;
export const TX_TRACE_BYTE_POOL_EVENTS = 0x00000004;
export const TX_TRACE_EVENT_FLAGS_EVENTS = 0x00000008;
export const TX_TRACE_INTERRUPT_CONTROL_EVENT = 0x00000010;
export const TX_TRACE_MUTEX_EVENTS = 0x00000020;
export const TX_TRACE_QUEUE_EVENTS = 0x00000040;
export const TX_TRACE_SEMAPHORE_EVENTS = 0x00000080;
export const TX_TRACE_THREAD_EVENTS = 0x00000100;
export const TX_TRACE_TIME_EVENTS = 0x00000200;
export const TX_TRACE_TIMER_EVENTS = 0x00000400;
export const TX_TRACE_USER_EVENTS = 0x80000000;

/** First number of each group, the highest first, and its filter bit. */
const GROUPS: readonly (readonly [number, number])[] = [
  [TX_TRACE_USER_EVENT_START, TX_TRACE_USER_EVENTS],
  [TRACE_EVENT.tx_timer_activate, TX_TRACE_TIMER_EVENTS],
  [TRACE_EVENT.tx_time_get, TX_TRACE_TIME_EVENTS],
  [TRACE_EVENT.tx_thread_create, TX_TRACE_THREAD_EVENTS],
  [TRACE_EVENT.tx_semaphore_ceiling_put, TX_TRACE_SEMAPHORE_EVENTS],
  [TRACE_EVENT.tx_queue_create, TX_TRACE_QUEUE_EVENTS],
  [TRACE_EVENT.tx_mutex_create, TX_TRACE_MUTEX_EVENTS],
  [TRACE_EVENT.tx_interrupt_control, TX_TRACE_INTERRUPT_CONTROL_EVENT],
  [TRACE_EVENT.tx_event_flags_create, TX_TRACE_EVENT_FLAGS_EVENTS],
  [TRACE_EVENT.tx_byte_allocate, TX_TRACE_BYTE_POOL_EVENTS],
  [TRACE_EVENT.tx_block_allocate, TX_TRACE_BLOCK_POOL_EVENTS],
  [TRACE_EVENT.THREAD_RESUME, TX_TRACE_INTERNAL_EVENTS],
];

/** The filter bit of an event. */
export function filterOf(event: number): number {
  return GROUPS.find(([first]) => event >= first)?.[1] ?? TX_TRACE_INTERNAL_EVENTS;
}
