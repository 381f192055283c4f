/** Constants of `tx_api.h`: statuses, options, thread states. The values are ThreadX's. */

/** `UINT` and `ULONG` are 32-bit unsigned on the target and plain numbers here. */
export type UINT = number;
export type ULONG = number;
export type UCHAR = number;
export type CHAR = string;

export const TX_NULL = null;
export const TX_TRUE = 1;
export const TX_FALSE = 0;

export const TX_SUCCESS = 0x00;
export const TX_DELETED = 0x01;
export const TX_POOL_ERROR = 0x02;
export const TX_PTR_ERROR = 0x03;
export const TX_WAIT_ERROR = 0x04;
export const TX_SIZE_ERROR = 0x05;
export const TX_GROUP_ERROR = 0x06;
export const TX_NO_EVENTS = 0x07;
export const TX_OPTION_ERROR = 0x08;
export const TX_QUEUE_ERROR = 0x09;
export const TX_QUEUE_EMPTY = 0x0a;
export const TX_QUEUE_FULL = 0x0b;
export const TX_SEMAPHORE_ERROR = 0x0c;
export const TX_NO_INSTANCE = 0x0d;
export const TX_THREAD_ERROR = 0x0e;
export const TX_PRIORITY_ERROR = 0x0f;
export const TX_NO_MEMORY = 0x10;
export const TX_START_ERROR = 0x10;
export const TX_DELETE_ERROR = 0x11;
export const TX_RESUME_ERROR = 0x12;
export const TX_CALLER_ERROR = 0x13;
export const TX_SUSPEND_ERROR = 0x14;
export const TX_TIMER_ERROR = 0x15;
export const TX_TICK_ERROR = 0x16;
export const TX_ACTIVATE_ERROR = 0x17;
export const TX_THRESH_ERROR = 0x18;
export const TX_SUSPEND_LIFTED = 0x19;
export const TX_WAIT_ABORTED = 0x1a;
export const TX_WAIT_ABORT_ERROR = 0x1b;
export const TX_MUTEX_ERROR = 0x1c;
export const TX_NOT_AVAILABLE = 0x1d;
export const TX_NOT_OWNED = 0x1e;
export const TX_INHERIT_ERROR = 0x1f;
export const TX_NOT_DONE = 0x20;
export const TX_CEILING_EXCEEDED = 0x21;
export const TX_INVALID_CEILING = 0x22;
export const TX_FEATURE_NOT_ENABLED = 0xff;

/** Wait options. */
export const TX_NO_WAIT = 0;
export const TX_WAIT_FOREVER = 0xffffffff;

/** Event flag options. */
export const TX_OR = 0;
export const TX_OR_CLEAR = 1;
export const TX_AND = 2;
export const TX_AND_CLEAR = 3;

/** Creation options. */
export const TX_DONT_START = 0;
export const TX_AUTO_START = 1;
export const TX_NO_TIME_SLICE = 0;
export const TX_NO_INHERIT = 0;
export const TX_INHERIT = 1;
export const TX_NO_ACTIVATE = 0;
export const TX_AUTO_ACTIVATE = 1;

/** Message sizes of a queue, in 32-bit words. */
export const TX_1_ULONG = 1;
export const TX_2_ULONG = 2;
export const TX_4_ULONG = 4;
export const TX_8_ULONG = 8;
export const TX_16_ULONG = 16;

/** Thread states, as `tx_thread_state` shows them. */
export const TX_READY = 0;
export const TX_COMPLETED = 1;
export const TX_TERMINATED = 2;
export const TX_SUSPENDED = 3;
export const TX_SLEEP = 4;
export const TX_QUEUE_SUSP = 5;
export const TX_SEMAPHORE_SUSP = 6;
export const TX_EVENT_FLAG = 7;
export const TX_BLOCK_MEMORY = 8;
export const TX_BYTE_MEMORY = 9;
export const TX_IO_DRIVER = 10;
export const TX_FILE = 11;
export const TX_TCP_IP = 12;
export const TX_MUTEX_SUSP = 13;
export const TX_PRIORITY_CHANGE = 14;

/** Events handed to a thread's entry/exit notification. */
export const TX_THREAD_ENTRY = 0;
export const TX_THREAD_EXIT = 1;

/** Interrupt postures of `tx_interrupt_control`, as the Cortex-M ports number them. */
export const TX_INT_ENABLE = 0;
export const TX_INT_DISABLE = 1;
