import { describeFrame } from '../trace/describe-frame.ts';
import type { HappenedFault, RandomFault } from '../network/lan.ts';
import { isTime, VARIED_OPTIONS } from './limits.ts';
import type { Variation } from './variation.ts';
import { durationText } from './variation-text.ts';

/** Frames that are named one by one, at most. */
const NAMED = 6;
const FAULTS: readonly RandomFault[] = ['lost', 'corrupted', 'duplicated', 'reordered'];

const percent = (share: number): string => `${Number((Math.abs(share) * 100).toFixed(2))} %`;

function framesText(fault: RandomFault, happened: readonly HappenedFault[], networks: number): string {
  const named = happened.slice(0, NAMED).map(({ network, frame, from, to, bytes }) => {
    const way = to === null ? from : `${from} → ${to}`;
    return `#${frame}${networks > 1 ? ` on ${network}` : ''} ${way}: ${describeFrame(bytes)}`;
  });
  const rest = happened.length > NAMED ? `; and ${happened.length - NAMED} more` : '';
  return `${happened.length} frame${happened.length === 1 ? '' : 's'} ${fault} (${named.join('; ')}${rest})`;
}

function networkTexts(name: string, options: NonNullable<Variation['networks']>[string]['options']): readonly string[] {
  return VARIED_OPTIONS.flatMap((option) => {
    const value = options?.[option];
    if (value === undefined) return [];
    return [`${name}: ${option} ${isTime(option) ? durationText(value) : String(value)}`];
  });
}

/**
 * What a run needs to fail, in words, one line for each thing.
 *
 * @param happened - the random faults of its frames
 * @param networks - how many networks its world has
 */
export function describeNeeded(
  variation: Variation,
  happened: readonly HappenedFault[],
  networks: number,
): readonly string[] {
  const { order, timing = {}, boot = {}, params = {}, without = [] } = variation;
  return [
    ...FAULTS.flatMap((fault) => {
      const own = happened.filter((one) => one.fault === fault);
      return own.length === 0 ? [] : [framesText(fault, own, networks)];
    }),
    ...Object.entries(variation.networks ?? {}).flatMap(([name, { options }]) => networkTexts(name, options)),
    ...Object.entries(boot).map(([device, later]) => `${device} boots ${durationText(later)} later`),
    ...Object.entries(timing).map(
      ([device, share]) => `${device}'s processor ${percent(share)} ${share < 0 ? 'faster' : 'slower'}`,
    ),
    ...Object.entries(params).map(([name, value]) => `parameter ${name}=${value}`),
    ...(order === undefined ? [] : [`order ${order} of what happens at one moment`]),
    ...(without.length === 0 ? [] : [`without step ${without.join(', ')} of the timeline`]),
  ];
}
