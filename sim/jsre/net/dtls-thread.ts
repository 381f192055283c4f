import { tx_thread_create } from '../../../kernel/api/thread.ts';
import { TX_AUTO_START, TX_NO_TIME_SLICE, TX_WAIT_FOREVER } from '../../../kernel/constants.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Suspension, Thread } from '../../../kernel/op.ts';
import { TX_THREAD } from '../../../kernel/thread.ts';
import { Condition } from './condition.ts';

/** Something whose datagrams and time-outs the DTLS thread deals with. */
export interface DtlsWork {
  /** When it wants to be served even if nothing comes, in virtual nanoseconds; null for never. */
  readonly deadline: number | null;
  /** Deals with what has come and what is due. Runs in the DTLS thread, and is not to wait for anything but the stack. */
  serve(): Generator<Suspension, void, unknown>;
}

/**
 * The thread that drives the handshakes and records of all sockets of a device, so that no task has to: it answers what
 * arrives, sends again what was lost, and wakes the tasks that wait.
 */
export class DtlsThread {
  readonly #kernel: Kernel;
  readonly #thread = new TX_THREAD();
  readonly #all = new Set<DtlsWork>();
  readonly #ready = new Set<DtlsWork>();
  readonly #jobs: Generator<Suspension, void, unknown>[] = [];
  readonly #work: Condition;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#work = new Condition(() => 'work for the DTLS thread');
  }

  /**
   * Creates the thread; to be called while the device boots.
   *
   * @param first - what it does before anything else
   */
  *start(
    stack: Uint8Array,
    priority: number,
    first: () => Generator<Suspension, void, unknown>,
  ): Generator<Suspension, void, unknown> {
    const entry = (): Thread => this.#run(first);
    const size = stack.length;
    yield* tx_thread_create(
      this.#thread,
      't_dtls',
      entry,
      0,
      stack,
      size,
      priority,
      priority,
      TX_NO_TIME_SLICE,
      TX_AUTO_START,
    );
  }

  /** Has something served from now on. */
  add(work: DtlsWork): void {
    this.#all.add(work);
    this.wake(work);
  }

  /** Has something served soon: a datagram has come for it. */
  wake(work: DtlsWork): void {
    if (!this.#all.has(work)) return;
    this.#ready.add(work);
    this.#work.wake(this.#kernel);
  }

  /** Serves something no longer. */
  remove(work: DtlsWork): void {
    this.#all.delete(work);
    this.#ready.delete(work);
  }

  /** Has something done soon that its caller cannot wait for. */
  defer(job: Generator<Suspension, void, unknown>): void {
    this.#jobs.push(job);
    this.#work.wake(this.#kernel);
  }

  *#run(first: () => Generator<Suspension, void, unknown>): Thread {
    yield* first();
    for (;;) {
      for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) yield* job;
      for (const work of this.#ready) {
        this.#ready.delete(work);
        yield* work.serve();
      }
      yield* this.#work.until('t_dtls', this.#ticksToNext(), () => this.#ready.size + this.#jobs.length > 0);
      for (const work of this.#all) if (this.#isDue(work)) this.#ready.add(work);
    }
  }

  #isDue({ deadline }: DtlsWork): boolean {
    return deadline !== null && deadline <= this.#kernel.now;
  }

  /** Ticks until the next of all deadlines, at least 1. */
  #ticksToNext(): number {
    let next = Infinity;
    for (const { deadline } of this.#all) if (deadline !== null && deadline < next) next = deadline;
    if (next === Infinity) return TX_WAIT_FOREVER;
    const rate = this.#kernel.config.TX_TIMER_TICKS_PER_SECOND;
    return Math.max(1, Math.ceil(((next - this.#kernel.now) * rate) / 1e9));
  }
}
