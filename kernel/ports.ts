/**
 * What a kernel needs of the world around it. The kernel, the network stack and the DTLS layer reach time, randomness
 * and tracing through these interfaces only, so that they run wherever JavaScript runs and repeat exactly.
 */
import type { DueEntry } from './due-heap.ts';

/** Something the world clock calls back at a virtual time. One object, one pending time at most. */
export abstract class ClockEvent implements DueEntry {
  /** The clock's own: its place in the queue. */
  dueAt = 0;
  heapIndex = -1;
  /** What it belongs to, where the order of equal times is varied: events of one source keep theirs. */
  source = 0;

  /** Runs at the scheduled time; `clock.now` is that time. */
  abstract fire(): void;
}

/**
 * Virtual time in nanoseconds since the start of the world. Exact up to 2^53 ns (104 days); after that time moves in
 * steps of 2 and then 4 ns, which no tick length in use can tell.
 */
export interface Clock {
  /**
   * The current virtual time. A running device moves it forward itself while it computes, as long as it stays
   * below {@link Clock.horizon}; that is what makes an uncontended service cost no event.
   */
  now: number;
  /** The earliest time at which anything else happens (the next event, or the end of the run). */
  readonly horizon: number;
  /** Calls `event.fire()` at `time`, after everything that was scheduled for that time before, unless order is varied. */
  schedule(time: number, event: ClockEvent): void;
  /** Takes a scheduled event back; nothing happens where it is not scheduled. */
  cancel(event: ClockEvent): void;
}

/** Decides which of several things that happen at one moment comes first, where a real system leaves that open. */
export interface Precedence {
  /**
   * The rank of what `source` does at `time` (ns), 0 to 31: the lower goes first, and equals go as they came. The same
   * arguments give the same rank.
   */
  rank(time: number, source: number): number;
}

/** A seeded stream of random numbers; the same seed and name give the same stream on any machine. */
export interface Random {
  /** An unsigned 32-bit integer. */
  uint32(): number;
  /** A number in [0, 1). */
  float(): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}
