import type { FrameFaultMark } from '../network/lan.ts';
import type { VariedOption } from './limits.ts';

/** What a variation does to a network. */
export interface NetworkVariation {
  /** Options in place of the network's own, in nanoseconds or as probabilities. */
  readonly options?: Readonly<Partial<Record<VariedOption, number>>>;
  /** The frames that faults happen to, in place of chance. */
  readonly faults?: readonly FrameFaultMark[];
}

/**
 * In what a run differs from its scenario, besides the seed: plain data. An empty one is the scenario as it is written.
 * {@link formatVariation} writes it as a text for the command line.
 */
export interface Variation {
  /** The number of the order of what happens at one moment; the order of scheduling where there is none. */
  readonly order?: number;
  /** How much slower each device computes: 0.03 is 3 % slower, -0.03 faster. */
  readonly timing?: Readonly<Record<string, number>>;
  /** How much later each device boots, in nanoseconds. */
  readonly boot?: Readonly<Record<string, number>>;
  readonly networks?: Readonly<Record<string, NetworkVariation>>;
  readonly params?: Readonly<Record<string, string>>;
  /** Steps of the timeline that are left out, by their numbers from 1. */
  readonly without?: readonly number[];
}
