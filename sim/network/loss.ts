import { SimulationError } from '../../kernel/simulation-error.ts';

/**
 * Loss in bursts, after Gilbert and Elliott: the link is in a good or in a bad state, and loses frames with a probability
 * of its own in each. Before every frame it may change its state. With p = `goodToBad` and r = `badToGood`
 *
 * - the share of frames that meet the bad state is p / (p + r),
 * - the bad state lasts 1 / r frames in the mean, the good one 1 / p,
 * - the mean loss is (p × `lossInBad` + r × `lossInGood`) / (p + r).
 *
 * Links begin in the good state. {@link burstLoss} works the probabilities out from a mean loss and a burst length.
 */
export interface BurstLoss {
  /** Probability that a frame finds a good link turned bad. */
  readonly goodToBad: number;
  /** Probability that a frame finds a bad link turned good. */
  readonly badToGood: number;
  /** Probability that a frame is lost while the link is bad. Default: 1. */
  readonly lossInBad?: number;
  /** Probability that a frame is lost while the link is good. Default: 0. */
  readonly lossInGood?: number;
}

/** A loss model, checked: random loss is one whose states do not differ. */
export interface LossSettings {
  readonly goodToBad: number;
  readonly badToGood: number;
  readonly lossInBad: number;
  readonly lossInGood: number;
}

/**
 * Loss in bursts of a mean length, everything within a burst being lost and nothing outside.
 *
 * @param mean - the share of frames that is lost in the long run, below 1
 * @param length - frames that are lost in a row in the mean, 1 or more
 * @throws SimulationError where no link can behave like that: bursts that are too short for so much loss
 */
export function burstLoss(mean: number, length: number): BurstLoss {
  const badToGood = 1 / length;
  const goodToBad = (mean * badToGood) / (1 - mean);
  if (mean >= 0 && mean < 1 && length >= 1 && goodToBad <= 1) {
    return { goodToBad, badToGood, lossInBad: 1, lossInGood: 0 };
  }
  throw new SimulationError({
    kind: 'world',
    what: `burstLoss(${mean}, ${length}): no link loses like that`,
    fix: 'give a mean from 0 to below 1 and a length of 1 or more; at a mean of m, bursts are at least m / (1 - m) long',
  });
}
