import { Addresses } from './addresses.ts';
import type { TX_BLOCK_POOL } from './block-pool.ts';
import { activate } from './caller-context.ts';
import { CallSite } from './call-site.ts';
import { flagMacro, txConfig, type Macros, type TxConfig } from './config.ts';
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
import { CreatedList } from './created.ts';
import { CreatedObjects } from './created-objects.ts';
import { Cpu } from './cpu.ts';
import { isOp, KERNEL_ENTERED, ServiceOp, type Op, type Thread } from './op.ts';
import type { Clock, Random } from './ports.ts';
import { addCounters, countPreemption, PerformanceTotals } from './performance.ts';
import { Scheduler } from './scheduler.ts';
import type { EventLog } from './event-log.ts';
import { InterruptController } from './interrupts.ts';
import {
  asSimulationError,
  brokenContract,
  describePlace,
  entryIsNoGenerator,
  neverEntered,
  forgottenYield,
  spinning,
} from './report.ts';
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
  readonly threads = new CreatedList<TX_THREAD>();
  /** Everything else that was created and not deleted. */
  readonly created = new CreatedObjects();
  /** The block pools again, for the search of a block's pool. */
  readonly blockPools: TX_BLOCK_POOL[] = [];
  /** What deleted objects had counted. */
  readonly performance = new PerformanceTotals();
  readonly interrupts = new InterruptController(this);
  /** Addresses of control blocks and buffers, for the event log. */
  readonly addresses = new Addresses();
  /** The firmware's own event log (`tx_trace_enable`), while one is on. */
  eventLog: EventLog | null = null;
  /** Told when the ring of the event log begins anew. */
  traceFullNotify: ((buffer: Uint8Array) => void) | null = null;
  /** Whether services check what they are given; off with `TX_DISABLE_ERROR_CHECKING`. */
  readonly checked: boolean;
  /** Whether every service is reported to the trace when it completes: somebody wants the frequent events. */
  observed = false;
  /** What `tx_kernel_enter` runs; null once it has. */
  applicationDefine: (() => void | Op<unknown>) | null = null;

  /** Whether the kernel runs: a `main` has still to enter it while there is something for it to run. */
  get entered(): boolean {
    return this.applicationDefine === null;
  }
  context: Context = 'idle';
  /** The operation that services of the present context complete. */
  op: ServiceOp;
  readonly #offThread: ServiceOp;
  readonly #serviceCost: number;
  readonly #serviceCosts: Readonly<Record<string, number>> | null;
  readonly #switchCost: number;
  #spins = 0;
  #spinTime = -1;

  constructor(options: KernelOptions) {
    this.name = options.name;
    this.clock = options.clock;
    this.random = options.random;
    this.macros = options.macros ?? {};
    this.config = txConfig(this.macros);
    this.checked = !flagMacro(this.macros, 'TX_DISABLE_ERROR_CHECKING');
    this.trace = options.trace ?? null;
    this.captureSites = options.captureSites ?? false;
    this.#offThread = new ServiceOp(this, null);
    this.op = this.#offThread;
    this.#serviceCost = options.cpu.service;
    this.#serviceCosts = options.cpu.services ?? null;
    this.#switchCost = options.cpu.switch ?? 0;
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

  /** Whether the caller may wait: only threads, and not the timer thread, can; unchecked, nothing keeps that from it. */
  get canWait(): boolean {
    return this.context === 'thread' || (!this.checked && this.context === 'timer');
  }

  /** See {@link enter} of caller-context.ts. */
  begin(service: string): void {
    const op = this.op;
    if (op.pending !== null) throw this.forgotten(op);
    op.pending = service;
    op.service = service;
    op.charge += this.#serviceCosts === null ? this.#serviceCost : (this.#serviceCosts[service] ?? this.#serviceCost);
    if (this.captureSites) op.site = new CallSite();
    if (this.observed) op.began = this.clock.now;
    if (op.charge === 0) this.#countSpin(service);
  }

  /** Completes the present service with a status. */
  finish(status: number): ServiceOp {
    this.op.value = status;
    return this.op;
  }

  /** Reports a service that is complete. */
  reportService(service: string, began: number, result: unknown): void {
    const status = typeof result === 'number' ? result : null;
    this.trace?.record({ type: 'service', service, status, began });
  }

  /**
   * Ends a service that was given what its error checking refuses: with the status, or, on a device that is built without
   * that checking, with a report of what would go wrong.
   */
  refuse(status: number): ServiceOp {
    if (this.checked) return this.finish(status);
    throw brokenContract(this.op.service, status).at(describePlace(this));
  }

  /** Whether the thread of `op` may go on: it is the one to run, and its CPU time is spent. */
  mayContinue(op: ServiceOp): boolean {
    const thread = op.thread;
    if (thread === null) return true;
    if (this.scheduler.execute !== thread) return false;
    return op.charge === 0 || this.cpu.spend(thread, op);
  }

  /**
   * Boots the device: starts the timer thread and runs `tx_application_define` in the initialisation context; where the
   * firmware has a `main`, that runs instead, and enters the kernel itself.
   */
  boot(define: () => void | Op<unknown>, main: (() => void | Op<unknown>) | null = null): void {
    this.ticks.start();
    if (main === null) {
      this.runOff('init', 'tx_application_define', define);
    } else {
      this.applicationDefine = define;
      this.runOff('init', 'main', main);
      if (!this.entered) throw neverEntered().at(describePlace(this));
    }
    this.run();
  }

  /**
   * Runs an interrupt service routine now, and then whatever thread is to run; while the running thread has interrupts
   * disabled, the routine waits.
   */
  interrupt(name: string, routine: () => void | Op<unknown>): void {
    if (this.interrupts.hold(name, routine)) return;
    this.cpu.pause();
    this.serveInterrupt(name, routine);
    this.run();
  }

  /** The interrupt of the device's tick, as far as there is anything to do at it: timers first, then the time slice. */
  timerInterrupt(): void {
    if (this.interrupts.hold('the timer interrupt', () => this.#serveTick())) return;
    this.cpu.pause();
    const outer = this.context;
    this.context = 'isr';
    this.#serveTick();
    this.context = outer;
    const next = this.scheduler.execute?.op ?? null;
    if (next !== null) next.charge += this.cpu.model.interrupt;
    this.run();
  }

  #serveTick(): void {
    this.ticks.expire();
    this.timeSlice.expire();
  }

  /** Runs an interrupt service routine and charges its time to the thread that runs next. */
  serveInterrupt(name: string, routine: () => void | Op<unknown>): void {
    const charge = this.runOff('isr', name, routine) + this.cpu.model.interrupt;
    const next = this.scheduler.execute?.op ?? null;
    if (next !== null) next.charge += charge;
  }

  /** Runs threads until none is ready, or until the one to run has to spend time past the clock's horizon. */
  run(): void {
    const previous = activate(this);
    const { scheduler, cpu, interrupts } = this;
    let returns = false;
    try {
      for (;;) {
        const thread = scheduler.execute;
        if (thread !== scheduler.current) {
          if (returns) this.#countReturn(thread);
          this.#switchTo(thread);
        }
        if (interrupts.pending && interrupts.serve()) {
          returns = false;
          continue;
        }
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
        returns = true;
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
    const before = this.scheduler.execute;
    this.eventLog?.threadResumed(thread, thread.tx_thread_state);
    thread.tx_thread_state = TX_READY;
    thread.readySince = this.clock.now;
    thread.performance.resumptions++;
    this.scheduler.ready(thread);
    if (before !== null && this.scheduler.execute === thread) countPreemption(before, thread, this.context);
    this.timeSlice.contend();
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
    this.eventLog?.threadSuspended(thread, state);
    thread.tx_thread_state = state;
    thread.suspendedAt = this.now;
    thread.waitTicks = ticks;
    thread.performance.suspensions++;
    this.timeSlice.renew(thread);
    if (ticks !== TX_WAIT_FOREVER && thread.timeout !== null) this.ticks.activate(thread.timeout, ticks);
    this.scheduler.unready(thread);
    return this.op;
  }

  /** Gives a thread another priority and preemption-threshold. */
  reprioritize(thread: TX_THREAD, priority: number, threshold: number): void {
    this.scheduler.reprioritize(thread, priority, threshold, thread.tx_thread_state === TX_READY);
    this.timeSlice.contend();
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
    if (reason === 'abort') {
      thread.performance.wait_aborts++;
    } else if (list !== null) {
      thread.performance.timeouts++;
      list.subject.timedOut?.();
    }
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

  /** Forgets a thread; what it had counted stays with the totals. */
  removeThread(thread: TX_THREAD): void {
    thread.tx_thread_id = 0;
    this.threads.delete(thread);
    addCounters(this.performance.threads, thread.performance);
  }

  #countReturn(next: TX_THREAD | null): void {
    if (next === null) this.performance.idleReturns++;
    else this.performance.nonIdleReturns++;
  }

  #switchTo(thread: TX_THREAD | null): void {
    const before = this.scheduler.current;
    if (before?.tx_thread_state === TX_READY) before.readySince = this.clock.now;
    this.scheduler.current = thread;
    this.timeSlice.switchTo(thread);
    if (this.trace?.detail === true) {
      this.trace.record({ type: 'thread-switch', to: thread?.tx_thread_name ?? null });
    }
    if (thread === null) return;
    thread.tx_thread_run_count++;
    if (thread.op !== null) thread.op.charge += this.#switchCost;
    const waited = this.clock.now - thread.readySince;
    if (waited > thread.longestReady) thread.longestReady = waited;
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
    if (thread.ownedMutexes.length > 0) this.#releaseMutexes(thread);
    this.trace?.record({
      type: 'thread-ended',
      name: thread.tx_thread_name,
      state: state === TX_COMPLETED ? 'completed' : 'terminated',
    });
  }

  #releaseMutexes(thread: TX_THREAD): void {
    const mutexes = [...thread.ownedMutexes];
    this.trace?.record({
      type: 'mutex-held-at-exit',
      thread: thread.tx_thread_name,
      mutexes: mutexes.map((mutex) => mutex.tx_mutex_name),
    });
    for (const mutex of mutexes) mutex.releaseOf(this, thread);
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
  runOff(context: 'init' | 'isr', name: string, code: () => void | Op<unknown>): number {
    const previous = activate(this);
    const { context: outerContext, op: outerOp } = this;
    this.context = context;
    const op = this.#offThread;
    this.op = op;
    op.charge = 0;
    try {
      const result = code();
      if (isOp(result)) {
        const step = result[Symbol.iterator]().next();
        if (step.done !== true && step.value !== KERNEL_ENTERED) {
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
      this.context = outerContext;
      this.op = outerOp;
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
