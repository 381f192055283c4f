import type { TX_BLOCK_POOL } from './block-pool.ts';
import { activate } from './caller-context.ts';
import { CallSite } from './call-site.ts';
import { txConfig, type Macros, type TxConfig } from './config.ts';
import {
  TX_COMPLETED,
  TX_NO_TIME_SLICE,
  TX_READY,
  TX_SUCCESS,
  TX_SUSPENDED,
  TX_TERMINATED,
  TX_WAIT_ABORTED,
  TX_WAIT_FOREVER,
} from './constants.ts';
import type { CpuModel } from './cpu-model.ts';
import { Cpu } from './cpu.ts';
import { isOp, ServiceOp, type Op, type Thread } from './op.ts';
import type { Clock, Random } from './ports.ts';
import { Scheduler } from './scheduler.ts';
import { asSimulationError, describePlace, entryIsNoGenerator, forgottenYield, spinning } from './report.ts';
import { SimulationError } from './simulation-error.ts';
import { withNotify } from './entry-exit.ts';
import { initializeThread, TX_THREAD, type ThreadEntry } from './thread.ts';
import { TickTimer } from './tick-timer.ts';
import { TimeSlice } from './time-slice.ts';
import type { KernelEvent, Trace } from './trace.ts';
import type { WaitList } from './wait-list.ts';

/** Who is calling: ThreadX's services answer differently in each. */
export type Context = 'idle' | 'init' | 'thread' | 'timer' | 'isr';

export interface KernelOptions {
  /** The device's name, for reports. */
  readonly name: string;
  readonly clock: Clock;
  readonly cpu: CpuModel;
  /** The device's own random stream. */
  readonly random: Random;
  readonly macros?: Macros;
  readonly trace?: Trace<KernelEvent> | null;
  /** Record the source line of every service call (slow): for the repetition of a run that failed. */
  readonly captureSites?: boolean;
}

/** Service calls without time moving after which a device is taken to be spinning. */
const SPIN_LIMIT = 20_000_000;

/** The RTOS of one device: its threads, their scheduling, its tick and the CPU time they spend. */
export class Kernel {
  readonly name: string;
  readonly clock: Clock;
  /** The device's own random stream. */
  readonly random: Random;
  readonly macros: Macros;
  readonly config: TxConfig;
  readonly trace: Trace<KernelEvent> | null;
  readonly captureSites: boolean;
  readonly scheduler: Scheduler;
  readonly ticks: TickTimer;
  readonly cpu: Cpu;
  readonly timeSlice: TimeSlice;
  /** Every thread that was created and not deleted, in order of creation. */
  readonly threads = new Set<TX_THREAD>();
  /** The block pools that were created and not deleted. */
  readonly blockPools: TX_BLOCK_POOL[] = [];
  context: Context = 'idle';
  /** The operation that services of the present context complete. */
  op: ServiceOp;
  readonly #offThread: ServiceOp;
  #spins = 0;
  #spinTime = -1;

  constructor(options: KernelOptions) {
    this.name = options.name;
    this.clock = options.clock;
    this.random = options.random;
    this.macros = options.macros ?? {};
    this.config = txConfig(this.macros);
    this.trace = options.trace ?? null;
    this.captureSites = options.captureSites ?? false;
    this.#offThread = new ServiceOp(this, null);
    this.op = this.#offThread;
    this.scheduler = new Scheduler(this.config.TX_MAX_PRIORITIES);
    this.cpu = new Cpu(options.cpu, options.clock, () => {
      this.run();
    });
    this.ticks = new TickTimer(this);
    this.timeSlice = new TimeSlice(this);
  }

  /** The current virtual time in nanoseconds. */
  get now(): number {
    return this.clock.now;
  }

  /** The thread that has the processor, or null. */
  get current(): TX_THREAD | null {
    return this.scheduler.current;
  }

  /** Whether the caller may wait: only threads, and not the timer thread, can. */
  get canWait(): boolean {
    return this.context === 'thread';
  }

  /** See {@link enter} of caller-context.ts. */
  begin(service: string): void {
    const op = this.op;
    if (op.pending !== null) throw this.forgotten(op);
    op.pending = service;
    op.service = service;
    op.charge += this.cpu.model.service;
    if (this.captureSites) op.site = new CallSite();
    if (op.charge === 0) this.#countSpin(service);
  }

  /** Completes the present service with a status. */
  finish(status: number): ServiceOp {
    this.op.value = status;
    return this.op;
  }

