import type { Clock, Random } from '../../kernel/ports.ts';
import { parseDuration } from '../duration.ts';
import { Channel, type ChannelLoss } from './channel.ts';
import { Deliveries, type Stage, TravellingFrame } from './delivery.ts';
import { FaultInjector, hasFaults } from './faults.ts';
import { FaultScript, type FrameFaultMark, type HappenedFault } from './fault-script.ts';
import { FrameStorage } from './frame.ts';
import { checkLanChanges, checkLanOptions, overlay } from './lan-options.ts';
import type { LanChanges, LanOptions, PortLinkOptions } from './lan-options.ts';
import { LearningTable } from './learning-table.ts';
import { Link } from './link.ts';
import { linkSettings, refuse, type LinkSettings } from './link-options.ts';
import type { DropReason, NetworkEvents } from './network-events.ts';
import { NextFrames, type NextFault } from './next-frame.ts';
import { Partition } from './partition.ts';
import type { NetworkPort } from './port.ts';
import { checkVerdict, PASS, type FrameRule, type Verdict } from './rules.ts';

export type { LanChanges, LanOptions, PortLinkOptions } from './lan-options.ts';
export type { LinkOptions } from './link-options.ts';
export type { Attachment } from './link.ts';
export type { DropReason, Fault, NetworkEvents } from './network-events.ts';
export type { FrameFaultMark, HappenedFault, RandomFault } from './fault-script.ts';

/** What a network needs of its world. */
export interface LanWorld {
  readonly clock: Clock;
  /** A random stream of the network's own for each name. */
  readonly random: (...names: readonly string[]) => Random;
  readonly events: NetworkEvents;
}

const DEFAULTS = { latency: 100_000, mtu: 1500 };

/**
 * A local network: a switch that learns which port has which hardware address, with the faults its options ask for.
 * Loss and jitter are decided once for each frame, as if they happened on the sender's link; everything else for each
 * receiver. Frames to groups go to every port.
 */
export class Lan {
  readonly name: string;
  readonly storage = new FrameStorage();
  readonly #world: LanWorld;
  readonly #links: Link[] = [];
  readonly #byName = new Map<string, Link[]>();
  readonly #learned = new LearningTable();
  readonly #partitions: Partition[] = [];
  readonly #script: FaultScript;
  readonly #faults: FaultInjector;
  readonly #next = new NextFrames();
  readonly #deliveries: Deliveries;
  readonly #linkOptions: PortLinkOptions | undefined;
  readonly #most: number;
  #options: LanChanges;
  #settings: LinkSettings;
  #rules: readonly FrameRule[] = [];
  /** Whether receivers are all treated alike, as nothing is decided for one of them. */
  #isPlain = true;
  #activeCuts = 0;
  /** Frames that were sent into it. */
  #sent = 0;
  /** Told of every change that is made from outside, as a function that makes it to another network. */
  journal: ((change: (lan: Lan) => void) => void) | null = null;

  /**
   * @param most - how many ports there is room for
   * @throws SimulationError for an option that does not exist or makes no sense
   */
  constructor(name: string, world: LanWorld, options: LanOptions, most = Infinity) {
    this.name = name;
    this.#world = world;
    this.#most = most;
    this.#deliveries = new Deliveries(world.clock, this.#links, (stage, link, frame) =>
      this.#landed(stage, link, frame),
    );
    this.#script = new FaultScript(name);
    this.#faults = new FaultInjector(world.events, this.#script);
    checkLanOptions(this.#subject, options);
    const { link, subnet: _, ...changes } = options;
    this.#linkOptions = link;
    this.#options = changes;
    this.#settings = linkSettings(this.#subject, changes, DEFAULTS);
    this.#apply();
  }

  /** Frames, and copies of them for several ports, that were sent and have neither arrived nor been dropped. */
  get inFlight(): number {
    return this.#deliveries.inFlight;
  }

  /** Largest payload of a frame, in bytes. */
  get mtu(): number {
    return this.#settings.mtu;
  }

