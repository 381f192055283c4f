import type { Explanation } from '../explanation.ts';

/** The statuses of ThreadX. */
export const KERNEL: Readonly<Record<string, Explanation>> = {
  TX_SUCCESS: {
    meaning: 'The service did what was asked.',
    causes: ['Nothing is wrong. What a receive or get service fetched is in its out-parameter.'],
  },
  TX_DELETED: {
    meaning: 'The object was deleted while this thread waited for it.',
    causes: [
      "Another thread deletes the object at shutdown or restart: end the waiting threads first, or treat this status as the end of the thread's work.",
    ],
  },
  TX_POOL_ERROR: {
    meaning: 'The pool pointer is NULL or not that of a created pool; on creation, the pool exists already.',
    causes: [
      'The pool is used before it was created: create it in tx_application_define, and check the status of the creation.',
      'It was deleted, or its control block was overwritten: look at what lies before it in memory.',
      'On creation: the same control block is created twice.',
    ],
  },
  TX_PTR_ERROR: {
    meaning: 'A pointer argument is NULL, or does not point to what the service needs.',
    causes: [
      'A destination or entry function is NULL: pass the address of a variable, or a function.',
      'A release of memory that was not allocated from a pool, or was released before: release once, with the pointer the allocation gave.',
      'On creation: the stack or memory area overlaps that of another object.',
    ],
  },
  TX_WAIT_ERROR: {
    meaning: 'The wait option asks to wait where nothing can wait: outside of threads.',
    causes: [
      "A timer's expiration routine, an ISR or tx_application_define calls with TX_WAIT_FOREVER or a number of ticks: pass TX_NO_WAIT there, or let a thread do it.",
    ],
  },
  TX_SIZE_ERROR: {
    meaning: 'A size is 0, too small, or more than there is.',
    causes: [
      'On creation: the memory area does not hold one block or message, or is below the minimum of a byte pool; give it more.',
      'A byte pool never had that many bytes: ask for less or make it larger.',
      "A queue's message size is given in bytes: it is counted in 32-bit words, 1 to 16.",
    ],
  },
  TX_GROUP_ERROR: {
    meaning:
      'The event flags group pointer is NULL or not that of a created group; on creation, the group exists already.',
    causes: [
      'The group is used before it was created, or after it was deleted: create it in tx_application_define, before the threads that use it.',
      'On creation: the same control block is created twice.',
    ],
  },
  TX_NO_EVENTS: {
    meaning: 'The event flags that were asked for did not come in time.',
    causes: [
      'With TX_NO_WAIT: they are not set at the moment, which is an ordinary answer.',
      'The wait ran out: whoever sets the flags is late, or another thread took them with TX_OR_CLEAR or TX_AND_CLEAR.',
      'The requested flags are 0: ask for at least one.',
    ],
  },
  TX_OPTION_ERROR: {
    meaning: 'The option is none of those the service knows.',
    causes: [
      'Options and flags are in the wrong order: compare with the parameters of tx_event_flags_get and tx_event_flags_set.',
      'tx_event_flags_set takes TX_OR and TX_AND only.',
    ],
  },
  TX_QUEUE_ERROR: {
    meaning: 'The queue pointer is NULL or not that of a created queue; on creation, the queue exists already.',
    causes: [
      'The queue is used before it was created, or after it was deleted: create it before the threads that use it.',
      'On creation: the same control block is created twice.',
    ],
  },
  TX_QUEUE_EMPTY: {
    meaning: 'No message came in time.',
    causes: [
      'With TX_NO_WAIT: the queue is empty at the moment, which is an ordinary answer.',
      'The wait ran out: look whether the sender runs at all, and whether another thread takes its messages.',
    ],
  },
  TX_QUEUE_FULL: {
    meaning: 'The queue had no room for the message in time.',
    causes: [
      'The receiver is slower than the sender, or has a lower priority: raise it, or give the queue more memory.',
      'Called from a timer or ISR, which cannot wait: count what is lost, or make the queue long enough for a burst.',
    ],
  },
  TX_SEMAPHORE_ERROR: {
    meaning:
      'The semaphore pointer is NULL or not that of a created semaphore; on creation, the semaphore exists already.',
    causes: [
      'The semaphore is used before it was created, or after it was deleted: create it before the threads that use it.',
      'On creation: the same control block is created twice.',
    ],
  },
  TX_NO_INSTANCE: {
    meaning: "The semaphore's count stayed 0 for as long as the caller would wait.",
    causes: [
      'With TX_NO_WAIT: there is none at the moment, which is an ordinary answer.',
      'The wait ran out: a holder forgot to put it back, or the event that puts it did not happen.',
    ],
  },
  TX_THREAD_ERROR: {
    meaning: 'The thread pointer is NULL or not that of a created thread; on creation, the thread exists already.',
    causes: [
      'The thread is used before it was created, or after it was deleted.',
      'On creation: the same control block is created twice; delete the thread, or reset it, to start it again.',
    ],
  },
  TX_PRIORITY_ERROR: {
    meaning: "The priority is not one of the device's priorities.",
    causes: [
      'The priority is TX_MAX_PRIORITIES (32 unless configured) or more: 0 is the highest, TX_MAX_PRIORITIES - 1 the lowest.',
      'Arguments of tx_thread_create are in the wrong order.',
    ],
  },
  TX_NO_MEMORY: {
    meaning: 'The pool had no free block, or no piece that is large enough, in time.',
    causes: [
      "Something is not released: follow the pool's available count over time.",
      'The pool is too small for the peak: make it larger, or wait longer than the others hold their memory.',
      'A byte pool is fragmented: its free bytes are enough, and no piece is. Use block pools for sizes that recur.',
    ],
  },
  TX_START_ERROR: {
    meaning: 'The auto-start argument of a new thread is neither TX_AUTO_START nor TX_DONT_START.',
    causes: ['Arguments of tx_thread_create are in the wrong order: the last one says whether the thread starts.'],
  },
  TX_DELETE_ERROR: {
    meaning: 'A thread that is alive cannot be deleted.',
    causes: ['Terminate it with tx_thread_terminate, or let its entry function return, and delete it then.'],
  },
  TX_RESUME_ERROR: {
    meaning: 'The thread is not one that tx_thread_resume resumes.',
    causes: [
      'It is ready already: two others resume it, one of them late.',
      'It waits for an object or sleeps: tx_thread_wait_abort ends such a wait.',
      'It completed or was terminated: reset it first.',
    ],
  },
  TX_CALLER_ERROR: {
    meaning: 'The service must not be called from here.',
    causes: [
      "A service that creates, deletes or waits is called from a timer's expiration routine or an ISR: set an event flag or put a semaphore there, and let a thread do the work.",
      'A service for threads is called from tx_application_define.',
    ],
  },
  TX_SUSPEND_ERROR: {
    meaning: 'A thread that completed or was terminated cannot be suspended.',
    causes: ['It is over already: ask tx_thread_info_get for its state, or reset it.'],
  },
  TX_TIMER_ERROR: {
    meaning: 'The timer pointer is NULL or not that of a created timer; on creation, the timer exists already.',
    causes: [
      'The timer is used before it was created, or after it was deleted.',
      'On creation: the same control block is created twice.',
    ],
  },
  TX_TICK_ERROR: {
    meaning: 'A timer needs at least one tick to its first expiration.',
    causes: [
      'A time in milliseconds was divided down to 0 ticks: round up, and look at the ticks a second of the device.',
      'Initial and rescheduling ticks are swapped: only the second may be 0.',
    ],
  },
  TX_ACTIVATE_ERROR: {
    meaning: 'The timer cannot be activated as it is, or the activation argument is none.',
    causes: [
      'It runs already: deactivate it first.',
      'A one-shot timer expired: tx_timer_change gives it new ticks, and then it can be activated.',
      'On creation: the last argument is neither TX_AUTO_ACTIVATE nor TX_NO_ACTIVATE.',
    ],
  },
  TX_THRESH_ERROR: {
    meaning: "The preemption-threshold is below the thread's priority, that is, a larger number.",
    causes: ['Give a threshold from 0 to the priority; the priority itself means ordinary preemption.'],
  },
  TX_SUSPEND_LIFTED: {
    meaning: "A suspension that was to begin when the thread's wait ends has been taken back.",
    causes: [
      'Somebody suspended the waiting thread, and this resume came before its wait was over. Nothing has to be done.',
    ],
  },
  TX_WAIT_ABORTED: {
    meaning: 'Another thread ended this wait with tx_thread_wait_abort.',
    causes: ['Shutdown or a watchdog of the application: return to a safe state, without what was waited for.'],
  },
  TX_WAIT_ABORT_ERROR: {
    meaning: 'The thread does not wait for anything.',
    causes: [
      'Its wait was over by itself just before: usually it can be ignored.',
      'It was suspended by tx_thread_suspend, which tx_thread_resume ends.',
    ],
  },
  TX_MUTEX_ERROR: {
    meaning: 'The mutex pointer is NULL or not that of a created mutex; on creation, the mutex exists already.',
    causes: [
      'The mutex is used before it was created, or after it was deleted.',
      'On creation: the same control block is created twice.',
    ],
  },
  TX_NOT_AVAILABLE: {
    meaning: 'Another thread kept the mutex for as long as the caller would wait.',
    causes: [
      'With TX_NO_WAIT: it is taken at the moment.',
      'The owner waits for something else while it holds it, or ended without a put: hold mutexes briefly, and put them on every path.',
    ],
  },
  TX_NOT_OWNED: {
    meaning: 'The caller puts a mutex that it does not hold.',
    causes: [
      'The thread puts more often than it got: every get needs one put.',
      'Another thread got it: use a semaphore where one thread signals another.',
    ],
  },
  TX_INHERIT_ERROR: {
    meaning: 'The inheritance argument of a new mutex is neither TX_INHERIT nor TX_NO_INHERIT.',
    causes: ['Arguments of tx_mutex_create are in the wrong order.'],
  },
  TX_NOT_DONE: {
    meaning: 'The service could not do it in the present state.',
    causes: [
      'tx_thread_reset: the thread is alive; terminate it first.',
      'Trace services: the trace is on already, or is not on.',
    ],
  },
  TX_CEILING_EXCEEDED: {
    meaning: "The semaphore's count is at the ceiling, and was not raised.",
    causes: [
      'More is put than was taken: look for a release that happens twice.',
      'For a semaphore that only wakes a thread, it means that the thread is to be woken anyway.',
    ],
  },
  TX_INVALID_CEILING: {
    meaning: 'A ceiling of 0 would allow no put at all.',
    causes: ['Pass the highest count that the semaphore may have, 1 or more.'],
  },
  TX_FEATURE_NOT_ENABLED: {
    meaning: "The device's configuration leaves this feature out.",
    causes: [
      "Performance information and traces come with options of the build (TX_..._ENABLE_PERFORMANCE_INFO, TX_ENABLE_EVENT_TRACE): set them in the device's configuration.",
      'Notifications: the device sets TX_DISABLE_NOTIFY_CALLBACKS.',
    ],
  },
};
