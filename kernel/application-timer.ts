import type { ULONG } from './constants.ts';
import { dispatch } from './callback.ts';
import type { Kernel } from './kernel.ts';
import type { Callback, Suspension } from './op.ts';
import type { ExpiringTimer } from './tick-timer.ts';

export const TIMER_ID = 0x4154494d;

/** An application timer control block. */
export class TX_TIMER implements ExpiringTimer {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 44;

  tx_timer_id: ULONG = 0;
  tx_timer_name = '';
  expiration: Callback<[ULONG], void> | null = null;
  expirationInput: ULONG = 0;
  /** Ticks until the next expiry while inactive. */
  remainingTicks: ULONG = 0;
  rescheduleTicks: ULONG = 0;
  dueAt = 0;
  dueOrder = 0;
  heapIndex = -1;

  /** Runs in the timer thread; a periodic timer is active again before its routine runs. */
  *expire(kernel: Kernel): Generator<Suspension, void, unknown> {
    this.remainingTicks = this.rescheduleTicks;
    if (this.rescheduleTicks > 0) kernel.ticks.activateAt(this, this.dueAt + this.rescheduleTicks);
    const { expiration } = this;
    if (expiration !== null) yield* dispatch(kernel, this.tx_timer_name, () => expiration(this.expirationInput));
  }
}
