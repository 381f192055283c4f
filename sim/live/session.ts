import { formatTime } from '../duration.ts';
import { FILTER_WORDS } from '../trace/event-words.ts';
import type { TraceRecord } from '../trace/event.ts';
import { FilterError, parseFilter } from '../trace/filter.ts';
import type { RunOptions } from '../world-options.ts';
import type { World } from '../world.ts';
import { ManualFaults } from './manual-faults.ts';
import { ManualVerbs } from './manual-verbs.ts';
import type { LiveCommand, LiveState, StepKind } from './messages.ts';
import { CommandError } from './protocol.ts';
import { STEP_ENDS, Stepper, type SteppedEnding } from './stepper.ts';

/** What a run that is not paused is about. */
type Job =
  | { readonly kind: 'play' }
  | { readonly kind: 'until'; readonly time: number }
  | { readonly kind: 'match'; readonly filter: string; readonly passes: (record: TraceRecord) => boolean };

/** A run that somebody watches: what it is asked to do, and how far it is. Knows no time of the host. */
export class LiveSession {
  readonly world: World;
  readonly #faults: ManualFaults;
  readonly #verbs: ManualVerbs;
  readonly #done: string[] = [];
  readonly #stepper: Stepper;
  #job: Job | null = null;
  #speed: number | 'max' = 1;

  constructor(world: World, options: RunOptions) {
    this.world = world;
    const done = (line: string): void => void this.#done.push(line);
    this.#faults = new ManualFaults(world, done);
    this.#verbs = new ManualVerbs(world, done);
    this.#stepper = new Stepper(world, options);
  }

  /** How it ended, or null. */
  get ending(): SteppedEnding | null {
    return this.#stepper.ending;
  }

  /** What was done by hand, each as a step of a scenario's timeline that does the same again. */
  get done(): readonly string[] {
    return this.#done;
  }

  /** Whether there is nothing to do until the next command. */
  get isIdle(): boolean {
    return this.#job === null || this.ending !== null;
  }

  /** Virtual time to real time; Infinity where it goes as fast as it can, as on the way to a goal. */
  get pace(): number {
    return this.#job?.kind === 'play' && this.#speed !== 'max' ? this.#speed : Infinity;
  }

  /** The time of the next event. */
  get nextTime(): number {
    return this.#stepper.nextTime;
  }

  get state(): LiveState {
    const { world } = this;
    return {
      mode: this.ending !== null ? 'ended' : this.#job === null ? 'paused' : 'playing',
      goal: this.#goal,
      now: world.clock.now,
      speed: this.#speed,
      waiting: this.#faults.waiting,
      next: this.#verbs.waiting,
      done: this.#done,
      devices: [...world.devices.keys()],
      networks: world.lans.map(({ name, ports }) => ({ name, ports })),
    };
  }

  /**
   * Does what somebody asks for; a restart is up to whoever made the session.
   *
   * @throws CommandError where that is not possible
   */
  command(command: Exclude<LiveCommand, { readonly do: 'restart' }>): void {
    if (this.ending !== null && command.do !== 'speed') {
      throw new CommandError('the run has ended: restart it to go through it again');
    }
    switch (command.do) {
      case 'pause':
        this.#job = null;
        break;
      case 'play':
        this.#job = { kind: 'play' };
        break;
      case 'speed':
        this.#speed = command.speed;
        break;
      case 'step':
        this.#step(command.kind);
        break;
      case 'until':
        this.#runUntil(command.time);
        break;
      case 'match':
        this.#job = { kind: 'match', filter: command.filter, passes: readFilter(command.filter) };
        break;
      case 'drop':
        this.#faults.arm({ kind: 'drop' }, command);
        break;
      case 'delay':
        this.#faults.arm({ kind: 'delay', by: command.by }, command);
        break;
      case 'disarm':
        this.#faults.disarm();
        break;
      default:
        this.#verbs.plan(command);
    }
  }

  /**
   * Goes on with what it was asked to do, to a time at most.
   *
   * @param goesOn - asked after every event; where it says no, that was a slice
   */
  slice(time: number, goesOn: () => boolean): void {
    const job = this.#job;
    switch (job?.kind) {
      case 'play':
        this.#stepper.runTo(time, goesOn);
        break;
      case 'until':
        if (this.#stepper.runTo(job.time, goesOn)) this.#job = null;
        break;
      case 'match': {
        const seen = { found: false };
        const passes = (record: TraceRecord): boolean => {
          seen.found ||= job.passes(record);
          return seen.found;
        };
        this.#stepper.stepUntil(passes, goesOn);
        if (seen.found) this.#job = null;
        break;
      }
      case undefined:
        break;
    }
    if (this.ending !== null) this.#job = null;
  }

  /** Ends the run where it is. */
  stop(): void {
    this.#job = null;
    this.#stepper.stop();
  }

  get #goal(): string {
    const job = this.#job;
    if (job?.kind === 'until') return `until ${formatTime(job.time)}`;
    return job?.kind === 'match' ? `until ${job.filter}` : '';
  }

  #runUntil(time: number): void {
    const { now } = this.world.clock;
    if (time < now) throw new CommandError(`it is ${formatTime(now)} already: restart to go back`);
    this.#job = { kind: 'until', time };
  }

  /** A step may have a long way to go: it is done as a job where it is for an event of the trace. */
  #step(kind: StepKind): void {
    this.#job = null;
    if (kind === 'event') {
      this.#stepper.step(kind);
      return;
    }
    this.#job = { kind: 'match', filter: WORDS[kind], passes: STEP_ENDS[kind] };
  }
}

/** What steps go to, in words. */
const WORDS = { thread: 'a thread runs', frame: 'a frame moves' } as const;

function readFilter(text: string): (record: TraceRecord) => boolean {
  try {
    return parseFilter(text, FILTER_WORDS);
  } catch (error) {
    if (error instanceof FilterError) throw new CommandError(error.message);
    throw error;
  }
}
