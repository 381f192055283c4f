import type { TravellingFrame } from './delivery.ts';
import { Dice } from './dice.ts';
import type { FaultScript, RandomFault } from './fault-script.ts';
import type { LinkSettings } from './link-options.ts';
import type { NetworkEvents } from './network-events.ts';
import type { Verdict } from './rules.ts';

/** How much later an overtaken frame arrives at most: a multiple of latency and jitter, or of this where there are none. */
const REORDER_FACTOR = 4;
const REORDER_LEAST = 100_000;

/** Whether a link does more to a frame than to lose it or to carry it. */
export const hasFaults = ({ corrupt, duplicate, reorder }: LinkSettings): boolean =>
  corrupt > 0 || duplicate > 0 || reorder > 0;

/** A frame on its way to one end. */
export interface Passage {
  readonly frame: TravellingFrame;
  /** Names of whoever it comes from and goes to. */
  readonly from: string;
  readonly to: string;
  /** When it arrives if nothing happens to it. */
  readonly arrival: number;
  readonly verdict: Verdict;
  /** What scripts call it. */
  readonly way: string;
  /** Which part of the frame's way it is: the sender's link (0), the network (1) or the receiver's link (2). */
  readonly part: number;
}

/** Corrupts, duplicates, delays and reorders frames. */
export class FaultInjector {
  readonly #events: NetworkEvents;
  readonly #script: FaultScript;
  readonly #dice = new Dice();

  constructor(events: NetworkEvents, script: FaultScript) {
    this.#events = events;
    this.#script = script;
  }

  /**
   * Begins the chances of a frame on its way to one end.
   *
   * @param word - of the sender's stream, the same for all receivers of the frame
   * @param salt - of the receiver; 0 for a frame that has only one end to go to
   */
  begin(word: number, salt: number): this {
    this.#dice.roll(word, salt);
    return this;
  }

  /** Lets faults happen to a frame; `launch` gets every copy that goes on. */
  pass(passage: Passage, settings: LinkSettings, launch: (frame: TravellingFrame, at: number) => void): void {
    const { from, to, verdict } = passage;
    let { frame } = passage;
    if (verdict.action === 'corrupt' || this.#happens('corrupted', frame, passage.way, settings.corrupt)) {
      if (settings.frameCheck) {
        this.#events.dropped(from, to, frame.bytes, 'corrupt');
        return;
      }
      frame = frame.after('corrupted', flipBit(frame.bytes, this.#dice.float()));
      this.#events.faulted(from, to, frame.bytes, 'corrupted', 0);
    }
    this.#send(passage, frame, settings, passage.arrival, launch);
    const copies =
      (this.#happens('duplicated', frame, passage.way, settings.duplicate) ? 1 : 0) +
      (verdict.action === 'duplicate' ? verdict.copies : 0);
    for (let copy = 0; copy < copies; copy++) {
      this.#events.faulted(from, to, frame.bytes, 'duplicated', 0);
      const wander = settings.jitter > 0 ? Math.floor(this.#dice.float() * settings.jitter) : 0;
      this.#send(passage, frame.duplicate(passage.part, copy + 1), settings, passage.arrival + wander, launch);
    }
  }

  #happens(fault: RandomFault, frame: TravellingFrame, way: string, probability: number): boolean {
    return this.#script.happens(frame, fault, way, this.#dice.chance(probability));
  }

  /** One copy, which may come late. */
  #send(
    passage: Passage,
    frame: TravellingFrame,
    settings: LinkSettings,
    arrival: number,
    launch: (frame: TravellingFrame, at: number) => void,
  ): void {
    const { from, to, verdict } = passage;
    let [one, at] = [frame, arrival];
    if (verdict.action === 'delay' && verdict.by > 0) {
      const by = Math.round(verdict.by);
      one = one.after('delayed');
      at += by;
      this.#events.faulted(from, to, one.bytes, 'delayed', by);
    }
    if (this.#happens('reordered', frame, passage.way, settings.reorder)) {
      const span = Math.max(settings.latency + settings.jitter, REORDER_LEAST) * REORDER_FACTOR;
      const by = Math.ceil(span * this.#dice.float());
      one = one.after('reordered');
      at += by;
      this.#events.faulted(from, to, one.bytes, 'reordered', by);
    }
    launch(one, at);
  }
}

/** A copy of some bytes with one bit flipped. */
function flipBit(bytes: Uint8Array, where: number): Uint8Array {
  const copy = bytes.slice();
  const bit = Math.floor(where * copy.length * 8);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
