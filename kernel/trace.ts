/** What the kernel reports as it happens. The device stamps each event with time, device, context and thread. */
export type KernelEvent =
  | { readonly type: 'thread-created'; readonly name: string; readonly priority: number }
  | { readonly type: 'thread-ended'; readonly name: string; readonly state: 'completed' | 'terminated' }
  | { readonly type: 'thread-switch'; readonly to: string | null }
  /** A thread may run: it was started, or what it waited for is there. */
  | { readonly type: 'thread-ready'; readonly name: string }
  /** A thread may not run any more. */
  | {
      readonly type: 'thread-blocked';
      readonly name: string;
      /** What it waits for, with the kernel's object by name; `a time` while it sleeps, '' where somebody suspended it. */
      readonly waitsFor: string;
    }
  /** A thread ended and still held mutexes; the kernel has given them up. */
  | { readonly type: 'mutex-held-at-exit'; readonly thread: string; readonly mutexes: readonly string[] }
  /** Threads wait for each other's mutexes, for ever. */
  | {
      readonly type: 'mutex-cycle';
      readonly waits: readonly { readonly thread: string; readonly waitsFor: string }[];
    }
  /** An expiration routine tried to wait. */
  | { readonly type: 'timer-tried-to-wait'; readonly timer: string; readonly service: string }
  /** A service that is complete: what it gave, where that is a number, and the virtual time at which it was called. */
  | {
      readonly type: 'service';
      readonly service: string;
      readonly status: number | null;
      readonly began: number;
      /** `url:line` of the call in the firmware; there only where the run records call sites. */
      readonly site?: string;
    }
  | { readonly type: 'queue-level'; readonly queue: string; readonly enqueued: number; readonly capacity: number }
  | { readonly type: 'callback-begin'; readonly callback: string }
  | { readonly type: 'callback-end'; readonly callback: string; readonly began: number }
  | {
      readonly type: 'callback-blocked';
      readonly callback: string;
      readonly thread: string;
      readonly service: string;
      readonly began: number;
      readonly duration: number;
    };

/** Where a layer reports its events. Each layer has its own event type; a device's sink takes them all. */
export interface Trace<E extends { readonly type: string }> {
  /** Whether somebody wants the frequent events too: thread switches, services, packet allocations. */
  readonly detail: boolean;
  record(event: E): void;
}
