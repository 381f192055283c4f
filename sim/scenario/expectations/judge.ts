import { namedDevice, mistake, within } from '../names.ts';
import { TraceLog, type EventType } from '../../trace/trace-log.ts';
import type { TraceRecord } from '../../trace/event.ts';
import type { World } from '../../world.ts';
import { isExpectation, type CheckContext, type Expectation, type Finding, type Watch } from './expectation.ts';

/** An expectation that did not hold. */
export interface BrokenExpectation {
  readonly title: string;
  readonly expected: string;
  /** Virtual time at which that was clear. */
  readonly time: number;
  readonly seen: Finding;
  readonly devices: readonly string[];
}

/** An expectation that is still open. */
interface Open {
  readonly expectation: Expectation;
  readonly watch: Watch;
  nextPoll: number;
}

/** Something that the timeline did. */
export interface Happening {
  readonly time: number;
  readonly text: string;
}

/** Judges the expectations of a run as it goes on. */
export class Judge {
  /** What did not hold, in order of time. */
  readonly broken: BrokenExpectation[] = [];
  /** What the timeline has done so far. */
  readonly timeline: Happening[] = [];
  /** How many have held so far. */
  held = 0;
  readonly #world: World;
  readonly #open = new Set<Open>();
  readonly #polled = new Set<Open>();
  readonly #byDevice = new Map<string, Set<Open>>();
  /** The first deadline of all. */
  #deadline = Infinity;
  #hasBegun = false;

  /** @throws SimulationError that names the expectation that makes no sense */
  constructor(world: World, expectations: readonly Expectation[]) {
    this.#world = world;
    const context = contextOf(world, expectations);
    for (const [nth, expectation] of expectations.entries()) {
      within(`expect[${nth}]`, () => {
        if (!isExpectation(expectation))
          throw mistake('it is no expectation', "give one such as expectOutput('client', /done/)");
        for (const name of expectation.devices) namedDevice(world, 'devices', name);
        this.#add({ expectation, watch: expectation.watch(world, context), nextPoll: 0 });
      });
    }
    world.trace.listen((record) => this.#hear(record), { frames: false });
    this.#plan();
  }

  /** To be asked after every event: whether something did not hold, and the run is over. */
  readonly isOver = (): boolean => {
    const { clock } = this.#world;
    if (clock.now > this.#deadline) this.#judgeLate(clock.now);
    // Nothing has happened yet when it is asked for the first time, and within an instant things are in between.
    if (this.#polled.size > 0 && this.#hasBegun && clock.nextTime > clock.now) this.#poll(clock.now);
    this.#hasBegun = true;
    return this.broken.length > 0;
  };

  /** Judges what is open when the run has ended. */
  end(): void {
    const { now } = this.#world.clock;
    if (now > this.#deadline) this.#judgeLate(now);
    if (this.broken.length > 0) return;
    this.#poll(now);
    if (this.broken.length > 0) return;
    for (const open of [...this.#open]) this.#settle(open, open.watch.judge(now) ?? 'held', now);
  }

  #add(open: Open): void {
    this.#open.add(open);
    const { watch } = open;
    if (watch.poll !== undefined) this.#polled.add(open);
    if (watch.hear === undefined || watch.device === undefined) return;
    const others = this.#byDevice.get(watch.device);
    if (others === undefined) this.#byDevice.set(watch.device, new Set([open]));
    else others.add(open);
  }

  #hear(record: TraceRecord): void {
    const { time, device, event } = record;
    if (time > this.#deadline) this.#judgeLate(time);
    if (event.type === 'world-event') {
      this.timeline.push({ time, text: event.text });
      for (const { watch } of this.#open) watch.happened?.(event.text, time);
      this.#plan();
    }
    if (device === null) return;
    for (const open of this.#byDevice.get(device) ?? []) {
      const verdict = open.watch.hear?.(record) ?? null;
      if (verdict !== null) this.#settle(open, verdict, time);
    }
  }

  #poll(now: number): void {
    for (const open of this.#polled) {
      if (now < open.nextPoll) continue;
      open.nextPoll = now + (open.watch.pollEvery ?? 0);
      const verdict = open.watch.poll?.() ?? null;
      if (verdict !== null) this.#settle(open, verdict, now);
    }
  }

  /** Judges what had to be so before now. */
  #judgeLate(now: number): void {
    for (const open of [...this.#open].sort((a, b) => a.watch.deadline - b.watch.deadline)) {
      const { deadline } = open.watch;
      if (deadline < now) this.#settle(open, open.watch.judge(deadline) ?? 'held', deadline);
    }
    this.#plan();
  }

  #settle(open: Open, verdict: Finding | 'held', time: number): void {
    const { expectation, watch } = open;
    this.#open.delete(open);
    this.#polled.delete(open);
    if (watch.device !== undefined) this.#byDevice.get(watch.device)?.delete(open);
    if (verdict === 'held') {
      this.held++;
      return;
    }
    const { devices } = expectation;
    // Another failure than one that had its chance: a run without what it waits for is no smaller case of that.
    const title = [expectation.title, ...(watch.neverBegan ?? [])].join(': ');
    this.broken.push({ title, expected: watch.expected, time, seen: verdict, devices });
  }

  #plan(): void {
    this.#deadline = Infinity;
    for (const { watch } of this.#open) this.#deadline = Math.min(this.#deadline, watch.deadline);
  }
}

/** What conditions and checks look at; events are kept only where one of them may ask for them. */
function contextOf(world: World, expectations: readonly Expectation[]): CheckContext {
  const asking = expectations.filter((one) => isExpectation(one) && one.asksTrace);
  const kinds: readonly EventType[] = asking.flatMap(({ keeps }) => keeps);
  const log = asking.length === 0 ? null : new TraceLog(world.trace, kinds);
  return {
    world,
    device: (name) => namedDevice(world, 'device()', name),
    get trace() {
      if (log === null)
        throw mistake('no events are kept', 'let the condition take two parameters: (world, { trace }) => …');
      return log;
    },
  };
}