  /** Whether another port can be plugged in. */
  get hasRoom(): boolean {
    return this.#links.length < this.#most;
  }

  /** The names of its ports, in the order in which they were plugged in. */
  get ports(): readonly string[] {
    return this.#links.map(({ port }) => port.name);
  }

  /**
   * Plugs a port in.
   *
   * @param options - of the port's own link, over the network's `link` options; null for none at all
   * @throws SimulationError for options that make no sense, or where every port is taken
   */
  attach(port: NetworkPort, options?: PortLinkOptions | null): Link {
    const { clock, random } = this.#world;
    if (this.#links.length >= this.#most) {
      refuse(this.#subject, `'${port.name}' is one port too many`, 'a point-to-point link has two ends: use a lan');
    }
    const newChannel = (purpose: string): Channel =>
      new Channel(clock, this.#settings, () => random(port.name, purpose));
    const link = new Link(this, port, this.#links.length, newChannel);
    const own = options === undefined ? this.#linkOptions : options;
    if (own !== undefined && own !== null) this.#quietly(() => link.set(overlay(this.#linkOptions ?? {}, own)));
    this.#links.push(link);
    const namesakes = this.#byName.get(port.name);
    if (namesakes === undefined) this.#byName.set(port.name, [link]);
    else namesakes.push(link);
    return link;
  }

  /**
   * The link of a port, to change it, unplug it or plug it in again.
   *
   * @throws SimulationError where nothing of that name is plugged in
   */
  link(name: string): Link {
    const [link] = this.#named(name);
    return link;
  }

  /**
   * Changes some of the network's options, from now on; frames on their way are not touched.
   *
   * @throws SimulationError for an option that does not exist, makes no sense, or has to stay as it is
   */
  set(changes: LanChanges): void {
    checkLanChanges(this.#subject, changes);
    const options = { ...this.#options, ...changes };
    this.#settings = linkSettings(this.#subject, options, DEFAULTS);
    this.#options = options;
    this.#apply();
    this.changed((lan) => lan.set(changes));
  }

  /**
   * Cuts the way from some ports to others (and back, unless `oneWay`), by their names; frames on their way still arrive.
   *
   * @returns the cut, which can be mended by itself
   * @throws SimulationError where nothing of that name is plugged in
   */
  partition(from: string | readonly string[], to: string | readonly string[], oneWay = false): Partition {
    const group = (names: string | readonly string[]): Set<Link> =>
      new Set((typeof names === 'string' ? [names] : names).flatMap((name) => this.#named(name)));
    const number = this.#partitions.length;
    const mended = (): void => {
      this.#activeCuts--;
      this.changed((lan) => lan.#partitions[number]?.heal());
    };
    const partition = new Partition(group(from), group(to), oneWay, mended);
    this.#partitions.push(partition);
    this.#activeCuts++;
    this.changed((lan) => lan.partition(from, to, oneWay));
    return partition;
  }

  /** Mends every cut. */
  heal(): void {
    this.#quietly(() => {
      for (const partition of this.#partitions) partition.heal();
    });
    this.#partitions.length = 0;
    this.changed((lan) => lan.heal());
  }

  /**
   * Has the next frame be lost that would get through its sender's link; everything else of the run stays as it is.
   *
   * @param from - the name of the port that sends it; of any port where there is none
   * @returns a function that calls it off, while the frame has not come
   * @throws SimulationError where nothing of that name is plugged in
   */
  dropNext(from?: string): () => void {
    return this.#awaitNext(from, { kind: 'drop' });
  }

  /**
   * Has the next frame arrive later than it would; see {@link dropNext}.
   *
   * @param by - how much later
   * @throws SimulationError where nothing of that name is plugged in, or the time is none
   */
  delayNext(by: number | string, from?: string): () => void {
    return this.#awaitNext(from, { kind: 'delay', by: parseDuration(by) });
  }

  #awaitNext(from: string | undefined, fault: NextFault): () => void {
    if (from !== undefined) this.#named(from);
    const cancel = this.#next.add(from ?? null, fault);
    // In a repeated run the same fault is called off at the same time.
    const repeated = new WeakMap<Lan, () => void>();
    this.changed((lan) => repeated.set(lan, lan.#awaitNext(from, fault)));
    return () => {
      cancel();
      this.changed((lan) => repeated.get(lan)?.());
    };
  }

  /**
   * Has random faults happen to the frames named and to no others, from now on; null lets chance decide again. Chances
   * are drawn all the same, so that jitter stays as it would be.
   */
  scriptFaults(marks: readonly FrameFaultMark[] | null): void {
    this.#script.set(marks);
    this.changed((lan) => lan.scriptFaults(marks));
  }

  /** Calls somebody for every random fault from now on, before it takes effect; null ends that. */
  watchFaults(watcher: ((fault: HappenedFault) => void) | null): void {
    this.#script.watcher = watcher;
  }

  /** @internal */
  changed(change: (lan: Lan) => void): void {
    this.journal?.(change);
  }

  /** Forgets which addresses are at a port. @internal */
  forget(link: Link): void {
    this.#learned.forget(link);
  }

  /** Sends a frame whose bytes nobody writes to any more. @internal */
  transmit(link: Link, bytes: Uint8Array): void {
    const { name } = link.port;
    const { outgoing } = link;
    const frame = new TravellingFrame(bytes, name, ++this.#sent);
    let lost: DropReason | null = link.isUp
      ? this.#admit(outgoing ?? link.segment, frame, outgoing && link.ownName)
      : 'unplugged';
    const fault = lost === null && this.#next.waiting ? this.#next.take(name) : null;
    if (fault?.kind === 'drop') lost = 'request';
    this.#world.events.transmitted(name, bytes, lost);
    if (lost === null) {
      const late = fault?.kind === 'delay' ? fault.by : 0;
      const one = this.#begin(frame, late);
      if (outgoing === null) this.#spread(link, one, late);
      else this.#carry('enter', outgoing, link, one, late);
    } else {
      this.#world.events.dropped(name, null, bytes, lost);
    }
    this.#world.events.settled();
  }

  /** A frame that sets out, late or not. */
  #begin(frame: TravellingFrame, late: number): TravellingFrame {
    if (late === 0) return frame;
    this.#world.events.faulted(frame.from, this.name, frame.bytes, 'delayed', late);
    return frame.after('delayed');
  }

  get #subject(): string {
    return `network '${this.name}'`;
  }

  #named(name: string): readonly [Link, ...Link[]] {
    const [first, ...more] = this.#byName.get(name) ?? [];
    if (first !== undefined) return [first, ...more];
    const known = [...this.#byName.keys()].slice(0, 20).join(', ');
    return refuse(this.#subject, `nothing named '${name}' is plugged in`, `name one of: ${known}`);
  }

  #apply(): void {
    this.#rules = this.#options.rules ?? [];
    this.#isPlain = this.#rules.length === 0 && !hasFaults(this.#settings);
    for (const { segment } of this.#links) segment.settings = this.#settings;
  }

  /** Makes changes that are part of another one. */
  #quietly(change: () => void): void {
    const { journal } = this;
    this.journal = null;
    try {
      change();
    } finally {
      this.journal = journal;
    }
  }

  /** Whether a channel takes a frame; its losses are the script's to decide. */
  #admit(channel: Channel, frame: TravellingFrame, to: string | null): ChannelLoss | null {
    const lost = channel.admit(frame.bytes.length);
    if (lost !== null && lost !== 'loss') return lost;
    return this.#script.happens(frame, 'lost', to, lost === 'loss') ? 'loss' : null;
  }

  /** A frame that the network took goes to its receiver, or to all. */
  #spread(sender: Link, frame: TravellingFrame, late = 0): void {
    const arrival = sender.segment.arrival() + late;
    this.#learned.learn(frame.bytes, sender);
    const known = this.#learned.find(frame.bytes);
    if (this.#isPlain && this.#activeCuts === 0 && !this.#script.hasDetours) {
      if (known === undefined) this.#deliveries.flood(sender, frame, arrival);
      else if (known !== sender) this.#deliveries.schedule('arrive', known, frame, arrival, sender);
      return;
    }
    const word = this.#isPlain ? 0 : sender.segment.random.uint32();
    for (const receiver of known === undefined ? this.#links : [known]) {
      if (receiver !== sender) this.#towards(sender, receiver, frame, arrival, word);
    }
  }

  /** What is decided for one receiver: cuts, rules, and the faults of the network. */
  #towards(sender: Link, receiver: Link, frame: TravellingFrame, arrival: number, word: number): void {
    const { events } = this.#world;
    const [from, to] = [frame.from, receiver.port.name];
    for (const cut of sender.cuts) {
      if (!cut.has(receiver)) continue;
      events.dropped(from, to, frame.bytes, 'partition');
      return;
    }
    const verdict = this.#judge(frame, to);
    if (verdict.action === 'drop') {
      events.dropped(from, to, frame.bytes, 'rule');
      return;
    }
    this.#faults
      .begin(word, receiver.salt)
      .pass({ frame, from, to, arrival, verdict, way: to, part: 1 }, this.#settings, (one, at) => {
        this.#deliveries.schedule('arrive', receiver, one, at, sender);
      });
  }

  /** Sends a frame over a port's own link. */
  #carry(stage: Stage, channel: Channel, link: Link, frame: TravellingFrame, late = 0): void {
    const { settings } = channel;
    const arrival = channel.arrival() + late;
    const isPlain = !hasFaults(settings);
    if (isPlain && !this.#script.hasDetours) {
      this.#deliveries.schedule(stage, link, frame, arrival, link);
      return;
    }
    const to = stage === 'enter' ? this.name : link.port.name;
    this.#faults
      .begin(isPlain ? 0 : channel.random.uint32(), 0)
      .pass(
        { frame, from: frame.from, to, arrival, verdict: PASS, way: link.ownName, part: stage === 'enter' ? 0 : 2 },
        settings,
        (one, at) => {
          this.#deliveries.schedule(stage, link, one, at, link);
        },
      );
  }

  #judge({ bytes, from }: TravellingFrame, to: string): Verdict {
    for (const rule of this.#rules) {
      const verdict = rule({ bytes, from, to, time: this.#world.clock.now });
      if (verdict.action !== 'pass') return checkVerdict(this.name, verdict);
    }
    return PASS;
  }

  #landed(stage: Stage, link: Link, frame: TravellingFrame): void {
    if (stage === 'enter') this.#enter(link, frame);
    else if (stage === 'arrive' && link.incoming !== null) this.#leave(link, link.incoming, frame);
    else this.#deliver(link, frame);
  }

  /** A frame came out of its sender's own link. */
  #enter(link: Link, frame: TravellingFrame): void {
    const lost = link.isUp ? this.#admit(link.segment, frame, null) : 'unplugged';
    if (lost === null) this.#spread(link, frame);
    else this.#world.events.dropped(frame.from, null, frame.bytes, lost);
  }

  /** A frame came to its receiver's own link. */
  #leave(link: Link, incoming: Channel, frame: TravellingFrame): void {
    const lost = link.isUp ? this.#admit(incoming, frame, link.ownName) : 'unplugged';
    if (lost === null) this.#carry('deliver', incoming, link, frame);
    else this.#world.events.dropped(frame.from, link.port.name, frame.bytes, lost);
  }

  #deliver(link: Link, frame: TravellingFrame): void {
    const { port } = link;
    if (!link.isUp || port.isPowered === false) {
      this.#world.events.dropped(frame.from, port.name, frame.bytes, link.isUp ? 'powered off' : 'unplugged');
      return;
    }
    this.#world.events.delivered(frame.from, port.name, frame.bytes, frame.faults);
    port.deliver(frame);
  }
}
