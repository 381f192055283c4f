import type { CpuModel } from './cpu-model.ts';
import type { ServiceOp } from './op.ts';
import { ClockEvent, type Clock } from './ports.ts';
import type { TX_THREAD } from './thread.ts';

/**
 * The processor of a device: spends the time that services and computations are charged. While nothing else is due it
 * moves the world clock itself; else it asks to be called when the time is spent, and interrupts may come in between.
 */
export class Cpu extends ClockEvent {
  readonly model: CpuModel;
  readonly #clock: Clock;
  readonly #spent: () => void;
  #busy: { readonly thread: TX_THREAD; readonly op: ServiceOp; since: number } | null = null;

  constructor(model: CpuModel, clock: Clock, spent: () => void) {
    super();
    this.model = model;
    this.#clock = clock;
    this.#spent = spent;
  }

  /** Spends all of a charge now, if nothing else happens before it is over. */
  spend(thread: TX_THREAD, op: ServiceOp): boolean {
    const at = this.#clock.now + op.charge;
    if (at >= this.#clock.horizon) return false;
    this.#clock.now = at;
    thread.cpuTime += op.charge;
    op.charge = 0;
    return true;
  }

  /** Keeps the processor busy until the charge is spent. */
  occupy(thread: TX_THREAD, op: ServiceOp): void {
    this.#busy = { thread, op, since: this.#clock.now };
    this.#clock.schedule(this.#clock.now + op.charge, this);
  }

  /** Stops spending, for an interrupt: what is left of the charge stays with the thread. */
  pause(): void {
    if (this.#busy === null) return;
    this.#clock.cancel(this);
    this.#account();
  }

  fire(): void {
    this.#account();
    this.#spent();
  }

  #account(): void {
    const busy = this.#busy;
    if (busy === null) return;
    this.#busy = null;
    const elapsed = Math.min(this.#clock.now - busy.since, busy.op.charge);
    busy.op.charge -= elapsed;
    busy.thread.cpuTime += elapsed;
  }
}
