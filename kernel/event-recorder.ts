import type { TRACE_OBJECT, TraceField } from './event-log.ts';
import type { TX_THREAD } from './thread.ts';
import type { TraceEventName } from './trace-events.ts';

/** Takes note of what a kernel does as ThreadX's trace does: the firmware's own buffer, or somebody who watches. */
export interface EventRecorder {
  /** A service is at work, or an event of the kernel has happened, with up to four fields. */
  insert(event: TraceEventName, ...fields: readonly TraceField[]): void;
  /** The same by number, for the events of the application. */
  insertNumber(event: number, ...fields: readonly TraceField[]): void;
  threadResumed(thread: TX_THREAD, previousState: number): void;
  threadSuspended(thread: TX_THREAD, newState: number): void;
  /** An object was created. */
  register(type: keyof typeof TRACE_OBJECT, object: object, name: string, first: TraceField, second: TraceField): void;
  /** An object was deleted. */
  unregister(object: object): void;
  /** A service was called; told only while the kernel is observed. The firmware's buffer takes services where they work. */
  serviceBegins?(service: string): void;
  /** The firmware's buffer has interrupts only where the firmware says so itself. */
  interruptBegins?(name: string): void;
  interruptEnds?(name: string): void;
}

/** Several recorders as one. */
class RecorderGroup implements EventRecorder {
  readonly #members: readonly EventRecorder[];

  constructor(members: readonly EventRecorder[]) {
    this.#members = members;
  }

  insert(...parts: Parameters<EventRecorder['insert']>): void {
    for (const member of this.#members) member.insert(...parts);
  }

  insertNumber(...parts: Parameters<EventRecorder['insertNumber']>): void {
    for (const member of this.#members) member.insertNumber(...parts);
  }

  threadResumed(...parts: Parameters<EventRecorder['threadResumed']>): void {
    for (const member of this.#members) member.threadResumed(...parts);
  }

  threadSuspended(...parts: Parameters<EventRecorder['threadSuspended']>): void {
    for (const member of this.#members) member.threadSuspended(...parts);
  }

  register(...parts: Parameters<EventRecorder['register']>): void {
    for (const member of this.#members) member.register(...parts);
  }

  unregister(object: object): void {
    for (const member of this.#members) member.unregister(object);
  }

  serviceBegins(service: string): void {
    for (const member of this.#members) member.serviceBegins?.(service);
  }

  interruptBegins(name: string): void {
    for (const member of this.#members) member.interruptBegins?.(name);
  }

  interruptEnds(name: string): void {
    for (const member of this.#members) member.interruptEnds?.(name);
  }
}

/** Some recorders as one, or null where there is none. */
export function recordersAsOne(recorders: readonly (EventRecorder | null)[]): EventRecorder | null {
  const members = recorders.filter((one) => one !== null);
  const [only = null] = members;
  return members.length > 1 ? new RecorderGroup(members) : only;
}
