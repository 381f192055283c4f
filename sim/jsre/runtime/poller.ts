import type { Descriptor } from './descriptor.ts';
import type { Suspending } from './native.ts';
import type { JsreProcess } from './process.ts';
import { Signal } from './signal.ts';

/** What a task can wait for on a descriptor. */
export const READ = 1;
export const WRITE = 2;
export const EXCEPT = 4;

/** Something that a task does when a descriptor is ready. */
export interface PollEvent {
  /** READ, WRITE and EXCEPT, or-ed. */
  readonly method: number;
  readonly fd: number;
  /** Called in the task's thread, from `iosched.poll`; gives whether the event stays. */
  run(): Suspending<boolean>;
}

/** Something that a task does at a time. */
export interface PollTimer {
  /** Virtual time in nanoseconds. */
  due: number;
  run(): Suspending<void>;
}

/** Another source of work for `iosched.poll`: a task's messages. */
export interface PollSource {
  /** Something to do now, or null. */
  next(): (() => Suspending<void>) | null;
}

interface Registered {
  readonly event: PollEvent;
  readonly descriptor: Descriptor;
  readonly unwatch: () => void;
}

/** The descriptors found ready: those for reading, for writing and with exceptions. */
export type ReadySet = readonly [read: number[], write: number[], except: number[]];

/** What `iosched` of one task waits for, and does. */
export class Poller {
  readonly signal: Signal;
  readonly #process: JsreProcess;
  readonly #drain: () => void;
  readonly #events = new Map<PollEvent, Registered>();
  readonly #timers = new Set<PollTimer>();
  readonly #jobs: (() => Suspending<void>)[] = [];
  readonly #sources: PollSource[] = [];

  /** @param drain - runs what promises have queued */
  constructor(process: JsreProcess, drain: () => void) {
    this.#process = process;
    this.#drain = drain;
    this.signal = new Signal(process.kernel, 'events of iosched');
  }

  /** How much is registered that could still happen. */
  get pending(): number {
    return this.#events.size + this.#timers.size + this.#jobs.length;
  }

  /** Registers an event; false where its descriptor does not exist. */
  add(event: PollEvent): boolean {
    const descriptor = this.#process.descriptors.get(event.fd);
    if (descriptor === null) return false;
    this.remove(event);
    const unwatch = descriptor.watch(() => this.signal.raise());
    this.#events.set(event, { event, descriptor, unwatch });
    return true;
  }

  remove(event: PollEvent): void {
    this.#events.get(event)?.unwatch();
    this.#events.delete(event);
  }

  removeAll(): void {
    for (const event of [...this.#events.keys()]) this.remove(event);
  }

  addTimer(timer: PollTimer): void {
    this.#timers.add(timer);
    this.signal.raise();
  }

  removeTimer(timer: PollTimer): void {
    this.#timers.delete(timer);
  }

  /** Lets the task do something at its next poll; may be called from any thread or interrupt. */
  post(job: () => Suspending<void>): void {
    this.#jobs.push(job);
    this.signal.raise();
  }

  addSource(source: PollSource): void {
    this.#sources.push(source);
  }

  /** The descriptors of all events. */
  fds(): ReadySet {
    const sets: ReadySet = [[], [], []];
    for (const { method, fd } of this.#events.keys()) {
      if ((method & READ) !== 0) sets[0].push(fd);
      if ((method & WRITE) !== 0) sets[1].push(fd);
      if ((method & EXCEPT) !== 0) sets[2].push(fd);
    }
    return sets;
  }

  /**
   * Waits until something can be done, does all that can be done then, and gives the descriptors that were ready.
   *
   * @param timeout - milliseconds; undefined to wait for ever
   */
  *poll(timeout: number | undefined): Suspending<ReadySet> {
    const { clock } = this.#process.kernel;
    const deadline = timeout === undefined ? Infinity : clock.now + Math.max(0, timeout) * 1e6;
    for (;;) {
      this.signal.clear();
      this.#drain();
      const ready: ReadySet = [[], [], []];
      let done = yield* this.#runJobs();
      done = (yield* this.#runTimers()) || done;
      done = (yield* this.#runEvents(ready)) || done;
      if (done) {
        this.#drain();
        return ready;
      }
      let until = deadline;
      for (const { due } of this.#timers) until = Math.min(until, due);
      const left = until === Infinity ? undefined : Math.max(0, (until - clock.now) / 1e6);
      const raised = yield* this.signal.wait('iosched.poll', left);
      if (!raised && clock.now >= deadline) return ready;
    }
  }

  *#runJobs(): Suspending<boolean> {
    let done = false;
    for (let count = this.#jobs.length; count > 0; count--) {
      const job = this.#jobs.shift();
      if (job === undefined) break;
      yield* job();
      done = true;
    }
    for (const source of this.#sources) {
      const job = source.next();
      if (job === null) continue;
      yield* job();
      done = true;
    }
    return done;
  }

  *#runTimers(): Suspending<boolean> {
    const { now } = this.#process.kernel.clock;
    const due = [...this.#timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
    for (const timer of due) if (this.#timers.has(timer)) yield* timer.run();
    return due.length > 0;
  }

  *#runEvents(ready: ReadySet): Suspending<boolean> {
    let done = false;
    for (const { event, descriptor } of [...this.#events.values()]) {
      if (!this.#events.has(event)) continue;
      if (this.#process.descriptors.get(event.fd) !== descriptor) {
        this.remove(event);
        continue;
      }
      const { method, fd } = event;
      const reads = (method & READ) !== 0 && descriptor.readable;
      const writes = (method & WRITE) !== 0 && descriptor.writable;
      const excepts = (method & EXCEPT) !== 0 && descriptor.exceptional === true;
      if (reads) ready[0].push(fd);
      if (writes) ready[1].push(fd);
      if (excepts) ready[2].push(fd);
      if (!reads && !writes && !excepts) continue;
      done = true;
      if (!(yield* event.run())) this.remove(event);
    }
    return done;
  }
}
