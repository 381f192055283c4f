/** What kind of mistake a {@link SimulationError} reports. */
export type SimulationErrorKind =
  | 'forgotten-yield'
  | 'outside-device'
  | 'unset-out'
  | 'buffer-too-small'
  | 'deadlock'
  | 'livelock'
  | 'firmware-exception'
  | 'unchecked-misuse'
  | 'suspended-off-thread'
  | 'world';

/** The parts of a report: what happened, what it would do on the target, how to mend it. */
export interface SimulationErrorParts {
  readonly kind: SimulationErrorKind;
  readonly what: string;
  readonly onTarget?: string | undefined;
  readonly fix?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Misuse of the simulator or of the C API that no status can tell: a forgotten `yield*`, a double release, a deadlock.
 * Statuses report what firmware can observe; this ends the run.
 */
export class SimulationError extends Error {
  readonly kind: SimulationErrorKind;
  readonly what: string;
  readonly onTarget: string | undefined;
  readonly fix: string | undefined;
  /** Device, thread and virtual time; filled in by the device that was running. */
  where: string | undefined;
  /** The last events before it, one line each, where the run could be repeated. */
  tail: readonly string[] = [];

  constructor(parts: SimulationErrorParts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'SimulationError';
    this.kind = parts.kind;
    this.what = parts.what;
    this.onTarget = parts.onTarget;
    this.fix = parts.fix;
  }

  /** What happened, where, what it would do on the target, and how to mend it: lines for people. */
  get report(): readonly string[] {
    return [
      ...this.what.split('\n'),
      ...(this.where === undefined ? [] : [`  at: ${this.where}`]),
      ...(this.onTarget === undefined ? [] : [`  on the target: ${this.onTarget}`]),
      ...(this.fix === undefined ? [] : [`  to fix it: ${this.fix}`]),
    ];
  }

  /** Adds where it happened, once; the innermost place wins. */
  at(where: string): this {
    if (this.where === undefined) {
      this.where = where;
      this.#say(this.report);
    }
    return this;
  }

  /** Adds the last events before it, to the message too. */
  withTail(tail: readonly string[]): this {
    this.tail = tail;
    if (tail.length > 0) this.#say([...this.report, '  the last events:', ...tail]);
    return this;
  }

  /** Gives it another message; test libraries show that of the stack. */
  #say(lines: readonly string[]): void {
    this.message = lines.join('\n');
    const calls = this.stack?.indexOf('\n    at ') ?? -1;
    if (calls >= 0) this.stack = `${this.name}: ${this.message}${this.stack?.slice(calls) ?? ''}`;
  }
}
