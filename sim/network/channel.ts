import type { Clock, Random } from '../../kernel/ports.ts';
import { ETHERNET_HEADER } from '../../netx/wire/ethernet.ts';
import type { LinkSettings } from './link-options.ts';

/** Why a link does not take a frame, or loses it. */
export type ChannelLoss = 'short' | 'mtu' | 'queue' | 'loss';

/** Bytes of preamble, check sequence and gap, which take their time on the wire as well. */
const FRAME_OVERHEAD = 24;

/** When the frames that wait for a bandwidth will have been sent: a ring that grows as far as its queue's limit. */
class Departures {
  #times = new Float64Array(8);
  #first = 0;
  length = 0;

  add(time: number): void {
    const { length } = this.#times;
    if (this.length === length) {
      const larger = new Float64Array(2 * length);
      for (let index = 0; index < length; index++) larger[index] = this.#times[(this.#first + index) % length] ?? 0;
      this.#times = larger;
      this.#first = 0;
    }
    this.#times[(this.#first + this.length) % this.#times.length] = time;
    this.length++;
  }

  /** Forgets those that have left by now. */
  leave(now: number): void {
    while (this.length > 0 && (this.#times[this.#first] ?? 0) <= now) {
      this.#first = (this.#first + 1) % this.#times.length;
      this.length--;
    }
  }
}

/** One direction of a link: its queue, its bandwidth, its losses, and the order of what it carries. */
export class Channel {
  /** In force as they are; whoever owns them may change them. */
  settings: LinkSettings;
  readonly #clock: Clock;
  readonly #makeRandom: () => Random;
  #random: Random | null = null;
  #isBad = false;
  /** Virtual time at which everything that was given to it will have been sent. */
  #busyUntil = 0;
  #lastArrival = 0;
  readonly #departures = new Departures();

  /** @param random - gives the stream of this channel; asked when it is needed first */
  constructor(clock: Clock, settings: LinkSettings, random: () => Random) {
    this.#clock = clock;
    this.settings = settings;
    this.#makeRandom = random;
  }

  get random(): Random {
    this.#random ??= this.#makeRandom();
    return this.#random;
  }

  /** Takes a frame of so many bytes, and the time that sending it needs; says why it will not arrive, or null. */
  admit(length: number): ChannelLoss | null {
    const { settings } = this;
    if (length < ETHERNET_HEADER) return 'short';
    if (length > settings.mtu + ETHERNET_HEADER) return 'mtu';
    const { now } = this.#clock;
    const departures = this.#departures;
    if (departures.length > 0) {
      departures.leave(now);
      if (departures.length > settings.queue) return 'queue';
    }
    if (this.#busyUntil < now) this.#busyUntil = now;
    if (settings.bandwidth !== Infinity) {
      this.#busyUntil += Math.ceil(((length + FRAME_OVERHEAD) * 8e9) / settings.bandwidth);
      departures.add(this.#busyUntil);
    }
    // A frame that is lost on the way has been sent all the same.
    return this.#loses() ? 'loss' : null;
  }

  /** When the frame that was taken last arrives: in order, whatever the jitter. */
  arrival(): number {
    const { latency, jitter } = this.settings;
    const wander = jitter > 0 ? Math.floor(this.random.float() * jitter) : 0;
    const arrival = Math.max(this.#busyUntil + latency + wander, this.#lastArrival);
    this.#lastArrival = arrival;
    return arrival;
  }

  #loses(): boolean {
    const { goodToBad, badToGood, lossInBad, lossInGood } = this.settings.loss;
    if (goodToBad > 0 || this.#isBad) {
      const change = this.#isBad ? badToGood : goodToBad;
      if (change > 0 && this.random.float() < change) this.#isBad = !this.#isBad;
    }
    const probability = this.#isBad ? lossInBad : lossInGood;
    return probability > 0 && this.random.float() < probability;
  }
}
