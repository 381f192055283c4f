import { Addresses } from './addresses.ts';
import type { TX_BLOCK_POOL } from './block-pool.ts';
import { activate } from './caller-context.ts';
import { CallSite } from './call-site.ts';
import { flagMacro, txConfig, type Macros, type TxConfig } from './config.ts';
import { TX_READY } from './constants.ts';
import { CreatedList } from './created.ts';
import { CreatedObjects } from './created-objects.ts';
import { Cpu } from './cpu.ts';
import type { EventLog } from './event-log.ts';
import { recordersAsOne, type EventRecorder } from './event-recorder.ts';
import { InterruptController } from './interrupts.ts';
import type { Context, KernelOptions } from './kernel-options.ts';
import { runOff, serveInterrupt } from './off-thread.ts';
import { ServiceOp, type Op } from './op.ts';
import { InitializationFailures } from './initialization-failures.ts';
import { PerformanceTotals } from './performance.ts';
import type { Clock, Random } from './ports.ts';
import { asSimulationError, brokenContract, describePlace, forgottenYield, neverEntered } from './report.ts';
import { Scheduler } from './scheduler.ts';
import type { SimulationError } from './simulation-error.ts';
import { SpinGuard } from './spin-guard.ts';
import { beginThread, completeThread } from './thread-life.ts';
import type { TX_THREAD } from './thread.ts';
import { TickTimer } from './tick-timer.ts';
import { TimeSlice } from './time-slice.ts';
import { VariedScheduler } from './varied-scheduler.ts';
import type { KernelEvent, Trace } from './trace.ts';

export type { Context, KernelOptions } from './kernel-options.ts';

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
  readonly initializationFailures = new InitializationFailures();
  readonly interrupts = new InterruptController(this);
  /** Addresses of control blocks and buffers, for the event log. */
  readonly addresses = new Addresses();
  /** Takes note of what happens: the firmware's own log, somebody who watches, or both; null while there is neither. */
  eventLog: EventRecorder | null = null;
  /** The firmware's own event log (`tx_trace_enable`), while one is on. */
  #firmwareLog: EventLog | null = null;
  #watcher: EventRecorder | null = null;
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
  /** The operation of whatever runs outside of threads. */
  readonly offThread: ServiceOp;
  readonly #serviceCost: number;
  readonly #serviceCosts: Readonly<Record<string, number>> | null;
  readonly #switchCost: number;
  readonly #spins = new SpinGuard();

  constructor(options: KernelOptions) {
    this.name = options.name;
    this.clock = options.clock;
    this.random = options.random;
    this.macros = options.macros ?? {};
    this.config = txConfig(this.macros);
    this.checked = !flagMacro(this.macros, 'TX_DISABLE_ERROR_CHECKING');
    this.trace = options.trace ?? null;
    this.captureSites = options.captureSites ?? false;
    this.offThread = new ServiceOp(this, null);
    this.op = this.offThread;
    this.#serviceCost = options.cpu.service;
    this.#serviceCosts = options.cpu.services ?? null;
    this.#switchCost = options.cpu.switch ?? 0;
    const { precedence } = options;
    this.scheduler =
      precedence === undefined || precedence === null
        ? new Scheduler(this.config.TX_MAX_PRIORITIES)
        : new VariedScheduler(this.config.TX_MAX_PRIORITIES, precedence, this);
    this.cpu = new Cpu(options.cpu, options.clock, () => {
      this.run();
    });
    this.ticks = new TickTimer(this, options.oscillator ?? 1);
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

  get firmwareLog(): EventLog | null {
    return this.#firmwareLog;
  }

  set firmwareLog(log: EventLog | null) {
    this.#firmwareLog = log;
    this.eventLog = recordersAsOne([log, this.#watcher]);
  }

  /** Has somebody take note of what happens, beside the firmware's own log; null for nobody. */
  watch(watcher: EventRecorder | null): void {
    this.#watcher = watcher;
    this.eventLog = recordersAsOne([this.#firmwareLog, watcher]);
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
    if (this.observed) {
      op.began = this.clock.now;
      this.eventLog?.serviceBegins?.(service);
    }
    if (op.charge === 0) this.#spins.count(this.clock.now, service);
  }

  /** Completes the present service with a status. */
  finish(status: number): ServiceOp {
    this.op.value = status;
    if (status !== 0 && this.context === 'init') this.#failedInitialization(status);
    return this.op;
  }

  #failedInitialization(status: number): void {
    const { service, site } = this.op;
    this.initializationFailures.note({ service, status, time: this.clock.now, site: site?.text ?? null });
  }

  /** Reports a service that is complete. */
  reportService(service: string, began: number, result: unknown, site: CallSite | null): void {
    const status = typeof result === 'number' ? result : null;
    const place = site?.text ?? null;
    this.trace?.record({ type: 'service', service, status, began, ...(place === null ? {} : { site: place }) });
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
      runOff(this, 'init', 'tx_application_define', define);
    } else {
      this.applicationDefine = define;
      runOff(this, 'init', 'main', main);
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
    serveInterrupt(this, name, routine);
    this.run();
  }

  /** Ends it for good: nothing that it has planned happens any more. To be called while it does not run. */
  halt(): void {
    for (const planned of [this.cpu, this.ticks, this.timeSlice]) this.clock.cancel(planned);
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
        if (step.done === true) completeThread(this, thread, op);
        else if (op.pending !== null) throw this.forgotten(op);
      }
    } catch (error) {
      throw this.located(error);
    } finally {
      this.context = 'idle';
      this.op = this.offThread;
      activate(previous);
    }
  }

  /** Gives a thread another priority and preemption-threshold. */
  reprioritize(thread: TX_THREAD, priority: number, threshold: number): void {
    this.scheduler.reprioritize(thread, priority, threshold, thread.tx_thread_state === TX_READY);
    this.timeSlice.contend();
  }

  /** An exception on its way out of this device, as a SimulationError that says where it happened. */
  located(error: unknown): SimulationError {
    return asSimulationError(error).at(describePlace(this));
  }

  /** The report of a service call whose `yield*` was forgotten. */
  forgotten(op: ServiceOp): SimulationError {
    return forgottenYield(op, this.context).at(describePlace(this));
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
      this.op = thread.op ?? this.offThread;
      this.context = 'thread';
      beginThread(this, thread, thread.entry);
    }
  }
}
