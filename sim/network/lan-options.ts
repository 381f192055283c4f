import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseBandwidth, parseDuration } from '../duration.ts';
import type { FrameRule } from './rules.ts';

/** How a local network treats frames. Times are nanoseconds, or texts such as `'5ms'`. */
export interface LanOptions {
  /** Time from the end of sending to arrival. Default: 100 us. */
  readonly latency?: number | string;
  /** Up to this much more, at random; the frames of one sender stay in order. Default: none. */
  readonly jitter?: number | string;
  /** Probability that a frame is lost. Default: 0. */
  readonly loss?: number;
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
  /** Frames that may wait for a sender's bandwidth, besides the one that is being sent. Default: 1,000. */
  readonly queue?: number;
  /** Largest payload of a frame, in bytes. Default: 1500. */
  readonly mtu?: number;
  /** Faults of one's own, asked in order for every frame and receiver. */
  readonly rules?: readonly FrameRule[];
}

/** The options of a network, checked and with their defaults: nanoseconds, bits per second, bytes. */
export interface LanSettings {
  readonly latency: number;
  readonly jitter: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  readonly frameCheck: boolean;
  readonly bandwidth: number;
  readonly queue: number;
  readonly mtu: number;
  readonly rules: readonly FrameRule[];
}

const NAMES: Readonly<Record<keyof LanOptions, true>> = {
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
  rules: true,
};

function refuse(network: string, what: string, fix: string): never {
  throw new SimulationError({ kind: 'world', what: `network '${network}': ${what}`, fix });
}

/**
 * Checks what a network was given.
 *
 * @throws SimulationError that names the network, the option, what was found and what was expected
 */
export function lanSettings(network: string, options: LanOptions): LanSettings {
  for (const name of Object.keys(options)) {
    // The network's own name may stand among its options.
    if (name === 'name' || Object.hasOwn(NAMES, name)) continue;
    refuse(network, `there is no option '${name}'`, `use one of: ${Object.keys(NAMES).join(', ')}`);
  }
  const probability = (name: 'loss' | 'duplicate' | 'reorder' | 'corrupt'): number => {
    const value = options[name] ?? 0;
    if (value >= 0 && value <= 1) return value;
    return refuse(network, `${name} is ${value}`, 'write a probability from 0 to 1');
  };
  const count = (name: 'queue' | 'mtu', fallback: number, least: number): number => {
    const value = options[name] ?? fallback;
    if (Number.isInteger(value) && value >= least) return value;
    return refuse(network, `${name} is ${value}`, `write a whole number from ${least} on`);
  };
  const parsed = (name: string, parse: () => number): number => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error;
      return refuse(network, `${name}: ${error.what}`, error.fix ?? '');
    }
  };
  const { bandwidth } = options;
  return {
    latency: parsed('latency', () => parseDuration(options.latency ?? '100us')),
    jitter: parsed('jitter', () => parseDuration(options.jitter ?? 0)),
    loss: probability('loss'),
    duplicate: probability('duplicate'),
    reorder: probability('reorder'),
    corrupt: probability('corrupt'),
    frameCheck: options.frameCheck ?? false,
    bandwidth: bandwidth === undefined ? Infinity : parsed('bandwidth', () => parseBandwidth(bandwidth)),
    queue: count('queue', 1000, 0),
    mtu: count('mtu', 1500, 46),
    rules: options.rules ?? [],
  };
}