  /** Whether the thread of `op` may go on: it is the one to run, and its CPU time is spent. */
  mayContinue(op: ServiceOp): boolean {
    const thread = op.thread;
    if (thread === null) return true;
    if (this.scheduler.execute !== thread) return false;
    return op.charge === 0 || this.cpu.spend(thread, op);
  }

  /** Boots the device: starts the timer thread and runs `tx_application_define` in the initialisation context. */
  boot(define: () => void | Op<unknown>): void {
    this.ticks.start();
    this.#runOff('init', 'tx_application_define', define);
    this.run();
  }

  /** Runs an interrupt service routine now, and then whatever thread is to run. */
  interrupt(name: string, routine: () => void | Op<unknown>): void {
    this.cpu.pause();
    const charge = this.#runOff('isr', name, routine) + this.cpu.model.interrupt;
    const next = this.scheduler.execute?.op ?? null;
    if (next !== null) next.charge += charge;
    this.run();
  }

  /** Runs threads until none is ready, or until the one to run has to spend time past the clock's horizon. */
  run(): void {
    const previous = activate(this);
    const { scheduler, cpu } = this;
    try {
      for (;;) {
        const thread = scheduler.execute;
        if (thread !== scheduler.current) this.#switchTo(thread);
        if (thread === null) return;
        const op = thread.op;
        const body = thread.body;
        if (op === null || body === null) return;
        if (op.charge > 0 && !cpu.spend(thread, op)) {
          cpu.occupy(thread, op);
          return;
        }
        this.op = op;
        this.context = thread === this.ticks.thread ? 'timer' : 'thread';
        const step = body.next();
        if (step.done === true) this.#complete(thread, op);
        else if (op.pending !== null) throw this.forgotten(op);
      }
    } catch (error) {
      throw this.located(error);
    } finally {
      this.context = 'idle';
      this.op = this.#offThread;
      activate(previous);
    }
  }

  /** Makes a created thread known; it is suspended until {@link Kernel.startThread}. */
  addThread(
    thread: TX_THREAD,
    parts: {
      readonly name: string;
      readonly entry: ThreadEntry;
      readonly entryInput?: number;
      readonly stack: Uint8Array;
      readonly stackSize?: number;
      readonly priority: number;
      readonly threshold?: number;
      readonly timeSlice?: number;
      readonly system?: boolean;
    },
  ): void {
    initializeThread(thread, this, new ServiceOp(this, thread), {
      entryInput: 0,
      threshold: parts.priority,
      timeSlice: TX_NO_TIME_SLICE,
      stackSize: parts.stack.length,
      ...parts,
    });
    this.threads.add(thread);
    this.trace?.record({ type: 'thread-created', name: parts.name, priority: parts.priority });
  }

  /** Makes a suspended thread ready. */
  startThread(thread: TX_THREAD): void {
    thread.tx_thread_state = TX_READY;
    this.scheduler.ready(thread);
    this.timeSlice.contend(thread);
  }

  /**
   * Suspends the running thread. Its operation completes with the status that {@link resume} is given, with the
   * list's time-out status after `ticks`, or with TX_WAIT_ABORTED.
   */
  suspendCurrent(state: number, list: WaitList | null, ticks: number): ServiceOp {
    const thread = this.scheduler.current;
    if (thread === null || !this.canWait) {
      throw new SimulationError({
        kind: 'suspended-off-thread',
        what: `${this.op.service}() tried to suspend outside of a thread`,
      });
    }
    list?.append(thread);
    return this.block(thread, state, ticks);
  }

  /** Suspends a thread that already stands in the list it waits in. */
  block(thread: TX_THREAD, state: number, ticks: number): ServiceOp {
    thread.tx_thread_state = state;
    thread.suspendedAt = this.now;
    thread.waitTicks = ticks;
    this.timeSlice.renew(thread);
    if (ticks !== TX_WAIT_FOREVER && thread.timeout !== null) this.ticks.activate(thread.timeout, ticks);
    this.scheduler.unready(thread);
    return this.op;
  }

  /** Ends a thread's wait with a status. */
  resume(thread: TX_THREAD, status: number): void {
    thread.waitList?.remove(thread);
    thread.waitRequest = null;
    if (thread.timeout !== null) this.ticks.deactivate(thread.timeout);
    if (thread.op !== null) thread.op.value = status;
    this.#reportStall(thread);
    if (thread.suspendsNext) {
      thread.suspendsNext = false;
      thread.tx_thread_state = TX_SUSPENDED;
      return;
    }
    this.startThread(thread);
  }

