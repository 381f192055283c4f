import { Cpu } from '../../kernel/cpu.ts';
import { PlannedAction } from '../planned-action.ts';
import { deadlockReport } from '../diagnostics/deadlock.ts';
import { parseDuration } from '../duration.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { RunOptions, RunResult } from '../world-options.ts';
import type { World } from '../world.ts';
import type { StepKind } from './messages.ts';

/** How a run that is stepped through ended. */
export type SteppedEnding =
  { readonly kind: 'result'; readonly result: RunResult } | { readonly kind: 'error'; readonly error: unknown };

/** Steps that end at an event of the trace. */
export const STEP_ENDS = {
  thread: ({ event }: TraceRecord) => event.type === 'thread-switch' && event.to !== null,
  frame: ({ event }: TraceRecord) => event.type === 'frame-sent' || event.type === 'frame-delivered',
} as const satisfies Readonly<Record<Exclude<StepKind, 'event'>, (record: TraceRecord) => boolean>>;

/**
 * Runs a world bit by bit, with the results that `World.run` has for it: the same events at the same times, whatever the
 * bits. Knows no time of the host.
 */
export class Stepper {
  readonly #world: World;
  readonly #until: number;
  readonly #stopWhen: () => boolean;
  #ending: SteppedEnding | null = null;
  /** Whether a device is in the middle of what one event lets it compute: a run would not stop there. */
  #isInside = false;

  /** @param options - as for {@link World.run} */
  constructor(world: World, options: RunOptions = {}) {
    this.#world = world;
    this.#until = options.until === undefined ? Infinity : parseDuration(options.until);
    this.#stopWhen = options.stopWhen ?? (() => false);
  }

  /** How the run ended, or null while it goes on. */
  get ending(): SteppedEnding | null {
    return this.#ending;
  }

  /** The time of the next event, or of the end; Infinity where nothing will happen any more. */
  get nextTime(): number {
    return Math.min(this.#world.clock.nextTime, this.#until);
  }

  /** Goes one step; says whether the run goes on. */
  step(kind: StepKind): boolean {
    if (kind === 'event') return this.#advance(0);
    return this.stepUntil(STEP_ENDS[kind], () => true);
  }

  /**
   * Goes on until an event of the trace that passes has happened.
   *
   * @param goesOn - asked after every event; where it says no, the way is left before its end
   * @returns whether the run goes on
   */
  stepUntil(passes: (record: TraceRecord) => boolean, goesOn: () => boolean): boolean {
    const seen = { found: false };
    const stop = this.#world.trace.listen(
      (record) => {
        seen.found ||= passes(record);
      },
      { detail: true },
    );
    try {
      while (!seen.found && this.#advance(0) && goesOn());
    } finally {
      stop();
    }
    return this.#ending === null;
  }

  /**
   * Lets happen what is due up to a time; the world is then at that time. Where it was left before its end, call it again.
   *
   * @param goesOn - asked after every event
   * @returns whether it came that far, and the run goes on
   */
  runTo(time: number, goesOn: () => boolean = () => true): boolean {
    const { clock } = this.#world;
    while (this.nextTime <= time) {
      if (!this.#advance(time)) return false;
      if (!goesOn()) return false;
    }
    if (this.#ending !== null) return false;
    // A world in which nothing is to happen any more ends, also where its time is not over.
    if (!clock.pending) return this.#advance(time);
    clock.now = Math.max(clock.now, time);
    return true;
  }

  /** The run is over, as somebody wants it so. */
  stop(): void {
    this.#ending ??= { kind: 'result', result: { reason: 'stopped', time: this.#world.clock.now } };
  }

  /**
   * One event of the clock, and of what it lets a device compute what is over before `target`; says whether the run goes on.
   */
  #advance(target: number): boolean {
    if (this.#ending !== null) return false;
    try {
      this.#ending = this.#advanceOne(target);
    } catch (error) {
      this.#ending = { kind: 'error', error: this.#world.explained(error) };
    }
    return this.#ending === null;
  }

  #advanceOne(target: number): SteppedEnding | null {
    const { clock } = this.#world;
    const end = (reason: RunResult['reason']): SteppedEnding => ({
      kind: 'result',
      result: { reason, time: clock.now },
    });
    if (!this.#isInside && this.#stopWhen()) return end('stopped');
    const { next } = clock;
    if (next === undefined || next.dueAt > this.#until) return this.#over(end);
    // What somebody planned may concern several devices: one of them must not wait for the other.
    clock.limit = next instanceof PlannedAction ? this.#until : Math.min(this.#until, Math.max(target, next.dueAt));
    clock.scheduledLast = null;
    clock.runNext();
    this.#isInside = this.#continues();
    // A run ends with the event that fulfils its condition.
    return !this.#isInside && this.#stopWhen() ? end('stopped') : null;
  }

  /** Nothing is left to happen, or nothing before the end. */
  #over(end: (reason: RunResult['reason']) => SteppedEnding): SteppedEnding {
    const { clock, devices } = this.#world;
    if (this.#until !== Infinity && clock.pending) {
      clock.now = Math.max(clock.now, this.#until);
      return end('until');
    }
    const deadlock = deadlockReport(devices.values());
    return deadlock === null ? end('idle') : { kind: 'error', error: deadlock };
  }

  /** Whether a run without steps would have gone on with the event that happened last. */
  #continues(): boolean {
    const { clock } = this.#world;
    const { next } = clock;
    // To keep its processor busy is the last thing that a device does in an event.
    if (!(next instanceof Cpu) || next !== clock.scheduledLast) return false;
    return next.dueAt < clock.secondTime && next.dueAt < this.#until;
  }
}
