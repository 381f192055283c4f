import { SimulationError } from '../../kernel/simulation-error.ts';

/** What a rule sees of a frame. */
export interface FrameView {
  readonly bytes: Uint8Array;
  /** Name of the sender's port. */
  readonly from: string;
  /** Name of the receiver's port. */
  readonly to: string;
  /** Virtual time in nanoseconds. */
  readonly time: number;
}

/** What a rule decides on a frame. */
export type Verdict =
  | { readonly action: 'pass' }
  | { readonly action: 'drop' }
  /** Later than it would have arrived, by nanoseconds. */
  | { readonly action: 'delay'; readonly by: number }
  /** This many copies more. */
  | { readonly action: 'duplicate'; readonly copies: number }
  /** With one bit flipped. */
  | { readonly action: 'corrupt' };

/** A fault: looks at a frame on its way to one receiver and decides. The first rule that does not pass it has its way. */
export type FrameRule = (frame: FrameView) => Verdict;

export const PASS: Verdict = { action: 'pass' };
export const DROP: Verdict = { action: 'drop' };

/**
 * A verdict as it is, where it makes sense.
 *
 * @throws SimulationError for a delay that is none, or copies that cannot be counted
 */
export function checkVerdict(network: string, verdict: Verdict): Verdict {
  const wrong = (found: string, fix: string): never => {
    throw new SimulationError({ kind: 'world', what: `network '${network}': a rule answered with ${found}`, fix });
  };
  if (verdict.action === 'delay' && !(verdict.by >= 0 && verdict.by < Infinity)) {
    return wrong(`a delay of ${verdict.by}`, 'answer with nanoseconds, 0 or more');
  }
  if (verdict.action === 'duplicate' && !(Number.isInteger(verdict.copies) && verdict.copies >= 1)) {
    return wrong(`${verdict.copies} copies`, 'answer with a whole number of copies, 1 or more');
  }
  return verdict;
}
