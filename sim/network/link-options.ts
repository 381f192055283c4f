import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseBandwidth, parseDuration } from '../duration.ts';
import type { BurstLoss, LossSettings } from './loss.ts';

/** How a link treats the frames that are sent over it. Times are nanoseconds, or texts such as `'5ms'`. */
export interface LinkOptions {
  /** Time from the end of sending to arrival. Default: 100 us on a network, 0 on a link of a device. */
  readonly latency?: number | string;
  /** Up to this much more, at random; the frames of one sender stay in order. Default: none. */
  readonly jitter?: number | string;
  /** Probability that a frame is lost, or a model of bursts. Default: 0. */
  readonly loss?: number | BurstLoss;
  /** Probability that a frame arrives twice. Default: 0. */
  readonly duplicate?: number;
  /** Probability that a frame is overtaken by later ones. Default: 0. */
  readonly reorder?: number;
  /** Probability that one bit of a frame arrives flipped. Default: 0. */
  readonly corrupt?: number;
  /**
   * Whether receivers drop corrupted frames, as controllers that check the frame check sequence do. Default: no, which
   * puts the checksums of the layers above to the test.
   */
  readonly frameCheck?: boolean;
  /** What each sender can send, in bits per second or as a text such as `'10Mbit/s'`. Default: unlimited. */
  readonly bandwidth?: number | string;
  /** Frames that may wait for the bandwidth, besides the one that is being sent; more are dropped. Default: 1,000. */
  readonly queue?: number;
  /** Largest payload of a frame, in bytes. Default: 1500, and on a link of a device whatever its network carries. */
  readonly mtu?: number;
}

/** The options of a link, checked and with their defaults: nanoseconds, bits per second, bytes. */
export interface LinkSettings {
  readonly latency: number;
  readonly jitter: number;
  readonly loss: LossSettings;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  readonly frameCheck: boolean;
  readonly bandwidth: number;
  readonly queue: number;
  readonly mtu: number;
}

/** What a link has where nothing is said. */
export interface LinkDefaults {
  readonly latency: number;
  readonly mtu: number;
}

const NAMES: Readonly<Record<keyof LinkOptions, true>> = {
  latency: true,
  jitter: true,
  loss: true,
  duplicate: true,
  reorder: true,
  corrupt: true,
  frameCheck: true,
  bandwidth: true,
  queue: true,
  mtu: true,
};

/** The names of a link's options. */
export const LINK_OPTIONS: readonly string[] = Object.keys(NAMES);

export function refuse(subject: string, what: string, fix: string): never {
  throw new SimulationError({ kind: 'world', what: `${subject}: ${what}`, fix });
}

/**
 * Refuses options of other names.
 *
 * @throws SimulationError that names what is meant and what there is
 */
export function checkNames(subject: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) refuse(subject, `there is no option '${name}'`, `use one of: ${known.join(', ')}`);
  }
}

function probability(subject: string, name: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  return refuse(subject, `${name} is ${value}`, 'write a probability from 0 to 1');
}

function count(subject: string, name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  return refuse(subject, `${name} is ${value}`, `write a whole number from ${least} on`);
}

function parsed(subject: string, name: string, parse: () => number): number {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return refuse(subject, `${name}: ${error.what}`, error.fix ?? '');
  }
}

function lossSettings(subject: string, loss: number | BurstLoss): LossSettings {
  if (typeof loss !== 'object') {
    const every = probability(subject, 'loss', loss);
    return { goodToBad: 0, badToGood: 0, lossInBad: every, lossInGood: every };
  }
  checkNames(subject, loss, ['goodToBad', 'badToGood', 'lossInBad', 'lossInGood']);
  return {
    goodToBad: probability(subject, 'goodToBad', loss.goodToBad),
    badToGood: probability(subject, 'badToGood', loss.badToGood),
    lossInBad: probability(subject, 'lossInBad', loss.lossInBad ?? 1),
    lossInGood: probability(subject, 'lossInGood', loss.lossInGood ?? 0),
  };
}

/**
 * Checks the values of a link's options.
 *
 * @param subject - what the link is, for messages
 * @throws SimulationError that names the link, the option, what was found and what was expected
 */
export function linkSettings(subject: string, options: LinkOptions, defaults: LinkDefaults): LinkSettings {
  const { bandwidth } = options;
  return {
    latency: parsed(subject, 'latency', () => parseDuration(options.latency ?? defaults.latency)),
    jitter: parsed(subject, 'jitter', () => parseDuration(options.jitter ?? 0)),
    loss: lossSettings(subject, options.loss ?? 0),
    duplicate: probability(subject, 'duplicate', options.duplicate ?? 0),
    reorder: probability(subject, 'reorder', options.reorder ?? 0),
    corrupt: probability(subject, 'corrupt', options.corrupt ?? 0),
    frameCheck: options.frameCheck ?? false,
    bandwidth: bandwidth === undefined ? Infinity : parsed(subject, 'bandwidth', () => parseBandwidth(bandwidth)),
    queue: count(subject, 'queue', options.queue ?? 1000, 0),
    mtu: options.mtu === undefined ? defaults.mtu : count(subject, 'mtu', options.mtu, 46),
  };
}
