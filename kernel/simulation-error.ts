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

  constructor(parts: SimulationErrorParts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'SimulationError';
    this.kind = parts.kind;
    this.what = parts.what;
    this.onTarget = parts.onTarget;
    this.fix = parts.fix;
  }

  /** Adds where it happened, once; the innermost place wins. */
  at(where: string): this {
    if (this.where === undefined) {
      this.where = where;
      this.message = [
        this.what,
        `  at: ${where}`,
        ...(this.onTarget === undefined ? [] : [`  on the target: ${this.onTarget}`]),
        ...(this.fix === undefined ? [] : [`  to fix it: ${this.fix}`]),
      ].join('\n');
    }
    return this;
  }
}