  /** Ends a thread's wait because its time ran out or somebody aborted it. */
  abandonWait(thread: TX_THREAD, reason: 'timeout' | 'abort'): void {
    const list = thread.waitList;
    const status = reason === 'abort' ? TX_WAIT_ABORTED : (list?.timeoutStatus ?? TX_SUCCESS);
    list?.remove(thread);
    this.resume(thread, status);
    list?.subject.abandoned?.(thread);
  }

  /** Takes a thread out of whatever it waits for and of the ready list, and ends it. */
  terminate(thread: TX_THREAD): void {
    const list = thread.waitList;
    list?.remove(thread);
    list?.subject.abandoned?.(thread);
    if (thread.timeout !== null) this.ticks.deactivate(thread.timeout);
    if (thread.tx_thread_state === TX_READY) this.scheduler.unready(thread);
    this.#end(thread, TX_TERMINATED);
  }

  /** An exception on its way out of this device, as a SimulationError that says where it happened. */
  located(error: unknown): SimulationError {
    return asSimulationError(error).at(describePlace(this));
  }

  /** The report of a service call whose `yield*` was forgotten. */
  forgotten(op: ServiceOp): SimulationError {
    return forgottenYield(op, this.context).at(describePlace(this));
  }

  #switchTo(thread: TX_THREAD | null): void {
    this.scheduler.current = thread;
    this.timeSlice.switchTo(thread);
    if (this.trace?.detail === true) {
      this.trace.record({ type: 'thread-switch', to: thread?.tx_thread_name ?? null });
    }
    if (thread === null) return;
    thread.tx_thread_run_count++;
    if (thread.body === null && thread.entry !== null) {
      this.op = thread.op ?? this.#offThread;
      this.context = 'thread';
      const body: unknown = thread.entry(thread.entryInput);
      if (!isThread(body)) throw entryIsNoGenerator(thread);
      thread.body = withNotify(this, thread, body);
    }
  }

  #complete(thread: TX_THREAD, op: ServiceOp): void {
    if (op.pending !== null) throw this.forgotten(op);
    this.scheduler.unready(thread);
    this.#end(thread, TX_COMPLETED);
  }

  #end(thread: TX_THREAD, state: number): void {
    thread.tx_thread_state = state;
    thread.body = null;
    thread.waitRequest = null;
    thread.suspendsNext = false;
    for (const mutex of [...thread.ownedMutexes]) mutex.releaseOf(this, thread);
    this.trace?.record({
      type: 'thread-ended',
      name: thread.tx_thread_name,
      state: state === TX_COMPLETED ? 'completed' : 'terminated',
    });
  }

  #reportStall(thread: TX_THREAD): void {
    const { callback } = thread;
    const duration = this.now - thread.suspendedAt;
    if (callback === null || duration <= 0) return;
    this.trace?.record({
      type: 'callback-blocked',
      callback: callback.name,
      thread: thread.tx_thread_name,
      service: thread.op?.service ?? '',
      began: thread.suspendedAt,
      duration,
    });
  }

  /** Runs code that is not a thread's to its end; gives the CPU time it was charged. */
  #runOff(context: 'init' | 'isr', name: string, code: () => void | Op<unknown>): number {
    const previous = activate(this);
    this.context = context;
    const op = this.#offThread;
    this.op = op;
    op.charge = 0;
    try {
      const result = code();
      if (isOp(result)) {
        const steps = result[Symbol.iterator]();
        while (steps.next().done !== true) {
          throw new SimulationError({ kind: 'suspended-off-thread', what: `${name} tried to suspend` });
        }
      }
      if (op.pending !== null) throw this.forgotten(op);
      return op.charge;
    } catch (error) {
      throw this.located(error);
    } finally {
      op.pending = null;
      op.charge = 0;
      this.context = 'idle';
      activate(previous);
    }
  }

  #countSpin(service: string): void {
    if (this.#spinTime !== this.now) {
      this.#spinTime = this.now;
      this.#spins = 0;
    }
    if (++this.#spins < SPIN_LIMIT) return;
    throw spinning(SPIN_LIMIT, service);
  }
}

function isThread(body: unknown): body is Thread {
  return typeof body === 'object' && body !== null && 'next' in body && Symbol.iterator in body;
}
